"""What a token endpoint answers with: an access token, and where it may be had a refresh token."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.identity.oauth import families
from app.identity.oauth.clients import OWN, Client
from app.identity.oauth.families import Family
from app.identity.tokens import LIFETIME, Tokens


@dataclass(frozen=True, slots=True)
class Issuing:
    """Issues tokens within one transaction."""

    connection: sa.Connection
    tokens: Tokens

    def __call__(
        self,
        grant_type: str,
        client: Client,
        user: Family | None = None,
        scope: str | None = None,
        expires_in: int | None = None,
        *,
        include_refresh_token: bool = True,
    ) -> dict[str, Any]:
        """The token response (RFC 6749, section 5.1). `user` is the grant that a user gave; None for a client itself."""
        granted, lives = scope or "", min(expires_in or LIFETIME, LIFETIME)
        grant, subject = self._rests_on(grant_type, client, user, granted, lives)
        access = self.tokens.issue(subject, lives, client=client.code, grant=grant, scope=granted)
        found = {"token_type": "Bearer", "access_token": access, "expires_in": lives, "scope": granted}
        if include_refresh_token and user is not None:
            found["refresh_token"] = families.make_refresh(self.connection, grant)
        return found

    def _rests_on(
        self, grant_type: str, client: Client, user: Family | None, scope: str, lives: int
    ) -> tuple[UUID, UUID]:
        if user is not None and user.user is not None:
            return user.id, user.user
        assert grant_type == OWN
        return families.make_own(self.connection, client, scope, dt.timedelta(seconds=lives)), client.id
