"""Who keeps up with changes loses none, however the transactions that make them end; and is told of none twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import asyncpg
import pytest

from app.database import connect, engine_for
from app.identity.bearer import Bearer
from app.models.catalogue import CATALOGUE
from app.services.records.consequences import change, changed
from app.services.records.locking import row_of
from app.services.writing import UnitOfWork, writing
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.history.following import page, tiers, update
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

TYPES = ["CUSTOMER"]

CUSTOMER = CATALOGUE["Customer"]


class Undone(Exception):
    """Of a write, what ends it."""


class Write:
    """A write under way: it draws the numbers of its events when it is told to."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit

    async def begin(self) -> None:
        """Gets its transaction an id."""
        await (await self.unit.driver).execute("SELECT pg_current_xact_id()")

    async def put(self, of: Row, tier: str) -> None:
        """Changes a customer's tier."""
        driver = await self.unit.driver
        found = await driver.fetchrow("SELECT * FROM customers WHERE id = $1 FOR NO KEY UPDATE", of.key)
        await change(self.unit, [changed(CUSTOMER, row_of(CUSTOMER, found), {"tier": tier})])

    async def undo(self) -> None:
        """Leaves nothing of it."""
        raise Undone


Begin = Callable[[], AbstractAsyncContextManager[Write]]


@pytest.fixture
async def two(writer: asyncpg.Connection, company: Company) -> tuple[Row, Row]:
    """Two customers of the representative's."""
    made = [customer(name, owner=company.rep, region=company.germany) for name in ("Acme", "Bolt")]
    await store(writer, *made)
    return made[0], made[1]


@pytest.fixture
async def begun(database: TemporaryDatabase, graph: Asking, company: Company) -> AsyncIterator[Begin]:
    """Begins writes of the administrator's."""
    engine = engine_for(partial(connect, database.dsn, statement_timeout=5))
    rights = await graph.engine.authority.rights(Bearer(company.admin.key))
    assert rights is not None

    @asynccontextmanager
    async def begin() -> AsyncIterator[Write]:
        async with engine.connect() as connection, writing(connection, rights, request_id="r") as unit:
            yield Write(unit)

    yield begin
    await engine.dispose()


async def followed(graph: Asking, who: Row, after: str | None) -> tuple[list[str], str | None]:
    """What the names of tiers became since a cursor, and the next cursor."""
    found = await page(graph, who, after=after, types=TYPES)
    return [each["new"] for node in found["nodes"] for each in node["fields"]], found["pageInfo"]["endCursor"] or after


async def test_a_change_with_a_lower_number_that_ends_later_is_not_lost(
    graph: Asking, company: Company, two: tuple[Row, Row], begun: Begin
) -> None:
    one, other = two
    began = await update(graph, company.admin, id=one.node, tier="STANDARD")
    async with begun() as slow:
        await slow.put(one, "KEY")
        async with begun() as quick:
            await quick.put(other, "BASIC")
        told, cursor = await followed(graph, company.rep, began)
        assert told == []
    assert await followed(graph, company.rep, cursor) == (["KEY", "BASIC"], (await last(graph, company.rep)))


async def test_nor_where_its_transaction_began_later(
    graph: Asking, company: Company, two: tuple[Row, Row], begun: Begin
) -> None:
    """The horizon has passed the quick one's transaction, but not the number of the slow one's event."""
    one, other = two
    began = await update(graph, company.admin, id=one.node, tier="STANDARD")
    async with begun() as slow:
        async with begun() as quick:
            await quick.begin()
            await slow.put(one, "KEY")
            await quick.put(other, "BASIC")
        told, cursor = await followed(graph, company.rep, began)
        assert told == []
    assert (await followed(graph, company.rep, cursor))[0] == ["KEY", "BASIC"]


async def test_what_comes_before_a_write_under_way_is_told(
    graph: Asking, company: Company, two: tuple[Row, Row], begun: Begin
) -> None:
    one, other = two
    began = await update(graph, company.admin, id=one.node, tier="STANDARD")
    await update(graph, company.admin, id=one.node, tier="KEY")
    async with begun() as slow:
        await slow.put(other, "BASIC")
        told, cursor = await followed(graph, company.rep, began)
        assert told == ["KEY"]
    assert (await followed(graph, company.rep, cursor))[0] == ["BASIC"]


async def test_a_write_that_is_undone_keeps_nobody_waiting(
    graph: Asking, company: Company, two: tuple[Row, Row], begun: Begin
) -> None:
    one, other = two
    began = await update(graph, company.admin, id=one.node, tier="STANDARD")

    async def undone() -> None:
        async with begun() as slow:
            await slow.put(one, "KEY")
            async with begun() as quick:
                await quick.put(other, "BASIC")
            await slow.undo()

    with pytest.raises(Undone):
        await undone()
    assert (await followed(graph, company.rep, began))[0] == ["BASIC"]


async def test_changes_of_one_record_are_told_in_their_order(
    graph: Asking, company: Company, two: tuple[Row, Row], begun: Begin
) -> None:
    """Though the transaction that comes second began first."""
    one, _ = two
    began = await update(graph, company.admin, id=one.node, tier="STANDARD")
    async with begun() as first:
        await first.begin()
        await update(graph, company.admin, id=one.node, tier="KEY")
        await first.put(one, "BASIC")
    assert await tiers(graph, company.rep, one, after=began) == ["KEY", "BASIC"]


async def last(graph: Asking, who: Row) -> str:
    """The cursor of the last change of a customer."""
    found = await page(graph, who, types=TYPES, first=100)
    return str(found["pageInfo"]["endCursor"])
