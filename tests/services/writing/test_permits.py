"""What the policy permits, written: it is permitted until the write's end, or it is not done."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa

from app.identity.authority import Rights
from app.identity.proof import Stale
from app.models import Base
from app.models.catalogue import CATALOGUE
from app.services.policies.store import activate
from policies.document import Action
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.rows import Row, assign, customer, order, store
from tests.services.writing.scene import REVOCATIONS, Scene

CUSTOMERS = Base.metadata.tables["customers"]
FIELDS = {"tier": "tier", "region_id": "region", "display_name": "displayName"}

CLERK = """
role: clerk
rules:
  - allow: [read]
    on: [Customer, Order]
    fields: {classes: [PUBLIC, BUSINESS]}
  - allow: [update]
    on: Customer
    when: {orders: {some: {status: {neq: CANCELED}}}, region: {in: $assignment.regions}}
    fields: {names: [tier, region]}
"""
"""A role whose right to change a customer rests on the customer's orders."""


class Forbidden(Exception):
    """The row may not be left so."""


@pytest.fixture
async def rights(scene: Scene) -> Rights:
    """Of a clerk for Germany."""
    await activate(scene.writer, read_folder(DEFAULT_RULES) | {"clerk.yaml": CLERK})
    await store(scene.writer, order(scene.customer, status="UNFULFILLED"))
    await assign(scene.writer, scene.user, "clerk", region=scene.company.germany)
    return await scene.rights()


async def _update(scene: Scene, rights: Rights, key: UUID, **values: Any) -> int:
    """Changes a customer where that is permitted; how many rows it was."""
    permit = rights.access.permits(Action.UPDATE, CATALOGUE["Customer"], [FIELDS[name] for name in values])
    one = CUSTOMERS.c.id == key
    async with scene.writing(rights) as unit:
        done = await unit.execute(sa.update(CUSTOMERS).where(one, permit.before(CUSTOMERS)).values(values))
        if done.rowcount:
            unit.check_last(sa.exists().where(one, permit.after(CUSTOMERS)), Forbidden())
        return done.rowcount


async def _row(scene: Scene, key: UUID) -> asyncpg.Record:
    return await scene.writer.fetchrow("SELECT * FROM customers WHERE id = $1", key)


async def test_what_is_permitted_is_written(scene: Scene, rights: Rights) -> None:
    assert await _update(scene, rights, scene.customer.key, tier="KEY") == 1
    assert await scene.tier() == "KEY"


async def test_what_is_not_permitted_on_a_row_leaves_it_as_it_is(scene: Scene, rights: Rights) -> None:
    without_order, elsewhere = customer(region=scene.company.germany), customer(region=scene.company.china)
    await store(scene.writer, without_order, elsewhere, order(elsewhere))
    for row in (without_order, elsewhere):
        before = await _row(scene, row.key)
        assert await _update(scene, rights, row.key, tier="KEY") == 0
        assert await _row(scene, row.key) == before


@pytest.mark.parametrize("values", [{"display_name": "X"}, {"tier": "KEY", "display_name": "X"}])
async def test_a_field_that_is_not_granted_is_not_written(scene: Scene, rights: Rights, values: dict[str, Any]) -> None:
    before = await _row(scene, scene.customer.key)
    assert await _update(scene, rights, scene.customer.key, **values) == 0
    assert await _row(scene, scene.customer.key) == before


async def test_a_row_may_not_be_left_as_it_would_not_be_permitted(scene: Scene, rights: Rights) -> None:
    before = await _row(scene, scene.customer.key)
    with pytest.raises(Forbidden):
        await _update(scene, rights, scene.customer.key, region_id=scene.company.china.key)
    assert await _row(scene, scene.customer.key) == before


@pytest.mark.parametrize("how", REVOCATIONS)
async def test_what_was_permitted_is_refused_once_rights_have_changed(scene: Scene, rights: Rights, how: str) -> None:
    before = await _row(scene, scene.customer.key)
    await scene.writer.execute(REVOCATIONS[how], scene.user.key)
    with pytest.raises(Stale):
        await _update(scene, rights, scene.customer.key, tier="KEY")
    assert await _row(scene, scene.customer.key) == before


async def _lose_the_orders(session: asyncpg.Connection, of: Row) -> None:
    """Takes away what the right rests on, and keeps the customer's row locked."""
    await session.execute("UPDATE orders SET status = 'CANCELED' WHERE customer_id = $1", of.key)
    await session.execute("UPDATE customers SET display_name = 'Renamed' WHERE id = $1", of.key)


async def test_a_ground_in_another_table_that_went_meanwhile_permits_no_more(scene: Scene, rights: Rights) -> None:
    async with scene.session() as session:
        async with session.transaction():
            await _lose_the_orders(session, scene.customer)
            late = asyncio.create_task(_update(scene, rights, scene.customer.key, tier="KEY"))
            await scene.somebody_waits()
        with pytest.raises(Forbidden):
            await late
    assert await scene.tier() is None
