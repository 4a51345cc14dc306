"""The field of Query, with its types."""

from __future__ import annotations

from collections.abc import Mapping

from strawberry.types import get_object_definition

from graphql_schema.building import SEARCH, EntityTypes, upper_snake
from graphql_schema.common import Node
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Graph
from graphql_schema.listing import FORWARD, fill_connection
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, maybe, name_enum
from graphql_schema.searching.results import Column, results
from graphql_schema.searching.sought import sought
from graphql_schema.tailoring.closed import Closed
from policies.access import Access
from policies.predicates import Row

TYPE = "SearchType"


def _part(types: Mapping[str, EntityTypes]) -> Part:
    names = {upper_snake(name): name for name, of in types.items() if of.searched}
    enum = name_enum(TYPE, names, "What can be searched for.", lambda member: _described(types[member.value].object))
    return Part(
        "search",
        maybe(_connection()),
        "What is found by some words, among all that is in view: best first.",
        (
            Part("query", str, SEARCH, default=REQUIRED),
            Part("types", maybe(listed(enum)), "Only these types; without it, all that are searched and in view."),
            Part("first", maybe(int), "How many: 1 to 100, 20 where nothing is said."),
            Part("after", maybe(str), "Only what comes after this cursor."),
        ),
    )


def _described(object_: type) -> str:
    definition = get_object_definition(object_, strict=True)
    return definition.description or ""


def _connection() -> type:
    highlight, result = empty("SearchHighlight"), empty("SearchResult")
    edge, connection = empty("SearchResultEdge"), empty("SearchResultConnection")
    fill_type(
        highlight,
        "A part of a value that was found.",
        [
            Part("text", str, "The part, as it is written."),
            Part("matched", bool, "Whether it is what was searched for."),
        ],
    )
    fill_type(
        result,
        "Something that was found.",
        [
            Part("node", maybe(Node), "What was found."),
            Part("rank", int, "How well it fits: the higher, the better."),
            Part("field", str, "The field that it was found in, or the one that fits best of several."),
            Part("highlight", listed(highlight), "That field's value in parts, which together are all of it."),
        ],
    )
    fill_connection(edge, connection, result, "what was found", cursor=FORWARD)
    return connection


def _compile(reader: Reader, selected: Selected, _row: Row | None) -> Column:
    return results(reader, selected)


def _shown(graph: Graph, access: Access) -> bool:
    return any(sought(access, entity.resource) for entity in graph)


def _closed(graph: Graph, access: Access) -> Closed:
    gone = (e.name for e in graph if e.resource.searched and not sought(access, e.resource))
    return Closed(elements=frozenset((TYPE, upper_snake(name)) for name in gone))


ROOTS = (Computed("search", _part, _compile, _shown, _closed, cost=50),)
