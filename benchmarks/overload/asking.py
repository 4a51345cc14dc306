"""Connections of callers: raw sockets on which requests are sent and answers awaited, for a core full of them."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import cast

CONNECTIONS = 48
"""Of a caller, at most; all are open before it matters, and each is used in turn."""
SECONDS = 15.0
"""In which an answer must come."""
CROSSED = 0.05
"""Seconds within which a request and the end of its connection may have met on the way."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Status 0: nothing."""

    status: int
    seconds: float
    says_when: bool
    """Whether it has Retry-After."""

    @property
    def is_good(self) -> bool:
        return self.status == 200

    @property
    def is_refusal(self) -> bool:
        """Whether the server told to come again."""
        return self.status in (429, 503)


class Line(asyncio.Protocol):
    """A connection, on which one request is asked at a time."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._waiting: asyncio.Future[tuple[int, bool]] | None = None
        self.is_open = False
        self.answered = 0
        """How many requests of its own."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The server is there."""
        self._transport, self.is_open = cast(asyncio.Transport, transport), True

    def connection_lost(self, exc: Exception | None) -> None:
        """The server is gone."""
        self.is_open = False
        self._answer(0, says_when=False)

    def data_received(self, data: bytes) -> None:
        """Some bytes of an answer, whose length its head tells."""
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._received[:end]).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(self._received) >= end + 4 + length:
            self._received.clear()
            self.answered += 1
            self._answer(int(head[9:12]), says_when=b"retry-after: " in head)

    async def ask(self, request: bytes) -> Answer:
        """One request and its answer."""
        started = time.perf_counter()
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            async with asyncio.timeout(SECONDS):
                status, says_when = await self._waiting
        except TimeoutError:
            status, says_when = 0, False
            self.close()
        return Answer(status, time.perf_counter() - started, says_when)

    def close(self) -> None:
        """Ends it."""
        self.is_open = False
        self._transport.abort()

    def _answer(self, status: int, *, says_when: bool) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((status, says_when))


@dataclass
class Caller:
    """One who asks the same again and again, on as many connections as it takes."""

    host: str
    port: int
    request: bytes
    answers: list[Answer] = field(default_factory=list)
    unsent: int = 0
    """Requests for which no connection was free."""
    _free: deque[Line] = field(default_factory=deque)
    _open: int = 0

    async def ask(self) -> None:
        """Asks once; what cannot be sent, as all connections wait, is no request."""
        line = await self._line()
        if line is None:
            self.unsent += 1
            return
        self.answers.append(await self._asked(line))

    async def _asked(self, line: Line) -> Answer:
        """The answer; asked again where a connection that lay idle was closed just then (RFC 9112, section 9.3.1)."""
        before = line.answered
        answer = await line.ask(self.request)
        if line.is_open:
            self._free.append(line)
            return answer
        self._open -= 1
        if before and answer.status == 0 and answer.seconds < CROSSED:
            return await self._asked(await self._opened())
        return answer

    async def open(self) -> None:
        """Opens all connections."""
        while self._open < CONNECTIONS:
            self._free.append(await self._opened())

    def close(self) -> None:
        """Ends all connections."""
        for line in self._free:
            line.close()

    def taken(self) -> list[Answer]:
        """The answers since the last time."""
        found, self.answers = self.answers, []
        return found

    async def _line(self) -> Line | None:
        while self._free:
            line = self._free.popleft()
            if line.is_open:
                return line
            self._open -= 1
        return await self._opened() if self._open < CONNECTIONS else None

    async def _opened(self) -> Line:
        self._open += 1
        _, made = await asyncio.get_running_loop().create_connection(Line, self.host, self.port)
        return made


def written(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode() + body
