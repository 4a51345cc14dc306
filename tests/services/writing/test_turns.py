"""Whoever changes rights waits for the writes under way, and for no more than these, however many come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from app.database import connect, engine_for
from app.identity.proof import Stale
from app.services.policies.store import activate
from app.services.writing import writing
from policies.loading import DEFAULT_RULES, read_folder
from tests.services.writing.scene import REVOCATIONS, Scene

ENGINES, CONNECTIONS = 2, 4
WRITERS = ENGINES * CONNECTIONS
REVOCATIONS_EACH = 10
COUNT = "SELECT count(*) FROM written"


@dataclass
class Crowd:
    """Many that write without a pause; each write leaves a row that says under which version of the user's rights."""

    scene: Scene
    going: bool = True
    stale: int = 0

    async def write(self, engine: AsyncEngine) -> None:
        """Writes until told otherwise, under rights read anew where they have changed."""
        rights = await self.scene.rights()
        async with engine.connect() as connection:
            while self.going:
                try:
                    async with writing(connection, rights) as unit:
                        written = sa.text("INSERT INTO written (under) VALUES (:under)")
                        await unit.connection.execute(written, {"under": rights.proof.access_version})
                except Stale:
                    self.stale += 1
                    rights = await self.scene.rights()


@asynccontextmanager
async def _writing(scene: Scene) -> AsyncIterator[Crowd]:
    """A crowd at work."""
    await scene.writer.execute("CREATE TABLE IF NOT EXISTS written (under bigint)")
    engines = [engine_for(partial(connect, scene.dsn, statement_timeout=5)) for _ in range(ENGINES)]
    crowd = Crowd(scene)
    writers = [asyncio.create_task(crowd.write(engine)) for engine in engines for _ in range(CONNECTIONS)]
    try:
        yield crowd
    finally:
        crowd.going = False
        await asyncio.gather(*writers)
        await asyncio.gather(*(engine.dispose() for engine in engines))


async def _grown(scene: Scene, by: int) -> None:
    """Returns when so many more writes are done."""
    before = await scene.writer.fetchval(COUNT)
    while await scene.writer.fetchval(COUNT) < before + by:
        await asyncio.sleep(0.005)


async def _overtaken(scene: Scene, revoker: asyncpg.Connection) -> int:
    """How many writes are done from when a revoker waits until it has its turn."""

    async def revoke() -> int:
        async with revoker.transaction():
            await revoker.execute(REVOCATIONS["the assignment ends"], scene.company.rep.key)
            return int(await revoker.fetchval(COUNT))

    revoking = asyncio.create_task(revoke())
    question = "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND NOT granted)"
    while not revoking.done() and not await scene.writer.fetchval(question, revoker.get_server_pid()):
        pass
    before: int = await scene.writer.fetchval(COUNT)
    return await revoking - before


async def test_no_stream_of_writes_keeps_a_revocation_waiting(scene: Scene) -> None:
    async with scene.session() as revoker, _writing(scene) as crowd:
        for _ in range(REVOCATIONS_EACH):
            await _grown(scene, WRITERS)
            assert await _overtaken(scene, revoker) <= WRITERS
        await _grown(scene, WRITERS)
    assert crowd.stale == 0


async def test_a_stream_of_activations_and_one_of_writes_both_go_on(scene: Scene) -> None:
    texts = read_folder(DEFAULT_RULES)
    async with scene.session() as revoker, _writing(scene) as crowd:
        for _ in range(REVOCATIONS_EACH):
            await activate(revoker, texts)
            await _grown(scene, WRITERS)
    assert crowd.stale >= REVOCATIONS_EACH


async def _written(connection: asyncpg.Connection) -> dict[int, int]:
    """How many writes there are under each version of rights."""
    return dict(await connection.fetch("SELECT under, count(*) FROM written GROUP BY under"))


async def test_once_rights_have_changed_nothing_more_is_written_under_those_of_before(scene: Scene) -> None:
    """What a change of rights finds written under those of before is all that there will ever be."""
    found: dict[int, int] = {}
    async with scene.session() as revoker, _writing(scene) as crowd:
        for _ in range(REVOCATIONS_EACH):
            await _grown(scene, WRITERS)
            async with revoker.transaction():
                await revoker.execute(
                    "UPDATE users SET display_name = display_name || 'x' WHERE id = $1", scene.user.key
                )
                found = await _written(revoker) | found
        await _grown(scene, WRITERS)
    assert crowd.stale >= REVOCATIONS_EACH
    assert len(found) >= REVOCATIONS_EACH
    written = await _written(scene.writer)
    assert {under: written[under] for under in found} == found


@pytest.mark.parametrize("first", ["hold_rights()", "change_rights()"])
async def test_a_session_that_is_lost_keeps_nobody_waiting(scene: Scene, first: str) -> None:
    async with scene.session() as lost:
        await lost.execute(f"BEGIN; SELECT {first}")
        await scene.writer.execute("SELECT pg_terminate_backend($1, 5000)", lost.get_server_pid())
        await scene.writer.execute(REVOCATIONS["the manager is another"], scene.user.key)
        await scene.write()
    assert await scene.tier() == "KEY"
