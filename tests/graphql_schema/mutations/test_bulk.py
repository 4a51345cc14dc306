"""Many records at once."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

UPSERT = """
mutation ($input: CustomerBulkUpsertInput!) {
  customerBulkUpsert(input: $input) {
    results { customer { displayName tier version } created userErrors { code field } }
    userErrors { code field }
  }
}"""


async def upsert(graph: Asking, who: Row, *inputs: Any, **how: Any) -> Any:
    return (await graph.data(who, UPSERT, {"input": {"inputs": inputs, **how}}))["customerBulkUpsert"]


@pytest.fixture
async def known(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's."""
    found = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, found)
    return found


def new(company: Company, name: str, **more: Any) -> dict[str, Any]:
    """A new customer of the representative's."""
    place = {"owner": company.rep.node, "region": company.germany.node}
    return {"kind": "ORGANIZATION", "displayName": name, **place, **more}


async def test_what_is_there_is_changed_and_the_rest_made_in_their_order(
    graph: Asking, company: Company, known: Row, writer: asyncpg.Connection
) -> None:
    made = await upsert(
        graph, company.rep, new(company, "First"), {"id": known.node, "tier": "KEY"}, new(company, "Third")
    )
    assert made == {
        "results": [
            {"customer": {"displayName": "First", "tier": None, "version": 1}, "created": True, "userErrors": []},
            {"customer": {"displayName": "Acme", "tier": "KEY", "version": 2}, "created": False, "userErrors": []},
            {"customer": {"displayName": "Third", "tier": None, "version": 1}, "created": True, "userErrors": []},
        ],
        "userErrors": [],
    }


async def test_records_are_matched_by_what_the_caller_sees(
    graph: Asking, company: Company, known: Row, writer: asyncpg.Connection
) -> None:
    await writer.execute("UPDATE customers SET display_name = 'Only one' WHERE id = $1", known.key)
    item = new(company, "Only one", tier="BASIC")
    made = await upsert(graph, company.rep, item, matchBy=["DISPLAY_NAME"])
    assert [each["created"] for each in made["results"]] == [False]
    hidden = await upsert(graph, company.colleague, item, matchBy=["DISPLAY_NAME"])
    assert codes(hidden) == [("FORBIDDEN", ["inputs", "0"])]
    masked = await upsert(graph, company.rep, item, matchBy=["EMAIL"])
    assert codes(masked) == [("FORBIDDEN", ["matchBy"])]


@pytest.mark.parametrize("policy", ["REJECT_ALL", "REJECT_FAILED"])
async def test_an_input_with_mistakes_is_left_out_or_stops_all(
    graph: Asking, company: Company, writer: asyncpg.Connection, policy: str
) -> None:
    wrong = new(company, " ", email="x")
    async with watched(writer) as change:
        made = await upsert(
            graph, company.rep, new(company, "Good"), wrong, {"id": company.germany.node}, errorPolicy=policy
        )
    mistakes = [("INVALID", ["email"]), ("REQUIRED", ["displayName"]), ("NOT_FOUND", ["id"])]
    if policy == "REJECT_ALL":
        assert sorted(codes(made)) == sorted(
            (code, ["inputs", str(min(i, 2) if code == "NOT_FOUND" else 1), *field])
            for i, (code, field) in enumerate(mistakes)
        )
        assert (made["results"], change.tables) == ([], [])
    else:
        assert [each["created"] for each in made["results"]] == [True, None, None]
        assert [len(each["userErrors"]) for each in made["results"]] == [0, 2, 1]
        assert "customers" in change.tables


async def test_at_most_two_hundred_come_at_once(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    async with watched(writer) as change:
        made = await upsert(graph, company.rep, *(new(company, str(i)) for i in range(201)))
    assert (codes(made), change.tables) == ([("INVALID", ["inputs"])], [])
    made = await upsert(graph, company.rep, *(new(company, str(i)) for i in range(200)))
    assert sum(each["created"] for each in made["results"]) == 200
    assert await writer.fetchval("SELECT count(*) FROM change_events WHERE op = 'CREATE'") >= 200
