"""Ends of tokens, and what they are: revocation (RFC 7009) and introspection (RFC 7662)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from app.identity.oauth import families
from app.identity.oauth.clients import Client
from app.identity.oauth.families import Family
from app.identity.oauth.grants import METHODS
from app.identity.tokens import BadToken, Tokens


def of_access(connection: sa.Connection, tokens: Tokens, token: str) -> Family | None:
    """The grant that an access token rests on, with what the token opens of it, if both hold. Raises BadToken."""
    bearer = tokens.bearer(token)
    found = families.find(connection, bearer.grant) if bearer.grant else None
    if found is None:
        return None
    return replace(found, scope=" ".join(bearer.opens(found.scope.split())), kind="Bearer")


def family_of(connection: sa.Connection, tokens: Tokens, token: str) -> Family | None:
    """The grant that a token of either kind rests on, if both hold."""
    try:
        return of_access(connection, tokens, token)
    except BadToken:
        return families.of_refresh(connection, token)


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """Ends the grant that a token rests on, and with it all tokens of the family."""

    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> Family | None:
        """The grant of a token."""
        return family_of(self.server.connection, self.server.tokens, token_string)

    def revoke_token(self, token: Family, request: Any) -> None:
        """Ends it."""
        families.end(self.server.connection, [token.id])


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]
    """Tells a client of its own tokens, and clients of the house of all."""

    CLIENT_AUTH_METHODS = METHODS[:2]

    def query_token(self, token_string: str, token_type_hint: str | None) -> Family | None:
        """The grant of a token."""
        return family_of(self.server.connection, self.server.tokens, token_string)

    def check_permission(self, token: Family, client: Client, request: Any) -> bool:
        """Whether a client may know."""
        return client.is_own or token.check_client(client)

    def introspect_token(self, token: Family) -> dict[str, Any]:
        """What is told."""
        return {
            "active": True,
            "client_id": token.client_code,
            "scope": token.scope,
            "sub": str(token.user or token.client),
            "iss": self.server.tokens.issuer,
            **({"token_type": token.kind} if token.kind else {}),
        }
