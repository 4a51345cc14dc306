"""Access tokens: signed JWTs of RFC 9068 that say who asks under which grant, and nothing of rights."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from app.identity.bearer import Bearer
from app.models.ids import uuid7

ALGORITHM = "Ed25519"
TYPE = "at+jwt"
HOUSE = "customer360"
"""Issuer of tokens of the house itself, which are given under no grant, wherever the server is reached."""
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
    issuer: str = HOUSE
    """Issuer of tokens under grants: the address of the authorization server."""
    remembered: int = 10_000
    _verified: OrderedDict[str, tuple[Bearer, float]] = field(default_factory=OrderedDict, repr=False)

    def issue(
        self,
        subject: UUID,
        lifetime: int = LIFETIME,
        *,
        client: str = "c360",
        grant: UUID | None = None,
        scope: str = "",
    ) -> str:
        """A token for a user, or for a client itself; `grant` is that under which it is given."""
        now = int(time.time())
        claims = {
            "iss": HOUSE if grant is None else self.issuer,
            "aud": AUDIENCE,
            "sub": str(subject),
            "client_id": client,
            "jti": str(uuid7()),
            "iat": now,
            "exp": now + lifetime,
        }
        if grant is not None:
            claims |= {"grant": str(grant), "scope": scope}
        return self.sign(TYPE, claims)

    def sign(self, type_: str, claims: Mapping[str, object]) -> str:
        """A JWT of a type with these claims."""
        header = {"alg": ALGORITHM, "typ": type_, "kid": self.key.kid}
        return jwt.encode(header, dict(claims), self.key, algorithms=[ALGORITHM])

    def bearer(self, token: str) -> Bearer:
        """Of whom a token speaks.

        Raises BadToken, which does not say why.
        """
        known = self._verified.get(token)
        if known is None:
            known = self._verify(token)
            self._verified[token] = known
            if len(self._verified) > self.remembered:
                self._verified.popitem(last=False)
        bearer, expires = known
        if time.time() >= expires + LEEWAY:
            self._verified.pop(token, None)
            raise BadToken
        return bearer

    def _verify(self, token: str) -> tuple[Bearer, float]:
        if len(token) > LONGEST:
            raise BadToken
        try:
            found = jwt.decode(token, self.key, algorithms=[ALGORITHM])
            if found.header.get("typ") != TYPE or found.header.get("kid") != self.key.kid:
                raise BadToken
            _CLAIMS.validate(found.claims)
            grant = found.claims.get("grant")
            if found.claims["iss"] != (HOUSE if grant is None else self.issuer):
                raise BadToken
            return Bearer(UUID(found.claims["sub"]), UUID(grant) if grant is not None else None), float(
                found.claims["exp"]
            )
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            raise BadToken from None


_CLAIMS = jwt.JWTClaimsRegistry(
    leeway=LEEWAY,
    iss={"essential": True},
    aud={"essential": True, "value": AUDIENCE},
    sub={"essential": True},
    exp={"essential": True},
    iat={"essential": True},
)
