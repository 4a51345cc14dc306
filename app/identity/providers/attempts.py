"""One sign-in under way: what was asked, kept by the browser that began it, signed by us, for ten minutes.

A browser that comes back with another's `state` has no attempt of that state, so nobody is signed in as somebody else
who began elsewhere (login CSRF); and an attempt is of one provider, so no other's answer is taken for it (mix-up).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from app.identity.oauth.texts import fresh
from app.identity.providers.discovery import Metadata
from app.identity.providers.faults import SignInRefused
from app.identity.providers.finding import Provider
from app.identity.tokens import BadToken, Tokens

TYPE = "attempt+jwt"
LIVES = 600
LONGEST_NEXT = 2_000
"""Characters of the address to go on at: a browser keeps cookies of 4,096 bytes."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was asked of which provider."""

    provider: str
    state: str
    nonce: str
    verifier: str
    next: str
    again: bool
    """Whether the user was to prove anew who it is."""
    began: int
    """When (seconds since 1970)."""


def begin(provider: str, next_: str, *, again: bool) -> Attempt:
    """A new attempt. Raises SignInRefused where the address to go on at is too long to be kept."""
    if len(next_) > LONGEST_NEXT:
        raise SignInRefused("the request that leads here is too long")
    return Attempt(provider, fresh(), fresh(), fresh(), next_, again, int(time.time()))


def kept(attempt: Attempt, tokens: Tokens) -> str:
    """What a browser keeps of it."""
    return tokens.sign(TYPE, {**asdict(attempt), "exp": attempt.began + LIVES})


def found(cookie: str | None, tokens: Tokens) -> Attempt:
    """The attempt that a browser kept. Raises SignInRefused."""
    try:
        claims = tokens.read(TYPE, cookie or "")
        if time.time() >= claims.pop("exp"):
            raise BadToken
        return Attempt(**claims)
    except (BadToken, TypeError, KeyError):
        raise SignInRefused("this browser has begun nothing") from None


def asking(attempt: Attempt, provider: Provider, about: Metadata, back: str) -> str:
    """Where the browser is sent to."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": " ".join(provider.scopes),
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": "0"} if attempt.again else {}),
    }
    mark = "&" if "?" in about.authorization_endpoint else "?"
    return f"{about.authorization_endpoint}{mark}{urlencode(asked)}"


def code_of(attempt: Attempt, provider: Provider, about: Metadata, given: Mapping[str, str]) -> str:
    """The code in what came back (RFC 6749, 4.1.2; RFC 9207). Raises SignInRefused."""
    if not hmac.compare_digest(attempt.state.encode(), given.get("state", "").encode("utf-8", "surrogatepass")):
        raise SignInRefused("the state is of another attempt")
    if attempt.provider != provider.code:
        raise SignInRefused("the attempt was with another provider")
    if given.get("iss", None if about.names_issuer else provider.issuer) != provider.issuer:
        raise SignInRefused("the answer is of another issuer")
    if "error" in given or not given.get("code"):
        raise SignInRefused("the provider gives no code")
    return given["code"]


def check_time(attempt: Attempt, claims: Mapping[str, Any], leeway: int) -> None:
    """Raises SignInRefused where the user was to prove anew who it is, and has not."""
    proved = claims.get("auth_time")
    if attempt.again and not (isinstance(proved, (int, float)) and proved >= attempt.began - leeway):
        raise SignInRefused("the provider has not asked the user again")
