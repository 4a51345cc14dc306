"""An ID token → its claims, or a refusal (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Mapping
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol

from app.identity.providers.faults import SignInRefused
from app.identity.providers.published import ALGORITHMS, Key, Published

LEEWAY = 30
"""Seconds that clocks may differ."""
LONGEST = 32_000
"""Characters of an ID token."""
LONGEST_SUBJECT = 255

Claims = Mapping[str, Any]


def key_id(token: object) -> str | None:
    """The id of the key that a token names, which is not proved yet. Raises SignInRefused where it is no token."""
    if not isinstance(token, str) or len(token) > LONGEST or token.count(".") != 2 or not token.isascii():
        raise SignInRefused("what came is no ID token")
    head = token.partition(".")[0]
    try:
        found = orjson.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except ValueError:
        raise SignInRefused("what came is no ID token") from None
    if not isinstance(found, dict):
        raise SignInRefused("what came is no ID token")
    kid = found.get("kid")
    return kid if isinstance(kid, str) else None


def verified(token: str, keys: Mapping[str, Published], *, issuer: str, client_id: str, nonce: str) -> Claims:
    """The claims of an ID token that is the issuer's, for us, of this attempt and of now. Raises SignInRefused."""

    def key(given: GuestProtocol) -> Key:
        return _key(keys, given.headers())

    try:
        found = jwt.decode(token, key, algorithms=list(ALGORITHMS))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise SignInRefused("the signature is not the provider's") from None
    _check(found.claims, issuer, client_id, nonce)
    return found.claims


def _key(keys: Mapping[str, Published], header: Mapping[str, Any]) -> Key:
    """The key that a header names; without a name, the only one that fits. Raises SignInRefused."""
    algorithm, kid = header.get("alg"), header.get("kid")
    if "crit" in header or header.get("typ", "JWT") != "JWT":
        raise SignInRefused("what came is no ID token")
    named = [keys[kid]] if isinstance(kid, str) and kid in keys else []
    fit = [each for each in (named if kid is not None else keys.values()) if each.serves(algorithm)]
    if len(fit) != 1:
        raise SignInRefused("no key of the provider's fits")
    return fit[0].key


def _check(claims: Claims, issuer: str, client_id: str, nonce: str) -> None:
    now = time.time()
    audience = claims.get("aud")
    several = isinstance(audience, list) and len(audience) > 1
    subject = claims.get("sub")
    checks = {
        "the issuer is another": claims.get("iss") == issuer,
        "it is not for us": audience == client_id or (isinstance(audience, list) and client_id in audience),
        "it was asked for by another": claims.get("azp", None if several else client_id) == client_id,
        "it has expired": _number(claims.get("exp")) > now - LEEWAY,
        "it is of the future": 0 < _number(claims.get("iat")) <= now + LEEWAY,
        "it is not valid yet": _number(claims.get("nbf", 1)) <= now + LEEWAY if "nbf" in claims else True,
        "the nonce is another": isinstance(claims.get("nonce"), str)
        and hmac.compare_digest(str(claims["nonce"]).encode("utf-8", "surrogatepass"), nonce.encode()),
        "it has no subject": isinstance(subject, str)
        and 0 < len(subject) <= LONGEST_SUBJECT
        and subject.isprintable()
        and "\0" not in subject,
    }
    for fault, holds in checks.items():
        if not holds:
            raise SignInRefused(fault)


def _number(value: object) -> float:
    """A time in seconds; of what is none, none that is good."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e11:
        return float("nan")
    return float(value)
