"""The last statement of a write: what must hold of other rows, and the time."""

from __future__ import annotations

import asyncio
import datetime as dt

import asyncpg
import pytest
import sqlalchemy as sa

from app.identity.authority import Rights
from app.identity.proof import Stale
from app.models import Customer, Order
from tests.graphql_schema.rows import Row, assign, order, store
from tests.services.writing.scene import Scene


class Forbidden(Exception):
    """What a rule that crosses tables says."""


def _has_open_order(scene: Scene) -> sa.ColumnElement[bool]:
    """A rule that crosses tables: the customer has an order that is not called off."""
    return sa.exists().where(Order.customer_id == scene.customer.key, Order.status != "CANCELED")


@pytest.fixture
async def ordered(scene: Scene) -> Row:
    """An order of the scene's customer."""
    made = order(scene.customer, status="UNFULFILLED")
    await store(scene.writer, made)
    return made


async def _write(scene: Scene, *, again: bool) -> int:
    """Changes the customer where the rule holds; the rows changed, as the UPDATE says."""
    async with scene.writing() as unit:
        if again:
            unit.check_last(_has_open_order(scene), Forbidden("no open order"))
        done = await unit.connection.execute(scene.update().where(_has_open_order(scene)))
        return done.rowcount


async def _cancel(scene: Scene, session: asyncpg.Connection, ordered: Row) -> None:
    """Takes the ground away, and keeps the customer's row locked."""
    await session.execute("UPDATE orders SET status = 'CANCELED' WHERE id = $1", ordered.key)
    await session.execute("UPDATE customers SET display_name = 'Renamed' WHERE id = $1", scene.customer.key)


async def _waiting(scene: Scene, *, again: bool) -> asyncio.Task[int]:
    """The write, once it waits for the customer's row."""
    writing = asyncio.create_task(_write(scene, again=again))
    await scene.somebody_waits()
    return writing


async def test_an_update_that_waited_does_not_see_what_became_of_other_rows(scene: Scene, ordered: Row) -> None:
    """Why there is a last statement. Should PostgreSQL ever do otherwise, there need be none."""
    async with scene.session() as session:
        async with session.transaction():
            await _cancel(scene, session, ordered)
            late = await _waiting(scene, again=False)
        assert await late == 1
    assert await scene.tier() == "KEY"


async def test_a_rule_that_crosses_tables_is_asked_again_last(scene: Scene, ordered: Row) -> None:
    async with scene.session() as session:
        async with session.transaction():
            await _cancel(scene, session, ordered)
            late = await _waiting(scene, again=True)
        with pytest.raises(Forbidden):
            await late
    assert await scene.tier() is None


@pytest.mark.parametrize(("condition", "stands"), [(sa.true(), True), (sa.false(), False), (sa.null(), False)])
async def test_what_is_asked_last_must_be_true(
    scene: Scene, condition: sa.ColumnElement[bool], *, stands: bool
) -> None:
    try:
        async with scene.writing() as unit:
            await unit.connection.execute(scene.update())
            unit.check_last(sa.true(), ValueError("another"))
            unit.check_last(sa.cast(condition, sa.Boolean()), Forbidden())
            unit.check_last(sa.true(), ValueError("another"))
    except Forbidden:
        assert not stands
    assert await scene.tier() == ("KEY" if stands else None)


async def test_the_last_statement_sees_the_write_itself(scene: Scene) -> None:
    async with scene.writing() as unit:
        unit.check_last(sa.exists().where(Customer.id == scene.customer.key, Customer.tier == "KEY"), Forbidden())
        await unit.connection.execute(scene.update())
    assert await scene.tier() == "KEY"


async def _ending(scene: Scene) -> tuple[Rights, dt.datetime]:
    """Rights that end soon, and when."""
    now: dt.datetime = await scene.writer.fetchval("SELECT clock_timestamp()")
    end = now + dt.timedelta(seconds=1)
    await assign(scene.writer, scene.user, "marketer", valid_to=end)
    rights = await scene.rights()
    assert rights.principal.fresh_until == end
    return rights, end


async def test_rights_that_end_while_a_write_waits_to_begin_are_refused(scene: Scene) -> None:
    """Its transaction began before, and `now()` with it."""
    rights, end = await _ending(scene)
    async with scene.session() as other:
        async with other.transaction():
            await other.execute("SELECT change_rights()")
            late = asyncio.create_task(scene.write(rights))
            await scene.somebody_waits()
            await other.execute("SELECT pg_sleep_until($1)", end)
        with pytest.raises(Stale):
            await late
    assert await scene.tier() is None


async def test_rights_that_end_during_a_write_are_refused_at_its_end(scene: Scene) -> None:
    rights, end = await _ending(scene)

    async def write() -> None:
        async with scene.writing(rights) as unit:
            await unit.connection.execute(scene.update())
            await unit.connection.execute(sa.text("SELECT pg_sleep_until(:end)"), {"end": end})

    with pytest.raises(Stale):
        await write()
    assert await scene.tier() is None
    await scene.write()
    assert await scene.tier() == "KEY"
