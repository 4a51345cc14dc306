"""The application behind uvicorn, as `c360 serve` has it, and a peer on one of its sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.http.serving import Connection, Server
from app.http.streaming.sockets import SUBPROTOCOL
from app.http.streaming.transport import Transport
from app.settings import Settings
from tests.graphql_schema.rows import Row
from tests.http.asking import Asking

PATIENCE = 10
"""Seconds in which all that is waited for must happen."""
CHANGED = "subscription { viewerAccessChanged { viewer { roles } } }"


@dataclass(frozen=True)
class Peer:
    """The other end of a socket."""

    connection: ClientConnection

    async def say(self, type_: str, id_: str | None = None, payload: Any = None) -> None:
        """Sends a message."""
        given = {"type": type_, "id": id_, "payload": payload}
        await self.connection.send(orjson.dumps({k: v for k, v in given.items() if v is not None}).decode())

    async def ask(self, id_: str, query: str, **more: Any) -> None:
        """Sends an operation."""
        await self.say("subscribe", id_, {"query": query, **more})

    async def hears(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(PATIENCE):
            text = await self.connection.recv()
        assert isinstance(text, str)
        found: dict[str, Any] = orjson.loads(text)
        return found

    async def told(self, id_: str) -> Any:
        """The data of the next message, which is a `next` of an operation."""
        found = await self.hears()
        assert (found["type"], found["id"], "errors" in found["payload"]) == ("next", id_, False), found
        return found["payload"]["data"]

    async def roles(self, id_: str) -> list[str]:
        """The roles of which the next message tells."""
        found: list[str] = (await self.told(id_))["viewerAccessChanged"]["viewer"]["roles"]
        return found

    async def errors(self, id_: str) -> list[str]:
        """The codes of the next message, which is an `error` of an operation."""
        found = await self.hears()
        assert (found["type"], found["id"]) == ("error", id_), found
        return [error["extensions"]["code"] for error in found["payload"]]

    async def closed(self) -> int:
        """The code with which the server closes; what it says before that is passed over."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    await self.connection.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006


@dataclass(frozen=True)
class Served:
    """A server on a port of its own."""

    graph: Asking
    port: int
    server: Server

    @property
    def address(self) -> str:
        """Where sockets connect."""
        return f"ws://127.0.0.1:{self.port}/graphql"

    def token(self, who: Row, lifetime: int = 60) -> str:
        """A token of a user."""
        return self.graph.tokens.issue(who.key, lifetime)

    @asynccontextmanager
    async def connected(self, *subprotocols: Any, **more: Any) -> AsyncIterator[Peer]:
        """A peer whose handshake is done."""
        offered = subprotocols or (SUBPROTOCOL,)
        async with connect(self.address, subprotocols=offered, compression=None, **more) as connection:
            yield Peer(connection)

    @asynccontextmanager
    async def peer(self, who: Row, **payload: Any) -> AsyncIterator[Peer]:
        """A peer who has said who asks."""
        async with self.connected() as peer:
            await peer.say("connection_init", None, {"authorization": f"Bearer {self.token(who)}", **payload})
            assert await peer.hears() == {"type": "connection_ack"}
            yield peer


@asynccontextmanager
async def served(graph: Asking, settings: Settings) -> AsyncIterator[Served]:
    """An application behind a server."""
    config = uvicorn.Config(
        graph.app,
        port=0,
        http=Connection,
        lifespan="off",
        log_config=None,
        ws=Transport,
        ws_max_size=settings.most_message_bytes,
        ws_ping_interval=settings.socket_ping_interval,
        ws_ping_timeout=settings.socket_ping_interval,
        ws_per_message_deflate=False,
    )
    server = Server(config, graph.app.leaving)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield Served(graph, server.servers[0].sockets[0].getsockname()[1], server)
    finally:
        server._leave()
        await task
