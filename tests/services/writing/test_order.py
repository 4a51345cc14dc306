"""Writes and changes of rights take turns: a write is wholly before a change, or refused after it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.authority import Rights
from app.identity.proof import Stale, Unsettled
from app.services.ordering import CHANGE_RIGHTS, HOLD_RIGHTS
from app.services.policies.store import activate
from app.services.writing import writing
from policies.loading import DEFAULT_RULES, read_folder
from policies.principal import Party
from tests.services.writing.scene import REVOCATIONS, Scene


async def test_a_write_under_rights_that_hold_stands(scene: Scene) -> None:
    await scene.write()
    assert await scene.tier() == "KEY"


async def _also(scene: Scene, statement: str) -> None:
    """Writes, and does something else in the same unit."""
    async with scene.writing() as unit:
        await unit.connection.execute(scene.update())
        await unit.connection.exec_driver_sql(statement)


async def test_a_write_that_fails_leaves_nothing_and_holds_nothing(scene: Scene) -> None:
    with pytest.raises(DBAPIError):
        await _also(scene, "SELECT 1 / 0")
    assert await scene.tier() is None
    async with scene.session() as revoker:
        await revoker.execute(REVOCATIONS["the assignment ends"], scene.user.key)


@pytest.mark.parametrize("how", REVOCATIONS)
async def test_a_write_planned_before_a_change_of_rights_is_refused_after_it(scene: Scene, how: str) -> None:
    rights = await scene.rights()
    await scene.writer.execute(REVOCATIONS[how], scene.user.key)
    with pytest.raises(Stale):
        await scene.write(rights)
    assert await scene.tier() is None


async def test_a_write_planned_before_an_activation_is_refused_after_it(scene: Scene) -> None:
    rights = await scene.rights()
    await activate(scene.writer, read_folder(DEFAULT_RULES))
    with pytest.raises(Stale):
        await scene.write(rights)
    await scene.write()
    assert await scene.tier() == "KEY"


async def test_a_write_is_refused_after_a_change_of_a_ceilings_rights(scene: Scene) -> None:
    """As of the client that acts for a user. Here another user stands for it."""
    own, client = await scene.rights(), scene.company.nobody.key
    principal = replace(own.principal, ceilings=(Party(client, ()),))
    versions = "SELECT sum(version)::bigint FROM access_versions WHERE subject_id = ANY($1)"
    sum_of_both = await scene.writer.fetchval(versions, [scene.user.key, client])
    rights = Rights(principal, own.access, replace(own.proof, access_version=sum_of_both))
    await scene.write(rights, "BASIC")
    await scene.writer.execute(REVOCATIONS["the user is suspended"], client)
    with pytest.raises(Stale):
        await scene.write(rights)
    assert await scene.tier() == "BASIC"


async def _revoke(revoker: asyncpg.Connection, scene: Scene, how: str) -> str | None:
    """Changes rights, and says what is written of the customer when it may."""
    async with revoker.transaction():
        await revoker.execute(REVOCATIONS[how], scene.user.key)
        found: str | None = await revoker.fetchval("SELECT tier FROM customers WHERE id = $1", scene.customer.key)
        return found


@pytest.mark.parametrize("how", REVOCATIONS)
async def test_a_change_of_rights_waits_for_a_write_that_began_before(scene: Scene, how: str) -> None:
    async with scene.session() as revoker:
        async with scene.writing() as unit:
            revoking = asyncio.create_task(_revoke(revoker, scene, how))
            await scene.somebody_waits()
            await unit.connection.execute(scene.update())
        assert await revoking == "KEY"


async def test_a_change_of_rights_waits_longer_than_its_session_waits_for_locks(scene: Scene) -> None:
    """Sessions of ours wait for two seconds, and a write may take longer."""
    async with scene.session() as revoker:
        await revoker.execute("SET lock_timeout = '1ms'")
        async with scene.writing() as unit:
            revoking = asyncio.create_task(_revoke(revoker, scene, "the assignment ends"))
            await scene.somebody_waits()
            await unit.connection.exec_driver_sql("SELECT pg_sleep(0.05)")
            await unit.connection.execute(scene.update())
        assert await revoking == "KEY"
        assert await revoker.fetchval("SHOW lock_timeout") == "1ms"


async def _write(connection: AsyncConnection, rights: Rights, statement: sa.Update) -> None:
    async with writing(connection, rights) as unit:
        await unit.connection.execute(statement)


async def _late(scene: Scene, connection: AsyncConnection, rights: Rights) -> asyncio.Task[None]:
    """A write that has begun, and waits."""
    task = asyncio.create_task(_write(connection, rights, scene.update()))
    await scene.somebody_waits()
    return task


@pytest.mark.parametrize("how", REVOCATIONS)
async def test_a_write_that_begins_during_a_change_of_rights_is_refused_after_it(scene: Scene, how: str) -> None:
    rights = await scene.rights()
    async with scene.session() as revoker, scene.engine.connect() as connection:
        async with revoker.transaction():
            await revoker.execute(REVOCATIONS[how], scene.user.key)
            late = await _late(scene, connection, rights)
        with pytest.raises(Stale):
            await late
    assert await scene.tier() is None


async def test_a_write_that_begins_during_a_change_that_fails_goes_on(scene: Scene) -> None:
    rights = await scene.rights()
    async with scene.session() as revoker, scene.engine.connect() as connection:
        transaction = revoker.transaction()
        await transaction.start()
        await revoker.execute(REVOCATIONS["the assignment ends"], scene.user.key)
        late = await _late(scene, connection, rights)
        await transaction.rollback()
        await late
    assert await scene.tier() == "KEY"


async def test_who_waits_too_long_for_a_change_of_rights_is_told_that_it_passes(scene: Scene) -> None:
    rights = await scene.rights()
    async with scene.session() as revoker, scene.engine.connect() as connection:
        await connection.exec_driver_sql("SET lock_timeout = '10ms'")
        await connection.commit()
        async with revoker.transaction():
            await revoker.execute(CHANGE_RIGHTS)
            with pytest.raises(Unsettled):
                await _write(connection, rights, scene.update())
        await _write(connection, rights, scene.update("BASIC"))
    assert await scene.tier() == "BASIC"


@pytest.mark.parametrize("isolation", ["repeatable read", "serializable"])
async def test_the_proof_is_read_after_the_wait_whatever_the_databases_default_is(scene: Scene, isolation: str) -> None:
    """Where all statements of a transaction share a snapshot, it would be from before the wait."""
    rights = await scene.rights()
    async with scene.session() as revoker, scene.engine.connect() as connection:
        await connection.exec_driver_sql(f"SET default_transaction_isolation = '{isolation}'")
        await connection.commit()
        async with revoker.transaction():
            await revoker.execute(REVOCATIONS["the assignment ends"], scene.user.key)
            late = await _late(scene, connection, rights)
        with pytest.raises(Stale):
            await late
    assert await scene.tier() is None


@pytest.mark.parametrize("isolation", ["repeatable_read", "serializable"])
async def test_rights_cannot_be_held_under_a_snapshot_from_before(scene: Scene, isolation: str) -> None:
    async with scene.session() as session:
        transaction = session.transaction(isolation=isolation)
        await transaction.start()
        with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="committed before it"):
            await session.execute(HOLD_RIGHTS)
        await transaction.rollback()


BESIDE = {
    "users": "locale = 'de-DE'",
    "regions": "currency = 'EUR'",
    "departments": "name = 'Renamed'",
    "roles": "rank = 7",
    "policy_versions": "note = 'read'",
}
"""Of tables that rights rest on, a column that they do not rest on."""


@pytest.mark.parametrize("table", BESIDE)
async def test_a_change_of_rights_that_waits_locks_no_row_that_the_write_before_it_needs(
    scene: Scene, table: str
) -> None:
    """Else each would wait for the other."""
    changes = "deleted_at = now()" if table == "policy_versions" else "deleted_at = deleted_at"
    async with scene.session() as revoker:
        async with scene.writing() as unit:
            revoking = asyncio.create_task(revoker.execute(f"UPDATE {table} SET {changes}"))
            await scene.somebody_waits()
            await unit.connection.exec_driver_sql(f"UPDATE {table} SET {BESIDE[table]}")
            await unit.connection.execute(scene.update())
        await revoking
    assert await scene.tier() == "KEY"
    if table == "policy_versions":
        await scene.writer.execute("UPDATE policy_versions SET deleted_at = NULL")


async def test_who_holds_rights_cannot_change_them(scene: Scene) -> None:
    """Two that did would wait for each other."""
    before = await scene.writer.fetch("SELECT * FROM role_assignments ORDER BY id")
    for statement in ("UPDATE role_assignments SET valid_to = now()", "DELETE FROM users", "TRUNCATE roles CASCADE"):
        with pytest.raises(DBAPIError, match="cannot change them"):
            await _also(scene, statement)
    assert await scene.tier() is None
    assert await scene.writer.fetch("SELECT * FROM role_assignments ORDER BY id") == before


async def test_a_write_that_changes_rights_says_so_and_is_alone(scene: Scene) -> None:
    rights = await scene.rights()
    async with scene.engine.connect() as connection:
        async with scene.writing(changes_rights=True) as unit:
            late = await _late(scene, connection, rights)
            ended = sa.text("UPDATE role_assignments SET valid_to = now() WHERE user_id = :id")
            await unit.connection.execute(ended, {"id": scene.user.key})
        with pytest.raises(Stale):
            await late
    assert await scene.tier() is None


async def test_those_who_change_rights_at_once_take_turns(scene: Scene) -> None:
    rights = await scene.rights()

    async def rename() -> str:
        try:
            async with scene.writing(rights, changes_rights=True) as unit:
                named = sa.text("UPDATE users SET display_name = display_name || 'x' WHERE id = :id")
                await unit.connection.execute(named, {"id": scene.user.key})
        except Stale:
            return "stale"
        return "written"

    ends = await asyncio.gather(*(rename() for _ in range(4)))
    assert sorted(ends) == ["stale", "stale", "stale", "written"]


async def test_whoever_began_by_changing_rights_may_hold_them_too(scene: Scene) -> None:
    rights = await scene.rights()
    async with scene.session() as session, session.transaction():
        for statement in (CHANGE_RIGHTS, HOLD_RIGHTS):
            await session.execute(statement)
        await session.execute(REVOCATIONS["the assignment ends"], scene.user.key)
    with pytest.raises(Stale):
        await scene.write(rights)
