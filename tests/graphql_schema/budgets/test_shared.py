"""Counters of all processes, in Valkey or Redis; and what happens while it is away."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from uuid import UUID, uuid4

import pytest

from app.identity.quotas import Quota, Unit
from graphql_schema.budgets import shared
from graphql_schema.budgets.shared import Shared, storage_at
from tests.http.fixtures import Log

PROGRAM = shutil.which("valkey-server") or shutil.which("redis-server")
TOGETHER, EACH = "budgets are counted together again", "budgets are counted by each process"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@contextmanager
def _valkey(port: int) -> Iterator[None]:
    if PROGRAM is None:
        pytest.skip("neither valkey-server nor redis-server is installed here")
    command = [PROGRAM, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while not _listens(port):
            assert process.poll() is None
        yield
    finally:
        process.terminate()
        process.wait()


@asynccontextmanager
async def _counting(port: int, scheme: str = "valkey") -> AsyncIterator[Shared]:
    """One of the processes that count together."""
    counters = Shared(storage_at(f"{scheme}://127.0.0.1:{port}"))
    try:
        yield counters
    finally:
        await counters.close()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where Valkey listens."""
    found = _free_port()
    with _valkey(found):
        yield found


@pytest.fixture
def quota() -> Quota:
    """A hundred points of somebody."""
    return Quota("user", uuid4(), Unit.COST, 100)


@pytest.mark.parametrize("scheme", ["valkey", "redis", "REDIS"])
async def test_an_address_is_taken_as_it_is_but_for_what_is_spoken(scheme: str) -> None:
    storage = storage_at(f"{scheme}://redis:redis@redis.example:6380/2")
    connection = storage.bridge.get_connection()  # type: ignore[attr-defined] # as limits has it
    found = connection.connection_pool.connection_kwargs
    assert (found["username"], found["password"], found["host"]) == ("redis", "redis", "redis.example")
    assert (found["port"], found["db"]) == (6380, 2)
    await connection.aclose()


@pytest.mark.parametrize("scheme", ["valkey", "redis"])
async def test_processes_count_together(port: int, quota: Quota, scheme: str) -> None:
    async with _counting(port, scheme) as one, _counting(port, scheme) as other:
        assert (await one.take(quota, 60))[1].remaining(100) == 40
        assert (await other.take(quota, 30))[1].remaining(100) == 10
        fits, window = await one.take(quota, 11)
        assert (fits, window.remaining(100), window.before) == (False, 10, 0)
        assert 60 < window.wait(100, 11) <= 120
        assert (await other.take(quota, -30))[1].remaining(100) == 40
        assert (await one.take(quota, 0))[1].remaining(100) == 40


async def test_holders_and_units_are_counted_apart(port: int, quota: Quota) -> None:
    async with _counting(port) as counters:
        for each in (quota, Quota("client", uuid4(), Unit.COST, 100), Quota("user", quota.holder, Unit.REQUESTS, 100)):
            assert (await counters.take(each, 100))[0]
            assert not (await counters.take(each, 1))[0]


async def test_many_at_once_take_no_more_than_there_is(port: int, quota: Quota) -> None:
    async with _counting(port) as one, _counting(port) as other:
        taken = await asyncio.gather(*((one, other)[i % 2].take(quota, 10) for i in range(40)))
    assert sum(fits for fits, _ in taken) == 10


async def test_while_it_is_away_each_process_counts_for_itself(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "PAUSE", 0.0)
    quota = Quota("user", UUID(int=1), Unit.COST, 100)
    async with _counting(_free_port()) as counters:
        for left in (40, 40):
            fits, window = await counters.take(quota, 60)
            assert window.remaining(100) == left
        assert not fits
    (line,) = log.lines()
    assert (line["event"], line["level"]) == (EACH, "warning")
    assert set(line) == {"event", "level", "timestamp", "reason"}


async def test_one_that_swallows_everything_keeps_nobody_waiting(log: Log, quota: Quota) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await reader.read()
        writer.close()

    silent = await asyncio.start_server(swallow, "127.0.0.1", 0)
    async with silent, _counting(silent.sockets[0].getsockname()[1]) as counters:
        taken = await asyncio.gather(*(counters.take(quota, 10) for _ in range(20)))
    assert sum(fits for fits, _ in taken) == 10
    assert [line["event"] for line in log.lines()] == [EACH]


async def test_when_it_is_back_processes_count_together_again(
    log: Log, quota: Quota, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "PAUSE", 0.0)
    port = _free_port()
    async with _counting(port) as one, _counting(port) as other:
        with _valkey(port):
            assert (await one.take(quota, 60))[1].remaining(100) == 40
        for counters in (one, other):
            assert (await counters.take(quota, 60))[1].remaining(100) == 40
        with _valkey(port):
            assert (await one.take(quota, 60))[1].remaining(100) == 40
            assert (await other.take(quota, 60))[0] is False
    assert [line["event"] for line in log.lines()] == [EACH, EACH, TOGETHER, TOGETHER]
