"""Asking under overload: every answer is taken for what it is, and judged by what is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from benchmarks.overload.asking import Answer, Caller, written
from benchmarks.overload.pressing import pour, press, probe
from benchmarks.overload.verdict import Overload, within

MOST = 4


class _Server:
    """Answers so many requests at a time, slowly, and refuses the others."""

    def __init__(self) -> None:
        self.answered = self.refused = self._now = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._now >= MOST:
            self.refused += 1
            await self._send(send, 429, [(b"retry-after", b"1")], b"x")
            return
        self._now += 1
        await asyncio.sleep(0.01)
        self._now -= 1
        self.answered += 1
        await self._send(send, 200, [], b"y" * 200_000)

    async def _send(self, send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        headers = [*headers, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def served() -> AsyncIterator[tuple[_Server, int]]:
    """A server, and where it listens."""
    app = _Server()
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield app, server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await task


def _callers(port: int, many: int) -> list[Caller]:
    return [Caller("127.0.0.1", port, written("POST", "/", {}, b"{}")) for _ in range(many)]


async def test_each_answer_is_taken_for_what_it_is(served: tuple[_Server, int]) -> None:
    app, port = served
    callers = _callers(port, 3)
    await press(callers, 1, 0.1)
    for caller in callers:
        assert {(answer.status, answer.says_when) for answer in caller.taken()} == {(200, False)}
        await caller.open()
    before = app.answered
    await asyncio.gather(pour(callers[:2], 2_000, 0.3), probe(callers[2], 0.02, 0.3))
    found = [answer for caller in callers for answer in caller.taken()]
    for caller in callers:
        caller.close()
    assert {(answer.status, answer.says_when) for answer in found} == {(200, False), (429, True)}
    assert sum(answer.is_good for answer in found) == app.answered - before
    assert sum(answer.is_refusal for answer in found) == app.refused


async def test_a_server_that_goes_away_is_no_answer() -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.close()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    async with server:
        (caller,) = _callers(server.sockets[0].getsockname()[1], 1)
        await caller.ask()
    (answer,) = caller.taken()
    assert (answer.status, answer.is_good, answer.is_refusal) == (0, False, False)


def _found(good: int, light: float, refusal: Answer) -> Overload:
    heavy = [Answer(200, 0.1, says_when=False)] * good + [refusal] * 100
    answers = [Answer(200, light, says_when=False)] * 100
    return Overload(100, 10, heavy, answers, answers, 0, 0.001, 0.2, [100, 110, 112], [0.001])


SOON = Answer(429, 0.01, says_when=True)
VERDICTS: list[tuple[Overload, set[str]]] = [
    (_found(700, 0.1, SOON), set()),
    (_found(600, 0.1, SOON), {"goodput"}),
    (_found(700, 0.3, SOON), {"the light caller", "liveness"}),
    (_found(700, 0.1, Answer(503, 0.06, says_when=True)), {"refused"}),
    (_found(700, 0.1, Answer(429, 0.01, says_when=False)), {"refused"}),
    (_found(700, 0.1, Answer(0, 0.01, says_when=False)), {"refused"}),
]


@pytest.mark.parametrize(("found", "not_so"), VERDICTS, ids=range(len(VERDICTS)))
def test_what_was_found_is_judged_by_what_is_asked_for(found: Overload, not_so: set[str]) -> None:
    assert {what for what, _, _, is_so in found.checks() if not is_so} == not_so
    assert len(found.table()) == 10


def test_a_share_of_answers_came_within_a_time() -> None:
    answers = [Answer(200, place / 1000, says_when=False) for place in range(1000)]
    assert within(answers, 0.99) == 0.99
    assert within([], 0.99) == 0


@pytest.mark.parametrize(("answers", "statuses"), [(1, [200, 200, 200]), (0, [0, 0, 0])])
async def test_a_connection_that_ends_as_it_is_used_again_is_no_answer_missed(
    answers: int, statuses: list[int]
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(answers):
            await reader.readuntil(b"\r\n\r\n{}")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        with suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n{}")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        (caller,) = _callers(server.sockets[0].getsockname()[1], 1)
        for _ in range(3):
            await caller.ask()
        assert [answer.status for answer in caller.taken()] == statuses
        caller.close()
