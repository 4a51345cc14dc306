"""Requests one at a time, outside the load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

SECONDS = 30.0
"""For which an answer is waited."""
NOT_THERE = (OSError, HTTPException)
"""What asking raises where nobody serves."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Asker:
    """Asks one address over one connection."""

    url: str
    headers: Mapping[str, str]
    connection: HTTPConnection = field(repr=False)

    def ask(self, method: str, body: bytes | None = None) -> Answer:
        """One request and its answer."""
        parts = urlsplit(self.url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.connection.request(method, target, body, dict(self.headers))
        response = self.connection.getresponse()
        return Answer(response.status, response.read())


@contextmanager
def asking(url: str, headers: Mapping[str, str] | None = None) -> Iterator[Asker]:
    """A connection to the server of an address."""
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=SECONDS)) as connection:
        yield Asker(url, headers or {}, connection)


def status_of(url: str) -> int | None:
    """The status with which an address answers; None where nobody serves there."""
    try:
        with asking(url) as asker:
            return asker.ask("GET").status
    except NOT_THERE:
        return None
