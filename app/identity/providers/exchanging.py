"""A code, exchanged for claims about who signed in."""

from __future__ import annotations

from urllib.parse import quote_plus

from app.identity.providers.attempts import Attempt
from app.identity.providers.discovery import Known, Metadata
from app.identity.providers.faults import ProviderAway, SignInRefused
from app.identity.providers.fetching import fetch
from app.identity.providers.finding import Provider
from app.identity.providers.secret import secret_of
from app.identity.providers.verifying import Claims, key_id, verified

REFUSALS = range(400, 500)


async def claims(known: Known, provider: Provider, attempt: Attempt, code: str, back: str) -> Claims:
    """The claims for a code. Raises ProviderFault."""
    about = await known.metadata()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": attempt.verifier}
    proof, basic = _proof(provider, about)
    status, answer = await fetch(about.token_endpoint, local=known.local, form={**form, **proof}, basic=basic)
    if status in REFUSALS:
        raise SignInRefused("the provider does not take the code")
    if status != 200:
        raise ProviderAway("it fails to exchange a code")
    token = answer.get("id_token")
    keys = await known.keys(key_id(token))
    return verified(str(token), keys, issuer=provider.issuer, client_id=provider.client_id, nonce=attempt.nonce)


def _proof(provider: Provider, about: Metadata) -> tuple[dict[str, str], tuple[str, str] | None]:
    """How we prove who we are: fields of the form, and name and secret of a header, encoded as RFC 6749, 2.3.1, has it."""
    secret = secret_of(provider.secret)
    if secret is None:
        return {"client_id": provider.client_id}, None
    if about.posts_secret:
        return {"client_id": provider.client_id, "client_secret": secret}, None
    return {}, (quote_plus(provider.client_id), quote_plus(secret))
