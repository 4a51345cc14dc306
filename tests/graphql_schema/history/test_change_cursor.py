"""`changeCursor`: from a write on, whatever it did, and telling nothing of that."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.history.following import UPDATE, tiers, update
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

BULK = """
mutation ($input: CustomerBulkUpsertInput!) {
  customerBulkUpsert(input: $input) { changeCursor results { created } userErrors { code } } }"""


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's."""
    made = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, made)
    return made


async def cursor(graph: Asking, who: Row, **given: Any) -> Any:
    return (await graph.data(who, UPDATE, {"input": given}))["customerUpdate"]["changeCursor"]


async def test_what_came_after_a_write_follows_it(graph: Asking, company: Company, theirs: Row) -> None:
    first = await update(graph, company.rep, id=theirs.node, tier="KEY")
    second = await update(graph, company.rep, id=theirs.node, tier="BASIC")
    assert await tiers(graph, company.rep, theirs, after=first) == ["BASIC"]
    assert await tiers(graph, company.rep, theirs, after=second) == []


async def test_a_write_that_changed_nothing_has_a_place_of_its_own(
    graph: Asking, company: Company, theirs: Row
) -> None:
    cursors = [await update(graph, company.rep, id=theirs.node, tier="KEY") for _ in range(3)]
    assert len({*cursors, None}) == 4
    await update(graph, company.rep, id=theirs.node, tier="BASIC")
    assert await tiers(graph, company.rep, theirs, after=cursors[2]) == ["BASIC"]


async def test_what_was_not_written_has_no_place(graph: Asking, company: Company, theirs: Row) -> None:
    assert await cursor(graph, company.rep, id=theirs.node, tier="KEY", validateOnly=True) is None
    assert await cursor(graph, company.rep, id=theirs.node, tier="KEY", expectedVersion=7) is None
    assert await cursor(graph, company.nobody, id=theirs.node, tier="KEY") is None


async def test_the_same_request_again_has_the_same_place(graph: Asking, company: Company, theirs: Row) -> None:
    given = {"id": theirs.node, "tier": "KEY", "idempotencyKey": f"once {theirs.key}"}
    assert await cursor(graph, company.rep, **given) == await cursor(graph, company.rep, **given) is not None


async def test_of_many_records_it_is_behind_the_last(graph: Asking, company: Company, theirs: Row) -> None:
    began = await update(graph, company.rep, id=theirs.node, tier="KEY")
    new = {"kind": "ORGANIZATION", "displayName": "New", "tier": "BASIC", "region": company.germany.node}
    given = {"inputs": [new, {**new, "displayName": "Newer"}]}
    made = (await graph.data(company.admin, BULK, {"input": given}))["customerBulkUpsert"]
    assert (made["userErrors"], [each["created"] for each in made["results"]]) == ([], [True, True])
    await update(graph, company.rep, id=theirs.node, tier="STANDARD")
    query = "query ($after: String) { changes(types: [CUSTOMER], after: $after) { nodes { op } } }"

    async def ops(after: Any) -> list[str]:
        return [node["op"] for node in (await graph.data(company.admin, query, {"after": after}))["changes"]["nodes"]]

    assert await ops(began) == ["CREATE", "CREATE", "UPDATE"]
    assert await ops(made["changeCursor"]) == ["UPDATE"]
