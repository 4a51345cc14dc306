"""A connection to a caller, as uvicorn's httptools reads it, that waits no longer than it may.

uvicorn ends connections on which nothing comes after an answer, but waits for ever for the first byte, for the rest of a head
and for the rest of a body. Here each request is whole within so many seconds from its first byte, and its head has
at most so many bytes. A request that comes in one piece, as nearly all do, costs a comparison. And what httptools (llhttp) reads
liberally is refused: other versions of HTTP, no host or several, codings of a body that are none of ours (RFC 9112, 3.2, 6.1).
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

SECONDS = 10.0
"""In which a request must be whole."""
LONGEST_HEAD = 65_536
"""Bytes of a request's line and headers."""
LINGERING = 1.0
"""Seconds in which a caller who goes on sending may read why it is in vain."""


class Connection(HttpToolsProtocol):
    """One connection."""

    scope: Scope | None  # type: ignore[assignment] # None until a request begins
    cycle: RequestResponseCycle | None  # type: ignore[assignment] # likewise
    seconds = SECONDS
    _deadline: asyncio.TimerHandle | None = None
    _head = 0
    """Bytes of a head that is not whole."""
    _is_handed_on = False
    _is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """A caller is there."""
        super().connection_made(transport)
        self._await()

    def connection_lost(self, exc: Exception | None) -> None:
        """The caller is gone."""
        self._await_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes of requests."""
        if self._is_refused:
            return
        super().data_received(data)
        cycle = self.cycle
        if cycle is not None and not cycle.more_body and not cycle.response_complete:
            if self._deadline is not None:
                self._await_no_more()
        elif not self._is_handed_on:
            self._await()
            self._measure(len(data))

    def on_headers_complete(self) -> None:
        """A head is whole. What it leaves open, so that others might read another request in it, is answered with 400."""
        names, version = [name for name, _ in self.headers], self.parser.get_http_version()
        if version != "1.1" or names.count(b"host") != 1 or b"transfer-encoding" in names:
            self._check(names, version)
        super().on_headers_complete()

    def _check(self, names: list[bytes], version: str) -> None:
        if version not in ("1.0", "1.1"):
            raise ValueError("HTTP is 1.0 or 1.1 here")
        if names.count(b"host") > 1 or (version == "1.1" and b"host" not in names):
            raise ValueError("one host is named")
        coded = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        if coded and (version == "1.0" or coded != [b"chunked"]):
            raise ValueError("a body comes whole or in chunks")

    def handle_websocket_upgrade(self) -> None:
        """Another protocol has the connection from here on."""
        self._is_handed_on = True
        self._await_no_more()
        super().handle_websocket_upgrade()

    def _await(self) -> None:
        if self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(self.seconds, self._give_up)

    def _await_no_more(self) -> None:
        self._head = 0
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _measure(self, size: int) -> None:
        """Counts the bytes of a head that goes on."""
        if self.scope is not None and "method" not in self.scope:
            self._head += size
            if self._head > LONGEST_HEAD:
                self._await_no_more()
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _give_up(self) -> None:
        self._deadline = None
        if self._is_silent:
            self.transport.close()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    @property
    def _is_silent(self) -> bool:
        """Whether no request has begun, or its answer has."""
        if self.scope is None:
            return True
        return self.cycle is not None and self.cycle.response_started and "method" in self.scope

    def _refuse(self, status: HTTPStatus) -> None:
        if not self.transport.is_closing():
            text = status.phrase.encode()
            head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            more = f"content-length: {len(text)}\r\nconnection: close\r\n\r\n"
            self.transport.write((head + more).encode() + text)
            self.transport.write_eof()
            self._is_refused = True
            self._deadline = self.loop.call_later(LINGERING, self.transport.close)
