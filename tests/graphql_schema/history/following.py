"""Following what changes: pages of `changes`, each from where the last one ended."""

from __future__ import annotations

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


async def page(graph: Asking, who: Row, **asked: Any) -> Any:
    """A page of changes."""
    return (await graph.data(who, CHANGES, asked))["changes"]


async def tiers(graph: Asking, who: Row, of: Row, **asked: Any) -> list[Any]:
    """What the tiers of a customer became."""
    nodes = (await page(graph, who, customer=of.node, **asked))["nodes"]
    return [each["new"] for node in nodes for each in node["fields"] if each["field"] == "tier"]
