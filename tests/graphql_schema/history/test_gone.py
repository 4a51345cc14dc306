"""Deletions, and what brought records back: told to those who would see the record if it were not deleted."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.history.following import page, update
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

DELETE = "mutation ($id: ID!) { customerDelete(input: {id: $id}) { changeCursor userErrors { code } } }"
RESTORE = "mutation ($id: ID!) { customerRestore(input: {id: $id}) { changeCursor userErrors { code } } }"
HISTORY = """
query ($id: ID!, $fields: [FieldPath!]) { customer(id: $id) {
  changeHistory(fields: $fields) { totalCount nodes { op fields { field } } } } }"""


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's."""
    made = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, made)
    return made


async def done(graph: Asking, company: Company, mutation: str, of: Row) -> str:
    [made] = (await graph.data(company.admin, mutation, {"id": of.node})).values()
    assert made["userErrors"] == []
    return str(made["changeCursor"])


async def told(graph: Asking, who: Row, after: str | None) -> list[tuple[str, str, list[str]]]:
    found = await page(graph, who, after=after, types=["CUSTOMER"])
    return [(node["id"], node["op"], [each["field"] for each in node["fields"]]) for node in found["nodes"]]


async def test_a_deletion_is_told_and_nothing_else_of_what_is_deleted(
    graph: Asking, company: Company, theirs: Row
) -> None:
    began = await update(graph, company.admin, id=theirs.node, tier="KEY")
    await update(graph, company.admin, id=theirs.node, tier="BASIC")
    gone = await done(graph, company, DELETE, theirs)
    for who in (company.admin, company.rep, company.manager, company.auditor):
        assert await told(graph, who, began) == [(theirs.node, "DELETE", [])]
        assert await told(graph, who, gone) == []
    assert await told(graph, company.colleague, began) == []
    assert await told(graph, company.nobody, began) == []


async def test_what_was_brought_back_has_its_history_again(graph: Asking, company: Company, theirs: Row) -> None:
    began = await update(graph, company.admin, id=theirs.node, tier="KEY")
    await update(graph, company.admin, id=theirs.node, tier="BASIC")
    await done(graph, company, DELETE, theirs)
    await done(graph, company, RESTORE, theirs)
    whole = [("UPDATE", ["tier"]), ("DELETE", []), ("RESTORE", [])]
    for who in (company.admin, company.rep):
        assert await told(graph, who, began) == [(theirs.node, *each) for each in whole]
        history = (await graph.data(who, HISTORY, {"id": theirs.node}))["customer"]["changeHistory"]
        nodes = [(node["op"], [each["field"] for each in node["fields"]]) for node in history["nodes"]]
        assert nodes == [("RESTORE", []), ("DELETE", []), ("UPDATE", ["tier"]), ("UPDATE", ["tier"])]
        assert history["totalCount"] == 4
        named = await graph.data(who, HISTORY, {"id": theirs.node, "fields": ["tier"]})
        assert named["customer"]["changeHistory"]["totalCount"] == 2


@pytest.mark.parametrize("then", ["there", "elsewhere"])
@pytest.mark.parametrize("now", ["there", "elsewhere"])
async def test_a_deletion_is_told_of_a_record_that_would_be_seen_now_and_was_seen_then(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection, then: str, now: str
) -> None:
    here = {"region_id": company.germany.key, "owner_id": company.rep.key}
    places = {"there": here, "elsewhere": {"region_id": company.china.key, "owner_id": company.colleague.key}}
    began = await update(graph, company.admin, id=theirs.node, tier="KEY")
    await put(writer, theirs, places[then])
    await done(graph, company, DELETE, theirs)
    await put(writer, theirs, places[now])
    assert await told(graph, company.admin, began) == [(theirs.node, "DELETE", [])]
    seen = await told(graph, company.rep, began)
    assert [op for _, op, _ in seen] == (["DELETE"] if then == now == "there" else [])


async def put(writer: asyncpg.Connection, of: Row, place: dict[str, Any]) -> None:
    """Moves a customer without a word."""
    query = "UPDATE customers SET region_id = $2, owner_id = $3 WHERE id = $1"
    await writer.execute(query, of.key, place["region_id"], place["owner_id"])


async def test_nothing_is_told_of_what_is_erased(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    began = await update(graph, company.admin, id=theirs.node, tier="KEY")
    await done(graph, company, DELETE, theirs)
    await writer.execute("UPDATE customers SET erased_at = now() WHERE id = $1", theirs.key)
    assert await told(graph, company.admin, began) == []
