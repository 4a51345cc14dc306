"""uvicorn's WebSocket protocol, mended: what it gets wrong is overridden here, each with a test."""

from __future__ import annotations

from typing import Any

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

MOST_PIECES = 1_000
"""Of a message."""
PATIENCE = 2.0
"""Seconds in which a peer takes what is still to be sent, and says goodbye."""


class Transport(WebSocketsSansIOProtocol):
    """A WebSocket under uvicorn."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.close_timeout = PATIENCE

    def send_receive_event_to_app(self) -> None:
        """Text that is no UTF-8 goes to the application as bytes, which closes for it; uvicorn logs a traceback."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.curr_msg_data_type = "bytes"
        super().send_receive_event_to_app()

    def data_received(self, data: bytes) -> None:
        """A handshake that cannot be read is answered; uvicorn would keep the connection, and say nothing."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    async def send(self, message: ASGISendEvent) -> None:
        """A handshake that was refused is done, too; uvicorn logs it as one that was forgotten."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True

    def handle_cont(self, event: Frame) -> None:
        """Pieces are counted, for empty ones add nothing to a message's size."""
        if len(self.frames) < MOST_PIECES:
            super().handle_cont(event)
        elif not self.close_sent:
            self.conn.fail(1009)
            self.handle_parser_exception()

    def handle_ping(self) -> None:
        """Whoever asks for answers and does not take them is left, before these fill the memory."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.transport.abort()

    def keepalive_timeout(self) -> None:
        """A peer that does not answer does not take what is left to send, either."""
        super().keepalive_timeout()
        self.loop.call_later(PATIENCE, self.transport.abort)

    def shutdown(self) -> None:
        """The application closes, once what runs is done; uvicorn would at once."""
        if not self.handshake_complete or self.close_sent:
            super().shutdown()

    async def run_asgi(self) -> None:
        """Whoever takes nothing does not hold the connection once the application has left it."""
        await super().run_asgi()
        self.loop.call_later(PATIENCE, self.transport.abort)
