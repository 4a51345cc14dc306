"""The database goes away, and comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest

from app.database import Database, DatabaseUnavailable, connect
from app.database.pulse import PATIENCE, Pulse
from tests.conftest import TemporaryDatabase
from tests.database.conftest import opened
from tests.database.proxy import Proxy

LONGEST = 5
"""Seconds within which every caller has an answer."""


@pytest.fixture
async def far(proxy: Proxy) -> AsyncIterator[Database]:
    """A database behind a network, its pool warm."""
    async with opened(proxy.dsn, pool_size=4) as found:
        await asyncio.gather(*(found.read("SELECT pg_sleep(0.1)") for _ in range(4)))
        yield found


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONGEST):
        while not condition():
            await asyncio.sleep(0.01)


async def _answer(database: Database, number: int) -> int | str:
    try:
        row = await database.read("SELECT $1::int", number)
    except DatabaseUnavailable:
        return "unavailable"
    assert row is not None
    return int(row[0])


async def _answers(database: Database, callers: int) -> set[int | str]:
    async with asyncio.timeout(LONGEST):
        return {*await asyncio.gather(*(_answer(database, number) for number in range(callers)))}


async def test_a_network_that_breaks_connections_loses_no_read(far: Database, proxy: Proxy) -> None:
    proxy.reset()
    assert await _answers(far, 20) == {*range(20)}
    assert not far.pulse.is_lost


async def test_a_server_that_refuses_is_known_at_once_and_found_again(far: Database, proxy: Proxy) -> None:
    proxy.refuse()
    assert await _answers(far, 64) == {"unavailable"}
    await _until(lambda: far.pulse.is_lost and not far.pulse.is_steady)

    await proxy.mend()
    await _until(lambda: far.pulse.is_steady)
    assert await _answers(far, 20) == {*range(20)}


async def test_a_network_that_swallows_everything_keeps_no_caller_waiting(far: Database, proxy: Proxy) -> None:
    proxy.swallow()
    assert await _answers(far, 64) == {"unavailable"}
    assert far.pulse.is_lost
    assert await _answers(far, 64) == {"unavailable"}

    await proxy.mend()
    await _until(lambda: far.pulse.is_steady)
    assert await _answers(far, 20) == {*range(20)}


async def test_a_hiccup_is_no_outage(far: Database, proxy: Proxy) -> None:
    proxy.swallow()
    await _until(lambda: not far.pulse.is_steady)
    assert not far.pulse.is_lost
    await proxy.mend()
    await _until(lambda: far.pulse.is_steady)
    assert await _answers(far, 20) == {*range(20)}


async def test_closing_waits_for_nobody(proxy: Proxy) -> None:
    async with asyncio.timeout(LONGEST):
        async with opened(proxy.dsn) as found:
            proxy.swallow()
            waiting = asyncio.create_task(_answer(found, 1))
            await asyncio.sleep(0)
        assert await waiting == "unavailable"


async def test_a_far_network_is_no_outage(proxy: Proxy) -> None:
    pulse = Pulse(partial(connect, proxy.dsn), lambda: None)
    await pulse.feel()
    proxy.slow_down(0.3)
    proxy.reset()
    for _again in range(2):
        await pulse.feel()
    assert pulse.is_steady
    await pulse.stop()


async def test_a_process_that_was_late_itself_has_not_lost_its_database(database: TemporaryDatabase) -> None:
    async with opened(database.dsn) as found:
        await found.pulse.stop()
        await found.pulse.feel()
        for _ in range(3):
            question = asyncio.create_task(found.pulse.feel())
            for _each_step_until_it_is_asked in range(5):
                await asyncio.sleep(0)
            time.sleep(PATIENCE + 0.1)  # noqa: ASYNC251 # as long work of this process would
            await question
            assert found.pulse.is_steady
