"""Access tokens: signed JWTs of RFC 9068 that say who asks, and nothing of rights."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from app.models.ids import uuid7

ALGORITHM = "Ed25519"
TYPE = "at+jwt"
ISSUER = "customer360"
AUDIENCE = "customer360"
LIFETIME = 15 * 60
"""Seconds that a token lives."""
LONGEST = 8_192
"""Bytes of a token."""
LEEWAY = 30
"""Seconds that clocks may differ."""


class BadToken(Exception):
    """A token that is not ours, not for us, or not valid now."""


@dataclass(frozen=True)
class Tokens:
    """Issues and verifies tokens with one key. What was verified is remembered till it expires."""

    key: OKPKey
    remembered: int = 10_000
    _verified: OrderedDict[str, tuple[UUID, float]] = field(default_factory=OrderedDict, repr=False)

    def issue(self, user: UUID, lifetime: int = LIFETIME) -> str:
        """A token for a user."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(user),
            "client_id": "c360",
            "jti": str(uuid7()),
            "iat": now,
            "exp": now + lifetime,
        }
        return jwt.encode(
            {"alg": ALGORITHM, "typ": TYPE, "kid": self.key.kid}, claims, self.key, algorithms=[ALGORITHM]
        )

    def subject(self, token: str) -> UUID:
        """The user that a token names.

        Raises BadToken, which does not say why.
        """
        known = self._verified.get(token)
        if known is None:
            known = self._verify(token)
            self._verified[token] = known
            if len(self._verified) > self.remembered:
                self._verified.popitem(last=False)
        user, expires = known
        if time.time() >= expires + LEEWAY:
            self._verified.pop(token, None)
            raise BadToken
        return user

    def _verify(self, token: str) -> tuple[UUID, float]:
        if len(token) > LONGEST:
            raise BadToken
        try:
            found = jwt.decode(token, self.key, algorithms=[ALGORITHM])
            if found.header.get("typ") != TYPE or found.header.get("kid") != self.key.kid:
                raise BadToken
            _CLAIMS.validate(found.claims)
            return UUID(found.claims["sub"]), float(found.claims["exp"])
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            raise BadToken from None


_CLAIMS = jwt.JWTClaimsRegistry(
    leeway=LEEWAY,
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    sub={"essential": True},
    exp={"essential": True},
    iat={"essential": True},
)
