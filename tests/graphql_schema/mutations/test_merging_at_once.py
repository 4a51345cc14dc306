"""Merges at the same time as other merges and other writes: nothing is lost, nothing is left behind, nobody waits in a circle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from app import models
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.test_merging import merge, unmerge
from tests.graphql_schema.mutations.writing import codes
from tests.graphql_schema.rows import Row, contact, customer, store
from tests.http.asking import Asking, asking

CREATE = """
mutation ($i: ContactCreateInput!) { contactCreate(input: $i) { contact { id } userErrors { code field } } }"""
UPDATE = """
mutation ($i: ContactUpdateInput!) { contactUpdate(input: $i) { contact { id } userErrors { code field } } }"""
ORPHANS = " UNION ALL ".join(
    f"SELECT '{table.name}' FROM {table.name} t JOIN customers c ON c.id = t.customer_id"
    " WHERE t.deleted_at IS NULL AND c.deleted_at IS NOT NULL"
    for table in models.Base.metadata.sorted_tables
    if "customer_id" in table.c and "deleted_at" in table.c
)
WAITING = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) OR NOT granted AND locktype = 'transactionid'"


@pytest.fixture
async def many(database: TemporaryDatabase, settings: Settings) -> AsyncIterator[Asking]:
    """A process that answers many at once."""
    async with asking(database.dsn, settings, pool_size=8) as graph:
        yield graph


@pytest.fixture
async def pair(company: Company, writer: asyncpg.Connection) -> tuple[Row, Row]:
    scope = {"owner": company.rep, "region": company.germany}
    both = customer("Acme", **scope), customer("Acme Ltd", **scope)
    await store(writer, *both)
    return both


@asynccontextmanager
async def queued(database: TemporaryDatabase, row: Row) -> AsyncIterator[Any]:
    """Has what is begun here wait for a customer, each after the one before, and then go on."""
    holder, watch = await asyncpg.connect(database.dsn), await asyncpg.connect(database.dsn)
    begun: list[asyncio.Task[Any]] = []

    async def begin(*several: Awaitable[Any]) -> None:
        for each in several:
            begun.append(asyncio.ensure_future(each))
            while await watch.fetchval(WAITING) < len(begun) and not begun[-1].done():
                await asyncio.sleep(0.005)

    transaction = holder.transaction()
    await transaction.start()
    try:
        await holder.execute("SELECT FROM customers WHERE id = $1 FOR UPDATE", row.key)
        yield begin, begun
        await transaction.rollback()
        await asyncio.gather(*begun)
    finally:
        await holder.close()
        await watch.close()


@pytest.mark.parametrize("waiting_for", [0, 1])
async def test_of_two_merges_into_each_other_one_is_done(
    many: Asking,
    company: Company,
    pair: tuple[Row, Row],
    database: TemporaryDatabase,
    writer: asyncpg.Connection,
    waiting_for: int,
) -> None:
    one, other = pair
    await store(writer, contact(one), contact(other))
    async with queued(database, pair[waiting_for]) as (begin, begun):
        await begin(
            merge(many, company.admin, id=one.node, merged=[other.node]),
            merge(many, company.admin, id=other.node, merged=[one.node]),
        )
    came = sorted((codes(each.result()) for each in begun), key=len)
    assert came[0] == []
    assert [code for code, _ in came[1]] == ["NOT_FOUND"]
    assert await writer.fetch(ORPHANS) == []
    alive = "SELECT id FROM customers WHERE id = ANY($1) AND deleted_at IS NULL"
    [left] = await writer.fetch(alive, [one.key, other.key])
    count = "SELECT count(*) FROM contacts WHERE customer_id = $1 AND deleted_at IS NULL"
    assert await writer.fetchval(count, left["id"]) == 2


async def create(graph: Asking, who: Row, of: Row, name: str) -> Any:
    given = {"customer": of.node, "displayName": name}
    return (await graph.data(who, CREATE, {"i": given}))["contactCreate"]


async def update(graph: Asking, who: Row, row: Row, **given: Any) -> Any:
    return (await graph.data(who, UPDATE, {"i": {"id": row.node, **given}}))["contactUpdate"]


@pytest.mark.parametrize("merges", ["first", "between", "last"])
async def test_what_is_written_about_a_customer_that_is_being_merged_is_not_lost(
    many: Asking,
    company: Company,
    pair: tuple[Row, Row],
    database: TemporaryDatabase,
    writer: asyncpg.Connection,
    merges: str,
) -> None:
    kept, lost = pair
    theirs = contact(lost, "Old")
    await store(writer, theirs)
    writes: list[Any] = [
        create(many, company.admin, lost, "One"),
        update(many, company.admin, theirs, jobTitle="Head"),
        create(many, company.admin, lost, "Two"),
    ]
    at = {"first": 0, "between": 2, "last": 3}[merges]
    writes.insert(at, merge(many, company.admin, id=kept.node, merged=[lost.node]))
    async with queued(database, lost) as (begin, begun):
        await begin(*writes)
    came = [codes(task.result()) for task in begun]
    assert came.pop(at) == []
    assert [bool(errors) for errors in came] == [number >= at for number in range(3)]
    assert {code for errors in came for code, _ in errors} <= {"NOT_FOUND"}
    found = await writer.fetch(
        "SELECT customer_id, display_name, job_title FROM contacts WHERE id = $1 OR customer_id = ANY($2)",
        theirs.key,
        [kept.key, lost.key],
    )
    expected = [("Old", "Head" if at > 1 else None)] + [
        (name, None) for place, name in ((0, "One"), (2, "Two")) if place < at
    ]
    assert sorted((row["display_name"], row["job_title"]) for row in found) == sorted(expected)
    assert {row["customer_id"] for row in found} == {kept.key}
    assert await writer.fetch(ORPHANS) == []


async def test_merges_ways_back_and_writes_all_at_once_leave_nothing_behind(
    many: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    some = [customer(f"C{i}", owner=company.rep, region=company.germany) for i in range(4)]
    await store(writer, *some, *(contact(each) for each in some))
    came: list[Any] = []
    for number in range(5):
        one, other, third, last = some[number % 4 :] + some[: number % 4]
        came += await asyncio.gather(
            merge(many, company.admin, id=one.node, merged=[other.node]),
            merge(many, company.admin, id=other.node, merged=[third.node]),
            merge(many, company.admin, id=third.node, merged=[one.node]),
            *(create(many, company.admin, each, f"N{number}") for each in (one, other, third)),
            *(unmerge(many, company.admin, each) for each in (other, last)),
        )
    made = [each["contact"]["id"] for each in came if each.get("contact")]
    assert {code for each in came for code, _ in codes(each)} == {"NOT_FOUND", "INVALID_STATE"}
    assert await writer.fetch(ORPHANS) == []
    keys = [each.key for each in some]
    count = "SELECT count(*) FROM contacts WHERE customer_id = ANY($1) AND deleted_at IS NULL"
    assert await writer.fetchval(count, keys) == len(some) + len(made)
