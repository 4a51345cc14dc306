"""Requests to the authorization server: read, run in one transaction, answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749.errors import InvalidRequestError, OAuth2Error
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.database import Database
from app.database.connections import ENGINE_CONNECTIONS
from app.http.headers import Headers
from app.http.oauth.turns import Turns
from app.http.requests import Refused, read_body
from app.identity.oauth.asking import Asked
from app.identity.oauth.server import Reply, Server
from app.identity.peers import Address, Network, peer_of
from app.identity.tokens import Tokens

FORM = "application/x-www-form-urlencoded"
MOST = 64_000
"""Bytes of a body."""
MOST_FIELDS = 50
MOST_WAITING = 64
"""Requests that hold a connection, or wait for one."""
MOST_PASSWORDS = 32
"""That are being compared, or wait to be."""
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where requests are taken: the database, the tokens, and the address of this server."""

    database: Database
    tokens: Tokens
    proxies: tuple[Network, ...] = ()
    """The house's own."""
    connections: Turns = field(default_factory=lambda: Turns(ENGINE_CONNECTIONS // 2, MOST_WAITING), repr=False)
    """Half of those that write: the others are left to those who ask the graph."""
    passwords: Turns = field(default_factory=lambda: Turns(MOST_PASSWORDS, MOST_PASSWORDS), repr=False)

    @property
    def issuer(self) -> str:
        """The address of this server, without a slash at the end."""
        return self.tokens.issuer

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection that writes. Raises DatabaseUnavailable, Refused (503) where too many wait for one."""
        async with self.connections.turn(), self.database.writing() as connection:
            yield connection

    async def run(self, work: Callable[[Server], Reply], of_client: Request | None = None) -> Reply:
        """What a piece of work comes to; what it wrote stays, also where it refuses.

        `of_client` is the request where a client sent it, which may be bound to ask from its networks.
        """
        peers = [] if of_client is None else [self._peer(of_client)]
        async with self.writing() as connection, connection.begin():
            return await connection.run_sync(lambda sync: work(Server(sync, self.tokens, peers)))

    def _peer(self, request: Request) -> Address | None:
        return peer_of(Headers(request.scope["headers"], request.scope["client"]).path(), self.proxies)

    async def asked(self, request: Request) -> Asked:
        """The request, as the server reads it. Raises OAuth2Error."""
        pairs = list(request.query_params.multi_items()) if request.method == "GET" else await form(request)
        return Asked(request.method, f"{self.issuer}{request.url.path}", dict(request.headers), pairs)


async def form(request: Request) -> list[tuple[str, str]]:
    """The fields of a form. Raises InvalidRequestError."""
    headers = Headers(request.scope["headers"])
    if headers.get(b"content-type").partition(";")[0].strip().lower() != FORM:
        raise InvalidRequestError(f"a request is {FORM}")
    try:
        body = await read_body(headers, request.receive, MOST)
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except (Refused, ValueError):
        raise InvalidRequestError("the form cannot be read") from None


def answered(reply: Reply) -> Response:
    """The reply as a response."""
    headers = dict(reply.headers)
    to = headers.pop("Location", None)
    if to is not None:
        return RedirectResponse(to, 302, headers=NO_STORE)
    headers.pop("Content-Type", None)
    return JSONResponse(reply.body, reply.status, headers={**headers, **NO_STORE})


def refusal(error: OAuth2Error) -> Response:
    """A mistake as a response."""
    status, body, headers = error()
    return answered(Reply(status, body if isinstance(body, dict) else dict(error.get_body()), tuple(headers)))
