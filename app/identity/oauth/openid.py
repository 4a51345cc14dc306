"""OpenID Connect Core 1.0: the ID token, and what is told of users."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from authlib.oidc.core.grants import OpenIDCode

from app.identity.oauth.families import USERS, Family
from app.identity.tokens import LIFETIME, Tokens


class IdToken(OpenIDCode):  # type: ignore[misc]
    """Adds an ID token to what a code is exchanged for, where `openid` was asked for."""

    def __init__(self, connection: sa.Connection, tokens: Tokens) -> None:
        super().__init__(require_nonce=False)
        self._connection, self._tokens = connection, tokens

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        """False: a nonce is the client's to judge."""
        return False

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
        """The ID token (section 2)."""
        family: Family = request.authorization_code
        now = int(time.time())
        claims = {
            "iss": self._tokens.issuer,
            "sub": str(family.user),
            "aud": family.client_code,
            "iat": now,
            "exp": now + LIFETIME,
            "auth_time": int(family.signed_in_at.timestamp()) if family.signed_in_at else now,
            **({"nonce": family.nonce} if family.nonce else {}),
            **told(self._connection, family),
        }
        return self._tokens.sign("JWT", claims)


def told(connection: sa.Connection, family: Family) -> dict[str, Any]:
    """The claims about a user that the scopes of a grant ask for (section 5.4)."""
    row = connection.execute(sa.select(USERS).where(USERS.c.id == family.user)).one()
    return _claims(row, family.scope.split())


def _claims(row: Any, scopes: Collection[str]) -> dict[str, Any]:
    profile = {"name": row.display_name, "zoneinfo": row.time_zone, "locale": row.locale} if "profile" in scopes else {}
    email = {"email": row.email} if "email" in scopes else {}
    return {name: value for name, value in (profile | email).items() if value is not None}
