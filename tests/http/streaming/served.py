"""The application behind uvicorn, as `c360 serve` has it, and a peer on one of its sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
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

    async def ask(self, id_: str, query: str | None, **more: Any) -> None:
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

    async def is_let_in(self, token: str) -> bool:
        """Whether the server knows who asks, and lets them."""
        await self.say("connection_init", None, {"authorization": f"Bearer {token}"})
        try:
            return await self.hears() == {"type": "connection_ack"}
        except ConnectionClosed:
            return False

    async def closed(self) -> int:
        """The code with which the server closes; what it says before that is passed over."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    await self.connection.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006


@dataclass
class Events:
    """The other end of a stream of events."""

    response: httpx2.Response
    _texts: AsyncIterator[str]
    _rest: str = ""

    async def next(self) -> tuple[str, Any] | None:
        """The next event with its data; None at the end of the stream. Comments are passed over."""
        async with asyncio.timeout(PATIENCE):
            while "\n\n" not in self._rest:
                text = await anext(self._texts, None)
                if text is None:
                    assert self._rest == ""
                    return None
                self._rest += text
        event, _, self._rest = self._rest.partition("\n\n")
        if event == ":":
            return await self.next()
        kind, data = (line.partition(": ")[2] for line in event.split("\n"))
        return kind, orjson.loads(data) if data else None

    async def roles(self) -> list[str]:
        """The roles of which the next event tells."""
        found = await self.next()
        assert found is not None and found[0] == "next", found
        told: list[str] = found[1]["data"]["viewerAccessChanged"]["viewer"]["roles"]
        return told


@dataclass(frozen=True)
class Served:
    """A server on a port of its own."""

    graph: Asking
    port: int

    def address(self, path: str = "/graphql") -> str:
        """Where sockets connect."""
        return f"ws://127.0.0.1:{self.port}{path}"

    def token(self, who: Row, lifetime: int = 60) -> str:
        """A token of a user."""
        return self.graph.tokens.issue(who.key, lifetime)

    @asynccontextmanager
    async def connected(self, *subprotocols: Any, path: str = "/graphql", **more: Any) -> AsyncIterator[Peer]:
        """A peer whose handshake is done."""
        offered = subprotocols or (SUBPROTOCOL,)
        async with connect(self.address(path), subprotocols=offered, compression=None, **more) as connection:
            yield Peer(connection)

    @asynccontextmanager
    async def peer(self, who: Row, token: str | None = None) -> AsyncIterator[Peer]:
        """A peer who has said who asks."""
        async with self.connected() as peer:
            assert await peer.is_let_in(token or self.token(who))
            yield peer

    @asynccontextmanager
    async def told(self, who: Row) -> AsyncIterator[Peer]:
        """A peer who has subscribed to their rights as `rights`, and heard of those of now."""
        async with self.peer(who) as peer:
            await peer.ask("rights", CHANGED)
            await peer.told("rights")
            yield peer

    @asynccontextmanager
    async def events(self, token: str, query: str = CHANGED) -> AsyncIterator[Events]:
        """A stream of events."""
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
        async with (
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE) as client,
            client.stream("POST", "/graphql", json={"query": query}, headers=headers) as response,
        ):
            yield Events(response, response.aiter_text())


@dataclass(frozen=True)
class Here(Served):
    """A server in this process."""

    server: Server


@asynccontextmanager
async def served(graph: Asking, settings: Settings) -> AsyncIterator[Here]:
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
        yield Here(graph, server.servers[0].sockets[0].getsockname()[1], server)
    finally:
        graph.app.leaving.set()
        server.should_exit = True
        await task
