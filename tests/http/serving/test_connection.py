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


def _written(
    *lines: bytes, first: bytes = b"POST / HTTP/1.1", host: bytes = b"host: x\r\n", body: bytes = b""
) -> bytes:
    return first + b"\r\n" + host + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


CHUNKED, CHUNKS = b"Transfer-Encoding: chunked", b"4\r\nabcd\r\n0\r\n\r\n"
MALFORMED: dict[str, bytes] = {
    "a length and chunks": _written(b"Content-Length: 4", CHUNKED, body=CHUNKS),
    "chunks and a length": _written(CHUNKED, b"Content-Length: 4", body=CHUNKS),
    "two lengths": _written(b"Content-Length: 4", b"Content-Length: 5", body=b"abcde"),
    "a length twice": _written(b"Content-Length: 4", b"Content-Length: 4", body=b"abcd"),
    "a list of lengths": _written(b"Content-Length: 4, 4", body=b"abcd"),
    "a length with a sign": _written(b"Content-Length: +4", body=b"abcd"),
    "a length below zero": _written(b"Content-Length: -4", body=b"abcd"),
    "a length in hex": _written(b"Content-Length: 0x4", body=b"abcd"),
    "no length": _written(b"Content-Length: ", body=b"abcd"),
    "a length too long": _written(b"Content-Length: 99999999999999999999999999"),
    "identity": _written(b"Transfer-Encoding: identity", body=b"abcd"),
    "chunked, then identity": _written(b"Transfer-Encoding: chunked, identity", body=CHUNKS),
    "gzip, then chunked": _written(b"Transfer-Encoding: gzip, chunked", body=CHUNKS),
    "chunked twice": _written(CHUNKED, CHUNKED, body=CHUNKS),
    "a space before the colon": _written(b"Transfer-Encoding : chunked", body=CHUNKS),
    "a folded coding": _written(b"Transfer-Encoding:", b" chunked", body=CHUNKS),
    "a coding with another blank": _written(b"Transfer-Encoding: \x0bchunked", body=CHUNKS),
    "chunks in HTTP/1.0": _written(CHUNKED, first=b"POST / HTTP/1.0", body=CHUNKS),
    "a chunk in 0x": _written(CHUNKED, body=b"0x4\r\nabcd\r\n0\r\n\r\n"),
    "a chunk with a sign": _written(CHUNKED, body=b"+4\r\nabcd\r\n0\r\n\r\n"),
    "a chunk without end": _written(CHUNKED, body=b"4\r\nabcd0\r\n\r\n"),
    "a chunk longer than it says": _written(CHUNKED, body=b"4\r\nabcdef\r\n0\r\n\r\n"),
    "chunks with bare line feeds": _written(CHUNKED, body=b"4\nabcd\n0\n\n"),
    "bare line feeds": b"GET / HTTP/1.1\nhost: x\n\n",
    "bare carriage returns": b"GET / HTTP/1.1\rhost: x\r\r",
    "a carriage return in a value": _written(b"x: a\rb"),
    "NUL in a value": _written(b"x: a\x00b"),
    "a folded header": _written(b"x: a", b" b"),
    "a header without colon": _written(b"x"),
    "a header without name": _written(b": x"),
    "a space in a name": _written(b"x y: z"),
    "no host": _written(host=b""),
    "two hosts": _written(b"Host: y"),
    "two hosts in HTTP/1.0": _written(b"Host: y", first=b"GET / HTTP/1.0"),
    "no version": _written(first=b"GET /"),
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/1.2": _written(first=b"GET / HTTP/1.2"),
    "HTTP/2.0": _written(first=b"GET / HTTP/2.0"),
    "an unknown method": _written(first=b"FOO / HTTP/1.1"),
    "an address that is none": _written(first=b"GET x HTTP/1.1"),
    "bytes in an address": _written(first=b"GET /\xc3\xa9 HTTP/1.1"),
}


@pytest.mark.parametrize("how", MALFORMED)
async def test_a_request_that_can_be_read_in_two_ways_is_none(port: int, how: str) -> None:
    said = await _said(port, MALFORMED[how] + b"GET /second HTTP/1.1\r\nhost: x\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("first", [b"POST / HTTP/1.1", b"POST / HTTP/1.0", b"POST http://x/ HTTP/1.1"])
async def test_a_request_with_a_length_is_read(port: int, first: bytes) -> None:
    said = await _said(port, _written(b"Content-Length: 4", first=first, body=b"abcd"))
    assert (said[:15], said[-4:]) == (b"HTTP/1.1 200 OK", b"abcd")


async def test_a_request_in_chunks_is_read(port: int) -> None:
    said = await _said(port, _written(CHUNKED, body=CHUNKS))
    assert (said[:15], said[-4:]) == (b"HTTP/1.1 200 OK", b"abcd")
