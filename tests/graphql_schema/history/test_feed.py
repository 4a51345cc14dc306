"""`changes`: what each role is told of what was changed, in the order in which it was."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.history.following import CHANGES, page, tiers, update
from tests.graphql_schema.rows import NOON, Row, customer, store, ticket, user
from tests.http.asking import Asking

TICKET = "mutation ($input: TicketUpdateInput!) { ticketUpdate(input: $input) { changeCursor userErrors { code } } }"


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's."""
    made = customer("Acme", owner=company.rep, region=company.germany, email="sales@acme.example", currency="EUR")
    await store(writer, made)
    return made


def told(field: str, old: Any, new: Any, *, masked: bool = False, withheld: bool = False) -> dict[str, Any]:
    return {"field": field, "old": old, "new": new, "masked": masked, "oldWithheld": withheld}


async def test_changes_of_all_types_are_told_in_the_order_in_which_they_were_made(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    asked = ticket(theirs, subject="Old")
    await store(writer, asked)
    began = await update(graph, company.admin, id=theirs.node, tier="KEY")
    await graph.data(company.admin, TICKET, {"input": {"id": asked.node, "subject": "New"}})
    await update(graph, company.rep, id=theirs.node, tier="BASIC")
    found = await page(graph, company.rep, after=began)
    assert found["nodes"] == [
        {
            "type": "TICKET",
            "id": asked.node,
            "op": "UPDATE",
            "actor": {"displayName": "Admin"},
            "fields": [told("subject", "Old", "New")],
        },
        {
            "type": "CUSTOMER",
            "id": theirs.node,
            "op": "UPDATE",
            "actor": {"displayName": "Rep"},
            "fields": [told("tier", "KEY", "BASIC")],
        },
    ]
    assert found["pageInfo"]["hasNextPage"] is False


async def test_pages_follow_each_other_and_the_last_cursor_gives_what_comes_later(
    graph: Asking, company: Company, theirs: Row
) -> None:
    began = await update(graph, company.admin, id=theirs.node, tier="KEY")
    for tier in ("BASIC", "STANDARD", "KEY"):
        await update(graph, company.admin, id=theirs.node, tier=tier)
    first = await page(graph, company.rep, after=began, first=2)
    assert [node["fields"][0]["new"] for node in first["nodes"]] == ["BASIC", "STANDARD"]
    assert first["pageInfo"] == {"endCursor": first["edges"][1]["cursor"], "hasNextPage": True, "hasPreviousPage": True}
    rest = await page(graph, company.rep, after=first["pageInfo"]["endCursor"])
    assert [node["fields"][0]["new"] for node in rest["nodes"]] == ["KEY"]
    end = rest["pageInfo"]["endCursor"]
    assert (await page(graph, company.rep, after=end))["edges"] == []
    await update(graph, company.admin, id=theirs.node, tier="BASIC")
    assert [node["fields"][0]["new"] for node in (await page(graph, company.rep, after=end))["nodes"]] == ["BASIC"]


async def test_each_is_told_as_its_record_tells_it(graph: Asking, company: Company, theirs: Row) -> None:
    began = await update(graph, company.admin, id=theirs.node, tier="KEY")
    await update(graph, company.admin, id=theirs.node, email="hello@acme.example", taxId="SECRET-1")
    await update(graph, company.admin, id=theirs.node, taxId="SECRET-2")
    plain = (await page(graph, company.rep, after=began, types=["CUSTOMER"]))["nodes"]
    assert [node["fields"] for node in plain] == [[told("email", "sales@acme.example", "hello@acme.example")]]
    masked = (await page(graph, company.auditor, after=began, types=["CUSTOMER"]))["nodes"]
    assert [node["fields"] for node in masked] == [
        [
            told("email", "s•••@acme.example", "h•••@acme.example", masked=True),
            told("taxId", None, "•••ET-1", masked=True),
        ],
        [told("taxId", "•••ET-1", "•••ET-2", masked=True)],
    ]


async def test_a_customer_out_of_view_is_not_there(graph: Asking, company: Company, theirs: Row) -> None:
    began = await update(graph, company.admin, id=theirs.node, tier="KEY")
    await update(graph, company.admin, id=theirs.node, region=company.china.node, owner=company.colleague.node)
    for asked in ({}, {"customer": theirs.node}):
        found = await page(graph, company.rep, after=began, **asked)
        assert (found["nodes"], found["pageInfo"]["endCursor"]) == ([], None)
    assert (await page(graph, company.rep, customer=theirs.node))["nodes"] == []
    assert len((await page(graph, company.admin, after=began))["nodes"]) == 1


async def test_what_is_asked_for_is_left(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    other, asked = customer("Other", owner=company.rep, region=company.germany), ticket(theirs, subject="Old")
    await store(writer, other, asked)
    began = await update(graph, company.admin, id=other.node, tier="KEY")
    await update(graph, company.rep, id=theirs.node, tier="KEY")
    await graph.data(company.admin, TICKET, {"input": {"id": asked.node, "subject": "New"}})

    async def found(who: Row = company.admin, **given: Any) -> list[str]:
        return [node["type"] for node in (await page(graph, who, after=began, **given))["nodes"]]

    assert await found(types=["TICKET", "ORDER"]) == ["TICKET"]
    assert await found(types=[]) == []
    assert await found(customer=theirs.node) == ["CUSTOMER", "TICKET"]
    assert await found(customer=other.node) == []
    assert await found(customer=asked.node) == []
    assert await found(actor=company.rep.node) == ["CUSTOMER"]
    assert await found(actor=theirs.node) == []
    second = await writer.fetchval("SELECT at FROM change_events WHERE entity_id = $1", asked.key)
    assert await found(since=second.isoformat()) == ["TICKET"]


async def test_an_actor_out_of_view_is_neither_named_nor_found(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    gone = user("gone", deleted_at=NOON)
    await store(writer, gone)
    began = await update(graph, company.rep, id=theirs.node, tier="KEY")
    await update(graph, company.rep, id=theirs.node, tier="BASIC")
    await writer.execute("UPDATE change_events SET actor = $1 WHERE entity_id = $2", gone.key, theirs.key)
    assert [node["actor"] for node in (await page(graph, company.admin, after=began))["nodes"]] == [None]
    assert (await page(graph, company.admin, after=began, actor=gone.node))["nodes"] == []


async def test_a_partner_is_told_of_what_its_schema_has(graph: Asking, company: Company, theirs: Row) -> None:
    began = await update(graph, company.admin, id=theirs.node, tier="KEY")
    await update(graph, company.admin, id=theirs.node, tier="BASIC", email="hello@acme.example")
    query = "query ($after: String) { changes(after: $after) { nodes { type id op fields { field new } } } }"
    assert await graph.data(company.partner, query, {"after": began}) == {
        "changes": {
            "nodes": [
                {"type": "CUSTOMER", "id": theirs.node, "op": "UPDATE", "fields": [{"field": "tier", "new": "BASIC"}]}
            ]
        }
    }
    assert await graph.faults(company.partner, "{ changes(types: [ROLE]) { nodes { id } } }") == [
        ("BAD_USER_INPUT", None)
    ]
    assert await graph.data(company.nobody, "{ changes(types: [ROLE]) { nodes { id } totalCount } }") == {
        "changes": {"nodes": [], "totalCount": 0}
    }


REFUSED = {
    "first: 0": "first",
    "first: 101": "first",
    'since: "0001-01-01T00:00:00Z"': "since",
    'after: "x"': "after",
    'customer: "x"': "customer",
    'actor: "x"': "actor",
}


@pytest.mark.parametrize("types", ["", "types: [], "])
@pytest.mark.parametrize("arguments", REFUSED)
@pytest.mark.parametrize("part", ["nodes { at }", "totalCount", "__typename"])
async def test_what_is_wrong_is_refused_where_it_stands(
    graph: Asking, company: Company, arguments: str, part: str, types: str
) -> None:
    query = f"{{ changes({types}{arguments}) {{ {part} }} }}"
    assert await graph.faults(company.rep, query) == [("BAD_USER_INPUT", REFUSED[arguments])]


async def test_a_cursor_of_a_history_is_none_of_changes(graph: Asking, company: Company, theirs: Row) -> None:
    began = await update(graph, company.admin, id=theirs.node, tier="KEY")
    query = f'{{ customer(id: "{theirs.node}") {{ changeHistory {{ edges {{ cursor }} }} }} }}'
    [edge] = (await graph.data(company.rep, query))["customer"]["changeHistory"]["edges"]
    assert await graph.faults(company.rep, CHANGES, {"after": edge["cursor"]}) == [("BAD_USER_INPUT", "after")]
    asked = f'{{ customer(id: "{theirs.node}") {{ changeHistory(after: "{began}") {{ totalCount }} }} }}'
    assert await graph.faults(company.rep, asked) == [("BAD_USER_INPUT", "changeHistory.after")]


async def test_all_of_it_is_one_statement(graph: Asking, company: Company, theirs: Row) -> None:
    await update(graph, company.admin, id=theirs.node, tier="KEY")
    before = graph.engine.statements
    assert await tiers(graph, company.admin, theirs) == ["KEY"]
    assert graph.engine.statements == before + 1
