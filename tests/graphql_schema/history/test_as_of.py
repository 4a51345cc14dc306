"""A customer as it was: what is known of then, as far as its reader sees it now and saw it then."""

from __future__ import annotations

import datetime as dt
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.history.following import update
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

FIELDS = "id __typename tier email annualRevenue { amount currency } owner { id __typename } region { id }"
CREATE = """
mutation ($input: CustomerCreateInput!) { customerCreate(input: $input) { customer { id } userErrors { code } } }"""
MADE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's that was imported: nothing tells how it came."""
    made = customer(
        "Acme",
        owner=company.rep,
        region=company.germany,
        email="sales@acme.example",
        currency="EUR",
        tier="BASIC",
        created_at=MADE,
    )
    await store(writer, made)
    return made


async def then(graph: Asking, who: Row, of: str, at: dt.datetime, fields: str = FIELDS) -> Any:
    query = f"query ($id: ID!, $at: DateTime!) {{ customer(id: $id, asOf: $at) {{ {fields} }} }}"
    return (await graph.data(who, query, {"id": of, "at": at.isoformat()}))["customer"]


async def moments(writer: asyncpg.Connection, of: Row) -> list[dt.datetime]:
    """When the customer was changed."""
    found = await writer.fetch("SELECT at FROM change_events WHERE entity_id = $1 ORDER BY seq", of.key)
    return [row["at"] for row in found]


MOMENT = dt.timedelta(microseconds=1)


async def test_a_customer_is_told_as_each_change_left_it(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    await update(graph, company.admin, id=theirs.node, tier="KEY", annualRevenue={"amount": "10", "currency": "EUR"})
    await update(graph, company.admin, id=theirs.node, tier="STANDARD", owner=company.colleague.node)
    first, second = await moments(writer, theirs)
    was = {
        "id": theirs.node,
        "__typename": "Customer",
        "tier": "BASIC",
        "email": "sales@acme.example",
        "annualRevenue": None,
        "owner": {"id": company.rep.node, "__typename": "User"},
        "region": {"id": company.germany.node},
    }
    became = {**was, "tier": "KEY", "annualRevenue": {"amount": "10.0000", "currency": "EUR"}}
    last = {**became, "tier": "STANDARD", "owner": {"id": company.colleague.node, "__typename": "User"}}
    told = {MADE: was, first - MOMENT: was, first: became, second - MOMENT: became, second: last}
    for at, expected in told.items():
        assert await then(graph, company.admin, theirs.node, at) == expected
    assert await then(graph, company.admin, theirs.node, MADE - MOMENT) is None


async def test_of_one_that_was_never_changed_it_is_known_since_when_it_is_there(
    graph: Asking, company: Company, theirs: Row
) -> None:
    for who in (company.admin, company.rep):
        assert (await then(graph, who, theirs.node, MADE))["tier"] == "BASIC"
        assert await then(graph, who, theirs.node, MADE - MOMENT) is None


async def test_one_that_was_made_here_is_known_from_then_on(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    given = {"kind": "ORGANIZATION", "displayName": "New", "region": company.germany.node, "owner": company.rep.node}
    made = (await graph.data(company.admin, CREATE, {"input": given}))["customerCreate"]["customer"]["id"]
    at = await writer.fetchval("SELECT max(at) FROM change_events WHERE entity = 'customers' AND op = 'CREATE'")
    assert await then(graph, company.rep, made, at, "displayName") == {"displayName": "New"}
    assert await then(graph, company.rep, made, at - MOMENT, "displayName") is None


REVENUE = {"amount": "10.0000", "currency": "EUR"}
SHOWN = {
    ("plain", "plain"): {"email": "sales@acme.example", "annualRevenue": REVENUE},
    ("plain", "masked"): {"email": "s•••@acme.example", "annualRevenue": None},
    ("masked", "plain"): {"email": "s•••@acme.example", "annualRevenue": None},
    ("masked", "masked"): {"email": "s•••@acme.example", "annualRevenue": None},
    ("hidden", "plain"): None,
    ("plain", "hidden"): None,
}
"""By how the representative saw the customer then and sees it now."""


@pytest.mark.parametrize(("before", "now"), SHOWN)
async def test_it_is_told_at_the_meet_of_then_and_now(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection, before: str, now: str
) -> None:
    await put(graph, company, theirs, before, annualRevenue={"amount": "10", "currency": "EUR"})
    [at, *_] = await moments(writer, theirs)
    await put(graph, company, theirs, now, tier="KEY")
    assert (
        await then(graph, company.rep, theirs.node, at, "email annualRevenue { amount currency }") == SHOWN[before, now]
    )


async def put(graph: Asking, company: Company, of: Row, where: str, **more: Any) -> None:
    """Has the representative see the address of a customer plain, masked, or nothing of the customer."""
    owner = company.rep if where == "plain" else company.colleague
    region = company.france if where == "hidden" else company.germany
    await update(graph, company.admin, id=of.node, owner=owner.node, region=region.node, **more)


async def test_while_it_was_deleted_there_was_none(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    for verb in ("Delete", "Restore"):
        done = f"mutation ($id: ID!) {{ customer{verb}(input: {{id: $id}}) {{ userErrors {{ code }} }} }}"
        await graph.data(company.admin, done, {"id": theirs.node})
    gone, back = await moments(writer, theirs)
    found = [await then(graph, company.admin, theirs.node, at, "tier") for at in (gone - MOMENT, gone, back)]
    assert found == [{"tier": "BASIC"}, None, {"tier": "BASIC"}]


REFUSED = {
    "orders { totalCount }": "orders",
    "changeHistory { totalCount }": "changeHistory",
    "overview { orders }": "overview",
    "access { canUpdate }": "access",
    "owner { id displayName }": "owner.displayName",
}


@pytest.mark.parametrize("selection", REFUSED)
async def test_what_is_not_of_the_past_is_refused_where_it_stands(
    graph: Asking, company: Company, theirs: Row, selection: str
) -> None:
    query = f'{{ customer(id: "{theirs.node}", asOf: "{MADE.isoformat()}") {{ {selection} }} }}'
    assert await graph.faults(company.rep, query) == [("BAD_USER_INPUT", REFUSED[selection])]


@pytest.mark.parametrize("at", ["9999-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
async def test_what_is_to_come_is_refused(graph: Asking, company: Company, theirs: Row, at: str) -> None:
    query = f'{{ customer(id: "{theirs.node}", asOf: "{at}") {{ tier }} }}'
    assert await graph.faults(company.rep, query) == [("BAD_USER_INPUT", "asOf")]
