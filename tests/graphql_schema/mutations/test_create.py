"""Records made through the front door."""

from __future__ import annotations

from typing import Any

import asyncpg

from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.http.asking import Asking

CREATE = """
mutation ($input: CustomerCreateInput!) {
  customerCreate(input: $input) {
    customer { id displayName email phone tier version owner { displayName } region { code } annualRevenue { amount currency } }
    userErrors { code field message params }
  }
}"""


async def create(graph: Asking, who: Any, **given: Any) -> Any:
    return (await graph.data(who, CREATE, {"input": given}))["customerCreate"]


async def test_a_customer_is_made_and_read_back(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    made = await create(
        graph,
        company.rep,
        kind="ORGANIZATION",
        displayName=" Acme  ",
        email="Info@Acme.Example",
        owner=company.rep.node,
        region=company.germany.node,
        annualRevenue={"amount": "12.50", "currency": "EUR"},
    )
    assert made["userErrors"] == []
    shown = made["customer"]
    assert shown.pop("id")
    assert shown == {
        "displayName": "Acme",
        "email": "info@acme.example",
        "phone": None,
        "tier": None,
        "version": 1,
        "owner": {"displayName": "Rep"},
        "region": {"code": "DE"},
        "annualRevenue": {"amount": "12.5000", "currency": "EUR"},
    }
    event = await writer.fetchrow(
        "SELECT op, actor, changed->>'displayName' AS name, row_after->>'email' AS email, policy_version FROM change_events"
    )
    assert tuple(event) == ("CREATE", company.rep.key, '[null, "Acme"]', "info@acme.example", 1)


async def test_all_mistakes_are_told_at_once(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    async with watched(writer) as change:
        made = await create(
            graph, company.rep, email="nobody", owner=company.germany.node, annualRevenue={"amount": "-1"}
        )
    assert made["customer"] is None
    assert codes(made) == [
        ("INVALID", ["email"]),
        ("INVALID", ["annualRevenue"]),
        ("NOT_FOUND", ["owner"]),
        ("REQUIRED", ["kind"]),
        ("REQUIRED", ["displayName"]),
    ]
    assert change.tables == []
