"""The history of records as several roles made it and read it: a change shows as far as it is read now and was read then."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import NOON, Row, customer, store, ticket, user
from tests.http.asking import Asking

UPDATE = "mutation ($input: CustomerUpdateInput!) { customerUpdate(input: $input) { userErrors { code field } } }"
HISTORY = """
query ($id: ID!, $fields: [FieldPath!]) { customer(id: $id) { changeHistory(fields: $fields) {
  totalCount nodes { op actor { displayName } fields { field old new masked oldWithheld } } } } }"""
TOLD = ["email", "annualRevenue"]


async def update(graph: Asking, who: Row, **given: Any) -> None:
    made = await graph.data(who, UPDATE, {"input": given})
    assert made == {"customerUpdate": {"userErrors": []}}


async def history(graph: Asking, who: Row, of: Row, fields: list[str] | None = None) -> Any:
    found = await graph.data(who, HISTORY, {"id": of.node, "fields": fields})
    told = found["customer"]["changeHistory"]
    assert told["totalCount"] == len(told["nodes"])
    return told["nodes"]


def change(field: str, old: Any, new: Any, *, masked: bool = False, withheld: bool = False) -> dict[str, Any]:
    return {"field": field, "old": old, "new": new, "masked": masked, "oldWithheld": withheld}


def fields(nodes: Any) -> list[Any]:
    return [node["fields"] for node in nodes]


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's."""
    made = customer("Acme", owner=company.rep, region=company.germany, email="sales@acme.example", currency="EUR")
    await store(writer, made)
    return made


async def test_what_was_changed_is_told_newest_first(graph: Asking, company: Company, theirs: Row) -> None:
    await update(graph, company.rep, id=theirs.node, tier="KEY", email="hello@acme.example")
    await update(graph, company.admin, id=theirs.node, tier="BASIC")
    whole = [
        {"op": "UPDATE", "actor": {"displayName": "Admin"}, "fields": [change("tier", "KEY", "BASIC")]},
        {
            "op": "UPDATE",
            "actor": {"displayName": "Rep"},
            "fields": [change("email", "sales@acme.example", "hello@acme.example"), change("tier", None, "KEY")],
        },
    ]
    for who in (company.admin, company.rep, company.manager):
        assert await history(graph, who, theirs) == whole
    assert fields(await history(graph, company.auditor, theirs, TOLD)) == [
        [change("email", "s•••@acme.example", "h•••@acme.example", masked=True)]
    ]
    query = (
        f'{{ customer(id: "{theirs.node}") {{ changeHistory(fields: ["tier"]) {{ nodes {{ fields {{ new }} }} }} }} }}'
    )
    assert await graph.data(company.partner, query) == {
        "customer": {"changeHistory": {"nodes": [{"fields": [{"new": "BASIC"}]}, {"fields": [{"new": "KEY"}]}]}}
    }


PLAIN = [
    change("email", "sales@acme.example", "hello@acme.example"),
    change("annualRevenue", {"amount": "10.0000", "currency": "EUR"}, {"amount": "20.0000", "currency": "EUR"}),
]
MASKED = [change("email", "s•••@acme.example", "h•••@acme.example", masked=True)]
TABLE = {
    ("plain", "plain"): [PLAIN],
    ("plain", "masked"): [MASKED],
    ("masked", "plain"): [MASKED],
    ("masked", "masked"): [MASKED],
    ("hidden", "plain"): [],
    ("hidden", "masked"): [],
}
"""By how the e-mail address was shown then and is now, what is told of a change of it and of the revenue, which the
representative sees just where the address is plain."""


async def put(graph: Asking, company: Company, of: Row, where: str, **more: Any) -> None:
    """Has the representative see the address of a customer plain, masked, or nothing of the customer."""
    owner = company.rep if where == "plain" else company.colleague
    region = company.france if where == "hidden" else company.germany
    await update(graph, company.admin, id=of.node, owner=owner.node, region=region.node, **more)


@pytest.mark.parametrize(("then", "now"), TABLE)
async def test_a_change_shows_at_the_meet_of_then_and_now(
    graph: Asking, company: Company, theirs: Row, then: str, now: str
) -> None:
    revenue = {"amount": "10", "currency": "EUR"}
    await put(graph, company, theirs, "plain", annualRevenue=revenue)
    await put(graph, company, theirs, then)
    revenue["amount"] = "20"
    await update(graph, company.admin, id=theirs.node, email="hello@acme.example", annualRevenue=revenue)
    await put(graph, company, theirs, now)
    told = await history(graph, company.rep, theirs, TOLD)
    assert fields(told[: len(TABLE[then, now])]) == TABLE[then, now]
    if then == "hidden":
        assert "hello" not in str(told)


BEFORE = {
    "plain": PLAIN,
    "masked": [*MASKED, change("annualRevenue", None, {"amount": "20.0000", "currency": "EUR"}, withheld=True)],
    "hidden": [
        change("email", None, "hello@acme.example", withheld=True),
        change("annualRevenue", None, {"amount": "20.0000", "currency": "EUR"}, withheld=True),
    ],
}
"""By how the address was shown before an event after which it is plain."""


@pytest.mark.parametrize("before", BEFORE)
async def test_the_old_value_shows_where_it_was_readable_before(
    graph: Asking, company: Company, theirs: Row, before: str
) -> None:
    await put(graph, company, theirs, before, annualRevenue={"amount": "10", "currency": "EUR"})
    revenue = {"amount": "20", "currency": "EUR"}
    await put(graph, company, theirs, "plain", email="hello@acme.example", annualRevenue=revenue)
    assert fields(await history(graph, company.rep, theirs, TOLD))[0] == BEFORE[before]


async def test_what_looks_the_same_behind_its_mask_is_no_change(graph: Asking, company: Company, theirs: Row) -> None:
    await update(graph, company.admin, id=theirs.node, email="sauna@acme.example")
    assert await history(graph, company.auditor, theirs) == []
    assert len(await history(graph, company.admin, theirs)) == 1


async def test_what_happened_while_a_customer_was_elsewhere_stays_hidden_when_it_is_back(
    graph: Asking, company: Company, theirs: Row
) -> None:
    await update(graph, company.admin, id=theirs.node, tier="KEY")
    await put(graph, company, theirs, "hidden")
    await update(graph, company.admin, id=theirs.node, tier="BASIC", legalName="Secret Ltd")
    await put(graph, company, theirs, "plain")
    assert fields(await history(graph, company.rep, theirs)) == [
        [
            change("owner", None, company.rep.node, withheld=True),
            change("region", None, company.germany.node, withheld=True),
        ],
        [change("tier", None, "KEY")],
    ]
    assert len(await history(graph, company.admin, theirs)) == 4


async def test_an_actor_out_of_view_is_not_named(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    gone = user("gone", deleted_at=NOON)
    await store(writer, gone)
    await update(graph, company.rep, id=theirs.node, tier="KEY")
    await writer.execute("UPDATE change_events SET actor = $1 WHERE entity_id = $2", gone.key, theirs.key)
    assert [node["actor"] for node in await history(graph, company.admin, theirs)] == [None]


async def test_nothing_is_told_of_events_that_do_not_hold_the_row(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    await update(graph, company.admin, id=theirs.node, tier="KEY")
    await writer.execute("UPDATE change_events SET row_after = NULL WHERE entity_id = $1", theirs.key)
    assert await history(graph, company.admin, theirs) == []


@pytest.mark.parametrize("column", ["row_after", "changed"])
async def test_nothing_is_told_of_events_that_hold_something_else(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection, column: str
) -> None:
    for tier in ("KEY", "BASIC", "KEY", "BASIC"):
        await update(graph, company.admin, id=theirs.node, tier=tier)
    seqs = await writer.fetch("SELECT seq FROM change_events WHERE entity_id = $1 ORDER BY seq", theirs.key)
    for (seq,), document in zip(seqs, ("[]", "1", "null", '"x"'), strict=True):
        await writer.execute(f"UPDATE change_events SET {column} = $1::jsonb WHERE seq = $2", document, seq)
    assert await history(graph, company.rep, theirs) == []


TICKET = "mutation ($input: TicketUpdateInput!) { ticketUpdate(input: $input) { userErrors { code field } } }"


async def test_rights_by_related_records_take_these_as_they_are_now(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    asked = ticket(theirs, subject="Old")
    await store(writer, asked)
    made = await graph.data(company.admin, TICKET, {"input": {"id": asked.node, "subject": "New"}})
    assert made == {"ticketUpdate": {"userErrors": []}}
    query = f'{{ ticket(id: "{asked.node}") {{ changeHistory {{ nodes {{ fields {{ field old new }} }} }} }} }}'
    seen = {"ticket": {"changeHistory": {"nodes": [{"fields": [{"field": "subject", "old": "Old", "new": "New"}]}]}}}
    assert await graph.data(company.rep, query) == seen
    await put(graph, company, theirs, "hidden")
    assert await graph.data(company.rep, query) == {"ticket": None}
    await put(graph, company, theirs, "masked")
    assert await graph.data(company.rep, query) == seen
