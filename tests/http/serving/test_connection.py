"""Callers who take their time: a connection waits for no request longer than it may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from app.http.serving import Connection

PATIENCE = 10
HEAD = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n"


class _Hasty(Connection):
    """Waits a moment."""

    seconds = 0.05


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the body, or, at /unread, without having read it."""
    body, more = b"", scope["path"] != "/unread"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
async def port() -> AsyncIterator[int]:
    """Where a server of hasty connections listens."""
    config = uvicorn.Config(_echo, port=0, lifespan="off", log_config=None, http=_Hasty, timeout_keep_alive=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await task


async def _said(port: int, *parts: bytes) -> bytes:
    """All that a server answers to bytes, until it closes the connection; between two parts it answers the one before."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = b""
    async with asyncio.timeout(PATIENCE):
        for place, part in enumerate(parts):
            writer.write(part)
            if place < len(parts) - 1:
                said += await reader.read(65_536)
        said += await reader.read()
    writer.close()
    return said


BROKEN: dict[str, tuple[bytes, bytes]] = {
    "nothing": (b"", b""),
    "half a line": (b"POST / HT", b"HTTP/1.1 408 "),
    "half a head": (b"POST / HTTP/1.1\r\nhost: x\r\n", b"HTTP/1.1 408 "),
    "no body": (HEAD, b"HTTP/1.1 408 "),
    "half a body": (HEAD + b"ab", b"HTTP/1.1 408 "),
    "empty lines": (b"\r\n\r\n", b""),
    "a head without end": (b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 200_000, b"HTTP/1.1 431 "),
    "an address without end": (b"GET /" + b"y" * 200_000, b"HTTP/1.1 431 "),
}


@pytest.mark.parametrize("how", BROKEN)
async def test_a_request_that_does_not_end_is_given_up(port: int, how: str) -> None:
    sent, answer = BROKEN[how]
    said = await _said(port, sent)
    assert said.startswith(answer) if answer else said == b""
    assert said.count(b"HTTP/1.1") == bool(answer)


@pytest.mark.parametrize("how", BROKEN)
async def test_nor_is_one_after_another_that_was_answered(port: int, how: str) -> None:
    sent, answer = BROKEN[how]
    said = await _said(port, HEAD + b"abcd", sent)
    assert said.startswith(b"HTTP/1.1 200 OK")
    assert said.count(b"HTTP/1.1") == 1 + bool(answer)
    assert answer in said


async def test_a_body_that_nobody_reads_is_not_waited_for(port: int) -> None:
    said = await _said(port, HEAD.replace(b"POST /", b"POST /unread"), b"a")
    assert said.count(b"HTTP/1.1") == 1
    assert b" 200 " in said


async def test_requests_in_pieces_and_one_behind_another_are_answered(port: int) -> None:
    whole = HEAD + b"abcd"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for byte in whole:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0)
    writer.write(whole + whole)
    async with asyncio.timeout(PATIENCE):
        said = await reader.read()
    assert said.count(b"HTTP/1.1 200 OK") == 3
    assert said.count(b"abcd") == 3
    writer.close()
