"""The authorization server, for one transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import AuthorizationServer

from app.identity.oauth import clients
from app.identity.oauth.asking import Asked
from app.identity.oauth.clients import Client
from app.identity.oauth.ending import Introspection, Revocation
from app.identity.oauth.grants import S256, Code, Own, Refresh
from app.identity.oauth.issuing import Issuing
from app.identity.oauth.openid import IdToken
from app.identity.oauth.proving import by_basic
from app.identity.peers import Address, within
from app.identity.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back: `body` is an object of JSON, or nothing where a browser is sent elsewhere."""

    status: int
    body: dict[str, Any]
    headers: tuple[tuple[str, str], ...]


class Server(AuthorizationServer):  # type: ignore[misc]
    """Answers requests of the protocol, with everything that it keeps in one connection."""

    def __init__(self, connection: sa.Connection, tokens: Tokens, peers: Collection[Address | None] = ()) -> None:
        """`peers` are whoever sent the request, where that is a client itself and not a browser."""
        super().__init__()
        self.connection, self.tokens, self.peers = connection, tokens, peers
        self.register_client_auth_method("client_secret_basic", by_basic)
        self.register_token_generator("default", Issuing(connection, tokens))
        self.register_grant(Code, [S256(required=True), IdToken(connection, tokens)])
        self.register_grant(Refresh)
        self.register_grant(Own)
        self.register_endpoint(Revocation)
        self.register_endpoint(Introspection)

    def query_client(self, client_id: str) -> Client | None:
        """A client that may ask now, and from there."""
        found = clients.find(self.connection, client_id)
        return found if found is not None and all(within(peer, found.networks) for peer in self.peers) else None

    def save_token(self, token: dict[str, Any], request: Asked) -> None:
        """Nothing is left to do: what has to be kept was when it was made."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Asked) -> Asked:
        """The request itself."""
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Reply:
        """What is sent back; with the issuer where a browser is sent elsewhere (RFC 9207)."""
        issued = [("iss", self.tokens.issuer)]
        found = [(name, add_params_to_uri(to, issued) if name == "Location" else to) for name, to in headers]
        return Reply(status, body if isinstance(body, dict) else {}, tuple(found))
