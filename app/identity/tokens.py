"""Access tokens: signed JWTs of RFC 9068 that say who asks under which grant, and nothing of rights."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OKPKey

from app.identity.bearer import Bearer
from app.identity.ring import Keys
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
    """Issues and verifies tokens. What was verified is remembered till it expires, or other keys hold."""

    keys: Keys
    issuer: str = HOUSE
    """Issuer of tokens under grants: the address of the authorization server."""
    remembered: int = 10_000
    _verified: OrderedDict[str, tuple[Bearer, float]] = field(default_factory=OrderedDict, repr=False)

    def __post_init__(self) -> None:
        self.keys.watch(self._verified.clear)

    @property
    def key(self) -> OKPKey:
        """The key that signs now."""
        return self.keys.signing

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
        key = self.key
        header = {"alg": ALGORITHM, "typ": type_, "kid": key.kid}
        return jwt.encode(header, dict(claims), key, algorithms=[ALGORITHM])

    def bearer(self, token: str) -> Bearer:
        """Of whom a token speaks.

        Raises BadToken, which does not say why.
        """
        now = time.time()
        if now >= self.keys.due:
            self.keys.look(now)
        known = self._verified.get(token)
        if known is None:
            known = self._verify(token)
            self._verified[token] = known
            if len(self._verified) > self.remembered:
                self._verified.popitem(last=False)
        bearer, expires = known
        if now >= expires + LEEWAY:
            self._verified.pop(token, None)
            raise BadToken
        return bearer

    def _verify(self, token: str) -> tuple[Bearer, float]:
        claims = self.read(TYPE, token)
        try:
            _CLAIMS.validate(claims)
            grant = claims.get("grant")
            if claims["iss"] != (HOUSE if grant is None else self.issuer):
                raise BadToken
            given = () if grant is None else (UUID(grant), str(claims["scope"]))
            return Bearer(UUID(claims["sub"]), *given), float(claims["exp"])
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            raise BadToken from None

    def read(self, type_: str, token: str) -> dict[str, Any]:
        """The claims of a JWT of a type that we signed; whether they hold now is not looked at. Raises BadToken."""
        if len(token) > LONGEST:
            raise BadToken
        try:
            found = jwt.decode(token, self._key_of, algorithms=[ALGORITHM])
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            raise BadToken from None
        if found.header.get("typ") != type_:
            raise BadToken
        return found.claims

    def _key_of(self, token: GuestProtocol) -> OKPKey:
        """The key that a token says it was signed with, if it is one of ours."""
        key = self.keys.find(token.headers().get("kid"))
        if key is None:
            raise BadToken
        return key


_CLAIMS = jwt.JWTClaimsRegistry(
    leeway=LEEWAY,
    iss={"essential": True},
    aud={"essential": True, "value": AUDIENCE},
    sub={"essential": True},
    exp={"essential": True},
    iat={"essential": True},
)
