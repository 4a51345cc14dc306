"""Rights that are followed: asked for in one statement a beat while anybody listens, and left as they are meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import pytest

from app.database import Database
from app.identity.authority import Authority
from app.identity.bearer import Bearer
from app.identity.following import ASKED, Ended, Following, Stopped
from tests.conftest import TemporaryDatabase
from tests.database.proxy import Proxy, proxy_to
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import assign
from tests.http.fixtures import Log, company, log, writer
from tests.http.hearing import Heard

__all__ = ["company", "log", "writer"]

BEAT = 0.02
PATIENCE = 10


@pytest.fixture
async def network(database: TemporaryDatabase) -> AsyncIterator[Proxy]:
    """The network between the database and who follows."""
    async with proxy_to(database.dsn) as proxy:
        yield proxy


@pytest.fixture
async def far(network: Proxy) -> AsyncIterator[Database]:
    """The database behind it."""
    found = Database(network.dsn, pool_size=1, statement_timeout=5)
    await found.open()
    yield found
    await found.close()


@pytest.fixture
def following(far: Database, company: Company) -> Following:
    """What follows rights in it."""
    return Following(Authority(far.read), far.read, asyncio.Event(), BEAT)


async def _beats(heard: Heard, beats: int) -> list[str]:
    """What is said till so many beats have passed."""
    said: list[str] = []
    async with asyncio.timeout(PATIENCE):
        while said.count(ASKED) < beats:
            await asyncio.sleep(BEAT)
            said += heard.taken()
    return said


async def _until(following: Following, *, steady: bool) -> None:
    async with asyncio.timeout(PATIENCE):
        while following.is_steady is not steady:
            await asyncio.sleep(BEAT)


async def test_all_are_asked_for_in_one_statement_while_anybody_follows(
    far: Database, following: Following, company: Company
) -> None:
    heard = Heard()
    async with far.pool.acquire() as connection:
        connection.add_query_logger(heard.hear)
    bearers = [Bearer(who.key) for who in (company.rep, company.admin, company.agent, company.rep)]
    async with AsyncExitStack() as stack:
        for bearer in bearers:
            await stack.enter_async_context(following.of(bearer))
        await _beats(heard, 1)  # the driver learns about types
        assert set(await _beats(heard, 3)) == {ASKED}
    heard.taken()
    await asyncio.sleep(3 * BEAT)
    assert heard.taken() == []


async def test_without_an_answer_everybody_is_left_as_they_are(
    network: Proxy, following: Following, company: Company, writer: asyncpg.Connection, log: Log
) -> None:
    async with following.of(Bearer(company.marketer.key)) as standing:
        turn = standing.turn
        network.refuse()
        await _until(following, steady=False)
        await assign(writer, company.marketer, "auditor")
        assert standing.turn == turn
        await network.mend()
        async with asyncio.timeout(PATIENCE):
            assert await standing.after(turn) == turn + 1
        await _until(following, steady=True)
        assert {each.role for each in standing.rights.principal.assignments} == {"auditor", "marketer"}
    told = [line["event"] for line in log.lines() if "rights" in line["event"]]
    assert told == ["rights cannot be followed now"]


async def test_without_an_answer_it_is_asked_less_and_less_often(
    network: Proxy, following: Following, company: Company
) -> None:
    async with following.of(Bearer(company.rep.key)):
        network.refuse()
        found: list[int] = []
        async with asyncio.timeout(PATIENCE):
            while following.beats < 8:
                found += [following.beats] if following.beats not in found else []
                await asyncio.sleep(BEAT / 4)
    assert found == [1, 2, 4]


async def test_nobody_follows_who_may_not_ask(following: Following, company: Company) -> None:
    with pytest.raises(Ended):
        async with following.of(Bearer(company.europe.key)):
            pass
    following.leaving.set()
    with pytest.raises(Stopped):
        async with following.of(Bearer(company.rep.key)):
            pass


async def test_whoever_follows_is_told_that_the_process_ends(following: Following, company: Company) -> None:
    async with following.of(Bearer(company.rep.key)) as standing:
        following.leaving.set()
        with pytest.raises(Stopped):
            async with asyncio.timeout(PATIENCE):
                await standing.after(standing.turn)
