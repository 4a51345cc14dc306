"""An unmask through the front door: what it opens is found, sorted and told as plain, for one user on one row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import asyncpg
import pytest

from app.models.ids import uuid7
from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

MAY = """
  - allow: [unmask]
    on: Customer
    fields: {names: [email]}
"""
QUERY = """query ($email: String!) {
  customers(orderBy: [{field: EMAIL}]) { nodes { displayName email access { masked } } }
  found: customers(where: {email: {eq: $email}}) { nodes { displayName } }
}"""
ADA, BOB = "ada.lovelace@example.com", "bob.builder@example.com"


@pytest.fixture
async def ada(writer: asyncpg.Connection, company: Company) -> Row:
    """One of two customers whom representatives see, and whose addresses are masked."""
    texts = read_folder(DEFAULT_RULES)
    texts["sales_rep.yaml"] += MAY
    async with writer.transaction():
        await activate(writer, texts)
    found = customer("Ada", region=company.germany, email=ADA)
    await store(writer, found, customer("Bob", region=company.germany, email=BOB))
    return found


async def _unmask(writer: asyncpg.Connection, who: Row, on: Row) -> None:
    await writer.execute(
        "INSERT INTO unmasks (id, user_id, resource, field, row_id, reason, valid_to)"
        " VALUES ($1, $2, 'Customer', 'email', $3, 'Asked for', now() + $4)",
        *(uuid7(), who.key, on.key, dt.timedelta(hours=1)),
    )


async def _seen(graph: Asking, who: Row) -> tuple[dict[str, Any], list[str]]:
    data = await graph.data(who, QUERY, {"email": ADA})
    nodes = {
        node["displayName"]: (node["email"], "email" in node["access"]["masked"]) for node in data["customers"]["nodes"]
    }
    return {name: nodes[name] for name in ("Ada", "Bob")}, [node["displayName"] for node in data["found"]["nodes"]]


async def test_it_opens_one_field_of_one_row_to_one_user_while_it_is_in_force(
    graph: Asking, company: Company, writer: asyncpg.Connection, ada: Row
) -> None:
    masked = {"Ada": ("a•••@example.com", True), "Bob": ("b•••@example.com", True)}
    assert await _seen(graph, company.rep) == (masked, [])
    await _unmask(writer, company.rep, ada)
    assert await _seen(graph, company.rep) == (masked | {"Ada": (ADA, False)}, ["Ada"])
    await writer.execute("UPDATE unmasks SET valid_to = now()")
    assert await _seen(graph, company.rep) == (masked, [])
    await _unmask(writer, company.colleague, ada)
    assert await _seen(graph, company.rep) == (masked, [])
