"""Following what changes: pages of `changes`, each from where the last one ended."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.graphql_schema.rows import Row
from tests.http.asking import Asking

CHANGES = """
query ($after: String, $types: [RecordType!], $customer: ID, $actor: ID, $since: DateTime, $first: Int) {
  changes(after: $after, types: $types, customer: $customer, actor: $actor, since: $since, first: $first) {
    pageInfo { endCursor hasNextPage hasPreviousPage }
    edges { cursor node { __typename } }
    nodes { type id op actor { displayName } fields { field old new masked oldWithheld } } } }"""
UPDATE = """
mutation ($input: CustomerUpdateInput!) { customerUpdate(input: $input) { changeCursor userErrors { code field } } }"""


async def update(graph: Asking, who: Row, **given: Any) -> str | None:
    """Changes a customer, and gives its place among all changes."""
    made = (await graph.data(who, UPDATE, {"input": given}))["customerUpdate"]
    assert made["userErrors"] == []
    cursor: str | None = made["changeCursor"]
    return cursor


NEXT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS id"
BEFORE = """
SELECT count(*) AS running FROM pg_stat_activity
WHERE datname <> current_database() AND backend_xid IS NOT NULL AND backend_xid::text::bigint < $1"""


async def others_ended(graph: Asking) -> None:
    """Waits for what runs in databases of other tests, for it holds back what is settled in all of a server."""
    mark = (await graph.database.read(NEXT))["id"]  # type: ignore[index]
    async with asyncio.timeout(60):
        while (await graph.database.read(BEFORE, mark))["running"]:  # type: ignore[index]
            await asyncio.sleep(0.02)


async def page(graph: Asking, who: Row, **asked: Any) -> Any:
    """A page of changes."""
    await others_ended(graph)
    return (await graph.data(who, CHANGES, asked))["changes"]


async def tiers(graph: Asking, who: Row, of: Row, **asked: Any) -> list[Any]:
    """What the tiers of a customer became."""
    nodes = (await page(graph, who, customer=of.node, **asked))["nodes"]
    return [each["new"] for node in nodes for each in node["fields"] if each["field"] == "tier"]
