"""Types of lists that are read page by page, as GraphQL Cursor Connections has them."""

from __future__ import annotations

from typing import Any

from graphql_schema.common import PageInfo
from graphql_schema.compiler.pages import INSIDE
from graphql_schema.making import Part, fill_type, listed, maybe

BOTH_WAYS, FORWARD = "Opaque; for `after` and `before`.", "Opaque; for `after`."


def fill_connection(edge: type, connection: type, node: Any, what: str, *beside: Part, cursor: str = BOTH_WAYS) -> None:
    """Makes edge and connection of empty classes: `what` is listed, `beside` stands next to each node."""
    parts = [Part("cursor", str, cursor), *beside, Part("node", node, "What stands there.")]
    fill_type(edge, f"A place in a list of {what}.", parts)
    fill_type(
        connection,
        f"A page of {what}.",
        [
            Part("edges", listed(edge), "The page's items with their cursors."),
            Part("nodes", listed(node), "The page's items."),
            Part("pageInfo", PageInfo, "Where the page stands."),
            Part("totalCount", int, "How many there are on all pages; counted only when asked."),
        ],
    )


NEWEST_FIRST = (
    Part("first", maybe(int), f"How many, from the newest: 1 to 100, {INSIDE} where nothing is said."),
    Part("after", maybe(str), "Only what comes after this cursor: what is older."),
    Part("last", maybe(int), "How many, from the oldest: 1 to 100."),
    Part("before", maybe(str), "Only what comes before this cursor: what is newer."),
)
"""The arguments of a list inside a node that begins with what is newest."""
