"""A connection to a caller, as uvicorn's httptools reads it, that waits no longer than it may.

uvicorn ends connections on which nothing comes after an answer, but waits for ever for the first byte, for the rest of a head
and for the rest of a body, and for callers who do not read what is answered. Here each request is whole within so many seconds from
its first byte, its head has at most so many bytes, and so has what follows a body in chunks (trailers, which are passed over); whoever takes
nothing of an answer for a while is left. A wish for another protocol than WebSocket is passed over, with which httptools would take the
body for another request. A request that comes in one piece, as nearly all do, costs some comparisons. And what httptools
(llhttp) reads liberally is refused: other versions of HTTP, no host or several, codings of a body that are none of ours (RFC 9112, 3.2, 6.1).
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

SECONDS = 10.0
"""In which a request must be whole."""
LONGEST_HEAD = 65_536
"""Bytes of a request's line and headers, or of what comes after a body in chunks."""
TAKEN = 60.0
"""Seconds in which a caller takes something of what is to be sent; a system tells of it in steps of some hundred kilobytes."""
UNREAD = "Invalid HTTP request received."
LINGERING = 1.0
"""Seconds in which a caller who goes on sending may read why it is in vain."""


class Connection(HttpToolsProtocol):
    """One connection."""

    scope: Scope | None  # type: ignore[assignment] # None until a request begins
    cycle: RequestResponseCycle | None  # type: ignore[assignment] # likewise
    seconds, taken = SECONDS, TAKEN
    _deadline: asyncio.TimerHandle | None = None
    _look_again: asyncio.TimerHandle | None = None
    _left = 0
    """Bytes that the caller had still to take."""
    _idle = 0
    """Bytes since the last that brought a body, or the end of a head."""
    _has_moved = False
    """Whether a head has ended, or a piece of a body has come."""
    _is_handed_on = False
    _is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """A caller is there."""
        super().connection_made(transport)
        self._await()

    def connection_lost(self, exc: Exception | None) -> None:
        """The caller is gone."""
        self._await_no_more()
        self._look_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes of requests."""
        if self._is_refused:
            return
        self._unset_keepalive_if_required()
        try:
            self._feed(data)
        except HttpParserError:
            self.logger.warning(UNREAD)
            self.send_400_response(UNREAD)
            self._look_soon()
        cycle = self.cycle
        if self.pipeline or (cycle is not None and not cycle.more_body and not cycle.response_complete):
            if self._deadline is not None:
                self._await_no_more()
            if self.scope is None or "method" in self.scope:
                self._has_moved = False
                return
        elif self._is_handed_on:
            return
        else:
            self._await()
        self._measure(len(data))

    def on_body(self, body: bytes) -> None:
        """A piece of a body."""
        self._has_moved = True
        super().on_body(body)

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            if not self._should_upgrade():
                self._read_again(data[upgrade.args[0] :])
            elif self.cycle is None or self.cycle.response_complete:
                self.handle_websocket_upgrade()
            else:  # behind a request that is being answered
                self._is_refused = True
                self._close()

    def _read_again(self, rest: bytes) -> None:
        """Reads a request without its wish for another protocol."""
        assert self.scope is not None
        lines = [b"%s: %s\r\n" % header for header in self.headers if header[0] != b"upgrade"]
        first = b"%s %s HTTP/%s\r\n" % (self.scope["method"].encode(), self.url, self.scope["http_version"].encode())
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn has it
        self._feed(b"".join((first, *lines, b"\r\n")) + rest)

    def on_headers_complete(self) -> None:
        """A head is whole. What it leaves open, so that others might read another request in it, is answered with 400."""
        names, version = [name for name, _ in self.headers], self.parser.get_http_version()
        if version != "1.1" or names.count(b"host") != 1 or b"transfer-encoding" in names:
            self._check(names, version)
        assert self.scope is not None
        self._has_moved = True
        if self.parser.should_upgrade() and not self._should_upgrade():
            method = self.parser.get_method()
            if method == b"CONNECT":
                raise ValueError("this is no proxy")
            self.scope.update(method=method.decode(), http_version=version)
            return
        self.scope["headers"] = list(self.headers)  # to which trailers are not added
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is whole, unless it is to be read again."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

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
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _measure(self, size: int) -> None:
        """Counts the bytes of a head, or of trailers, that go on."""
        if self._has_moved:
            self._has_moved, self._idle = False, 0
        elif self.scope is not None:
            self._idle += size
            if self._idle > LONGEST_HEAD:
                self._await_no_more()
                self._end(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _give_up(self) -> None:
        self._deadline = None
        self._end(HTTPStatus.REQUEST_TIMEOUT)

    def _end(self, status: HTTPStatus) -> None:
        """Closes the connection, and says why where that cannot be taken for anything else."""
        if self._is_silent:
            self._close()
        else:
            self._refuse(status)

    @property
    def _is_silent(self) -> bool:
        """Whether no request has begun, its answer has, or that to one before is not sent."""
        if self.scope is None or self.pipeline:
            return True
        if self.cycle is None:
            return False
        return self.cycle.response_started if "method" in self.scope else not self.cycle.response_complete

    def _refuse(self, status: HTTPStatus) -> None:
        if not self.transport.is_closing():
            text = status.phrase.encode()
            head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            more = f"content-length: {len(text)}\r\nconnection: close\r\n\r\n"
            self.transport.write((head + more).encode() + text)
            self.transport.write_eof()
            self._is_refused = True
            self._deadline = self.loop.call_later(LINGERING, self._close)

    # What is answered

    def on_response_complete(self) -> None:
        """An answer is on its way. The next request may have begun, and waited for it."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._look_soon()
        elif self.cycle is not None and self.cycle.more_body and not (self.cycle.response_complete or self.pipeline):
            self._await()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more is asked."""
        self._close()

    def pause_writing(self) -> None:
        """The caller takes less than there is."""
        super().pause_writing()
        self._look_soon()

    def resume_writing(self) -> None:
        """The caller has taken nearly all."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._look_no_more()

    def _close(self) -> None:
        """Ends the connection once all is taken."""
        if not self.transport.is_closing():
            self.transport.close()
            self._look_soon()

    def _look_soon(self) -> None:
        """Sees to it that what is to be sent is taken; nothing is added to it meanwhile."""
        if self._look_again is None and (left := self.transport.get_write_buffer_size()):
            self._left = left
            self._look_again = self.loop.call_later(self.taken, self._look)

    def _look(self) -> None:
        self._look_again = None
        if self.transport.get_write_buffer_size() < self._left:
            self._look_soon()
        else:
            self.transport.abort()

    def _look_no_more(self) -> None:
        if self._look_again is not None:
            self._look_again.cancel()
            self._look_again = None
