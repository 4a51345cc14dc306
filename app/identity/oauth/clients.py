"""Clients, as Authlib asks about them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from authlib.oauth2.rfc6749 import ClientMixin

from app.identity.oauth.texts import digest
from app.identity.peers import Network

CODE, REFRESH, OWN = "authorization_code", "refresh_token", "client_credentials"
GRANT_TYPES = (CODE, REFRESH, OWN)

_FIND = sa.text("""
    SELECT c.id, c.code, c.name, c.is_public, c.is_own, c.redirect_uris, c.grant_types, c.scopes, c.networks, ARRAY(
        SELECT s.digest FROM oauth_secrets s WHERE s.client_id = c.id AND coalesce(s.expires_at > now(), true)
    ) AS secrets
    FROM oauth_clients c WHERE c.code = :code AND c.disabled_at IS NULL AND coalesce(c.expires_at > now(), true)
""")


@dataclass(frozen=True)
class Client(ClientMixin):  # type: ignore[misc]
    """A client that may ask now."""

    id: UUID
    code: str
    name: str
    is_public: bool
    is_own: bool
    redirect_uris: tuple[str, ...]
    grant_types: frozenset[str]
    scopes: tuple[str, ...]
    secrets: frozenset[bytes]
    networks: tuple[Network, ...] = ()

    def get_client_id(self) -> str:
        """Its `client_id`."""
        return self.code

    def get_default_redirect_uri(self) -> None:
        """None: a client says where users are sent."""
        return

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The scopes asked for, or else all that it may ask for; None where it may not ask for one of them."""
        asked = list(dict.fromkeys((scope or "").split())) or list(self.scopes)
        return " ".join(asked) if set(asked) <= set(self.scopes) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether users may be sent there: compared character by character."""
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether a secret is one of its own now."""
        return digest(client_secret) in self.secrets

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Whether it proves who it is in such a way: with its secret, unless it can keep none."""
        return (method == "none") is self.is_public

    def check_response_type(self, response_type: str | None) -> bool:
        """Whether it may have users asked."""
        return response_type == "code" and CODE in self.grant_types

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether it may ask for tokens in such a way."""
        return grant_type in self.grant_types


def find(connection: sa.Connection, code: str) -> Client | None:
    """The client of a `client_id`, if it may ask now."""
    if "\0" in code or not code.isascii():
        return None
    row = connection.execute(_FIND, {"code": code}).one_or_none()
    if row is None:
        return None
    return Client(
        *(row.id, row.code, row.name, row.is_public, row.is_own),
        redirect_uris=tuple(row.redirect_uris),
        grant_types=frozenset(row.grant_types),
        scopes=tuple(row.scopes),
        secrets=frozenset(map(bytes, row.secrets)),
        networks=tuple(row.networks),
    )
