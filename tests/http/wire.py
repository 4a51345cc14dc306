"""Requests as bytes, for what no HTTP client would send."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.types import ASGIApp, Message

Header = tuple[bytes, bytes]


@dataclass
class Sent:
    """What an application sent."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        """The body's data."""
        return orjson.loads(self.body)

    @property
    def code(self) -> str:
        """The code of the first error."""
        found: str = self.json["errors"][0]["extensions"]["code"]
        return found


async def send(
    app: ASGIApp,
    method: str = "POST",
    path: str = "/graphql",
    headers: Sequence[Header] = (),
    body: Sequence[bytes] = (b"",),
    query: bytes = b"",
    *,
    breaks_off: bool = False,
) -> Sent:
    """The response to a request whose body comes in chunks."""
    chunks = list(body)
    sent = Sent()

    async def receive() -> Message:
        if not chunks:
            if not breaks_off:
                await asyncio.Event().wait()  # the caller waits for the answer
            return {"type": "http.disconnect"}
        chunk = chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks) or breaks_off}

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent.status = message["status"]
            sent.headers = {name.decode(): value.decode("latin-1") for name, value in message["headers"]}
        else:
            sent.body += message.get("body", b"")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"testserver"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
    await app(scope, receive, take)
    return sent
