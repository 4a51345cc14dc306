"""GET /graphql with an upgrade: the handshake of a WebSocket, and the line in the log when it is over."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

import structlog
from starlette.types import Receive, Scope, Send

from app.http.graph import failed
from app.http.headers import Headers
from app.http.requests import Refused, request_id
from app.http.streaming.closed import Closed
from app.http.streaming.places import Places
from app.http.streaming.socket import Bounds, Socket
from app.http.streaming.telling import Telling
from app.identity.tokens import Tokens

log = structlog.get_logger("c360.socket")

SUBPROTOCOL = "graphql-transport-ws"


@dataclass(frozen=True)
class Sockets:
    """The graph over WebSockets."""

    telling: Telling
    tokens: Tokens
    places: Places
    bounds: Bounds
    origins: Collection[str]
    """Origins whose pages may connect, besides that of the host itself."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope["headers"], scope["client"])
        await receive()  # websocket.connect
        try:
            if self._is_foreign(headers):
                raise Refused(403, "pages of this origin may not connect")
            with self.places.open():
                await self._serve(scope, headers, receive, send)
        except Refused as refused:
            await _refuse(refused, headers, send)

    async def _serve(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        if SUBPROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 4406, "reason": "Subprotocol not acceptable"})
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        started = time.perf_counter()
        socket = Socket(headers, receive, send, self.telling, self.tokens, self.places, self.bounds)
        _note(socket, await socket.run(), time.perf_counter() - started)

    def _is_foreign(self, headers: Headers) -> bool:
        """Whether a page asks that could not ask over HTTP either; programs name no origin."""
        origin = headers.get(b"origin")
        return bool(origin) and origin not in self.origins and origin.partition("://")[2] != headers.get(b"host")


async def _refuse(refused: Refused, headers: Headers, send: Send) -> None:
    response = failed(refused, request_id(headers))
    start = {"status": response.status, "headers": [(b"content-type", b"application/json"), *response.headers]}
    await send({"type": "websocket.http.response.start", **start})
    await send({"type": "websocket.http.response.body", "body": response.body})


def _note(socket: Socket, closed: Closed, seconds: float) -> None:
    log.info(
        "socket",
        user=str(socket.bearer.subject) if socket.bearer else None,
        closed=closed.code,
        ms=round(seconds * 1000, 1),
        operations=socket.operations,
    )
