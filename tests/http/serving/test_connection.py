"""Callers who take their time: a connection waits for no request longer than it may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from app.http.serving import Connection

PATIENCE = 10
HEAD = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n"
WISH = (
    b"POST / HTTP/1.1\r\nhost: x\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMA\r\n\r\n"
)
CHUNKED_HEAD = b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"


class _Hasty(Connection):
    """Waits a moment."""

    seconds = taken = 0.05


LARGE = b"x" * 20_000_000


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the body; at /unread without having read it, at /later after a while, at /names with the names of headers."""
    if scope["path"] in ("/lasting", "/large"):
        await _long(scope["path"], receive, send)
        return
    body, more = b"", scope["path"] != "/unread"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message["more_body"]
    if scope["path"] == "/later":
        await asyncio.sleep(3 * _Hasty.seconds)
    if scope["path"] == "/names":
        body = b" ".join(name for name, _ in scope["headers"])
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


async def _long(path: str, receive: Receive, send: Send) -> None:
    """Answers with more than anything between holds, or with a piece, and another once the caller has left."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": LARGE if path == "/large" else b"piece", "more_body": True})
    while path == "/lasting" and (await receive())["type"] != "http.disconnect":
        pass
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[uvicorn.Server]:
    """A server of hasty connections."""
    config = uvicorn.Config(_echo, port=0, lifespan="off", log_config=None, http=_Hasty, timeout_keep_alive=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server
    server.should_exit = True
    await task


@pytest.fixture(scope="module")
def port(server: uvicorn.Server) -> int:
    """Where it listens."""
    found: int = server.servers[0].sockets[0].getsockname()[1]
    return found


async def _said(port: int, *parts: bytes) -> bytes:
    """All that a server answers to bytes, until it closes the connection; between two parts it answers the one before."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = b""
    async with asyncio.timeout(PATIENCE):
        for place, part in enumerate(parts):
            writer.write(part)
            if place < len(parts) - 1:
                said += await reader.read(65_536)
        with suppress(ConnectionResetError):  # where the server closes before it has read all
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
    "a head without end": (b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 400_000, b"HTTP/1.1 431 "),
    "an address without end": (b"GET /" + b"y" * 400_000, b"HTTP/1.1 431 "),
    "trailers without end": (CHUNKED_HEAD + b"0\r\nx: " + b"y" * 400_000, b"HTTP/1.1 431 "),
    "many trailers": (CHUNKED_HEAD + b"0\r\n" + b"x: y\r\n" * 80_000, b"HTTP/1.1 431 "),
    "a wish and no body": (WISH.replace(b"\r\n\r\n", b"\r\ncontent-length: 4\r\n\r\n"), b"HTTP/1.1 408 "),
    "a chunk's size without end": (CHUNKED_HEAD + b"4;" + b"y" * 400_000, b"HTTP/1.1 431 "),
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


async def test_trailers_are_passed_over(port: int) -> None:
    late = _written(CHUNKED, first=b"POST /names HTTP/1.1", body=b"4\r\nabcd\r\n0\r\nauthorization: x\r\n\r\n")
    said = await _said(port, late + HEAD + b"abcd")
    assert said.count(b"HTTP/1.1 200 OK") == 2
    assert b"host transfer-encoding" in said
    assert b"authorization" not in said


ENDLESS = [b"GET / HTTP/1.1\r\nhost: x\r\nx: ", b"GET /"]


@pytest.mark.parametrize("begins", ENDLESS)
async def test_a_head_without_end_behind_an_answer_that_lasts_ends_both(port: int, begins: bytes) -> None:
    lasting = _written(first=b"GET /lasting HTTP/1.1")
    said = await _said(port, lasting, begins + b"y" * 400_000)
    assert said.count(b"HTTP/1.1") == 1
    assert b"piece" in said


async def test_a_body_that_waits_for_its_turn_is_given_up_after_it_and_not_amid_another_answer(port: int) -> None:
    said = await _said(port, _written(first=b"GET /later HTTP/1.1") + HEAD + b"ab")
    first, second = said.split(b"HTTP/1.1 ")[1:]
    assert first.startswith(b"200 OK")
    assert second.startswith(b"408 ")


async def test_whoever_takes_nothing_of_an_answer_is_left(port: int, server: uvicorn.Server) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.transport.pause_reading()  # type: ignore[attr-defined] # a transport that reads
    writer.write(_written(first=b"GET /large HTTP/1.1"))
    async with asyncio.timeout(PATIENCE):
        while not server.server_state.connections:
            await asyncio.sleep(0)
        while server.server_state.connections:
            await asyncio.sleep(0.01)
    writer.transport.abort()


async def test_whoever_takes_an_answer_slowly_gets_all_of_it(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000)
    writer.write(_written(b"Connection: close", first=b"GET /large HTTP/1.1"))
    size = 0
    async with asyncio.timeout(PATIENCE):
        while piece := await reader.read(1_000_000):
            size += len(piece)
    assert size > len(LARGE)
    writer.close()


SECOND = b"GET /second HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest.mark.parametrize("framing", [b"content-length: %d" % len(SECOND), CHUNKED], ids=["a length", "chunks"])
@pytest.mark.parametrize("pieces", [1, 2])
async def test_with_a_wish_for_another_protocol_a_body_is_no_other_request(
    port: int, framing: bytes, pieces: int
) -> None:
    body = SECOND if framing != CHUNKED else b"%x\r\n%s\r\n0\r\n\r\n" % (len(SECOND), SECOND)
    head = WISH.replace(b"\r\n\r\n", b"\r\n" + framing + b"\r\n\r\n")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in (head + body + HEAD + b"abcd",) if pieces == 1 else (head, body + HEAD + b"abcd"):
        writer.write(part)
        await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE):
        said = await reader.read()
    first, second = said.split(b"HTTP/1.1 200 OK")[1:]
    assert (first.partition(b"\r\n\r\n")[2], second.partition(b"\r\n\r\n")[2]) == (SECOND, b"abcd")
    writer.close()


@pytest.mark.parametrize("wish", [b"h2c", b"foo", b"TLS/1.3, h2c"])
async def test_a_wish_for_another_protocol_is_passed_over(port: int, wish: bytes) -> None:
    asked = WISH.replace(b"h2c", wish).replace(b"POST /", b"GET /names")
    said = await _said(port, asked + HEAD + b"abcd")
    assert said.count(b"HTTP/1.1 200 OK") == 2
    assert b"host connection http2-settings" in said


async def test_a_socket_behind_an_answer_that_lasts_ends_both(port: int) -> None:
    key = b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n"
    socket = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n" + key
    said = await _said(port, _written(first=b"GET /lasting HTTP/1.1"), socket)
    assert said.startswith(b"HTTP/1.1 200 OK")
    assert b" 101 " not in said


async def test_nobody_is_connected_with_others(port: int) -> None:
    said = await _said(port, b"CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n" + SECOND)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1") == 1
