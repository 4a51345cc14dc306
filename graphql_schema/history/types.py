"""The types of `changeHistory`, which all entities share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from graphql_schema.building import EntityTypes
from graphql_schema.common import PageInfo
from graphql_schema.compiler.pages import INSIDE
from graphql_schema.making import Part, empty, fill_type, listed, maybe, name_enum
from graphql_schema.scalars import JSON, DateTime, FieldPath

CHANGE, OF_FIELD = "Change", "FieldChange"
OPERATIONS = {
    "CREATE": "It was made.",
    "UPDATE": "It was changed.",
    "RESTORE": "It was brought back.",
    "MERGE": "It took in another one, or was taken in.",
    "UNMERGE": "A merge was undone.",
}


@cache
def _connection(user: Any) -> type:
    operation = name_enum(
        "ChangeOperation", {name: name for name in OPERATIONS}, "What was done.", lambda each: OPERATIONS[each.value]
    )
    of_field, change = empty(OF_FIELD), empty(CHANGE)
    fill_type(
        of_field,
        "The change of one field.",
        [
            Part("field", str, "Name of the field."),
            Part("old", maybe(JSON), "What it held before, written as the field is; of a relation, the id."),
            Part("new", maybe(JSON), "What it held after, written as the field is; of a relation, the id."),
            Part("masked", bool, "Whether only a part is shown of both."),
            Part("oldWithheld", bool, "Whether it is not shown what it held before: null, whatever that was."),
        ],
    )
    fill_type(
        change,
        "A change of a record.",
        [
            Part("at", DateTime, "When."),
            Part("actor", maybe(user), "Who did it; null where that is not in view."),
            Part("op", operation, "What was done."),
            Part("fields", listed(of_field), "What changed, of the fields that the caller reads now and read then."),
        ],
    )
    edge, connection = empty("ChangeEdge"), empty("ChangeConnection")
    fill_type(
        edge,
        "A place in a list of changes.",
        [Part("cursor", str, "Opaque; for `after` and `before`."), Part("node", change, "What stands there.")],
    )
    fill_type(
        connection,
        "A page of changes.",
        [
            Part("edges", listed(edge), "The page's items with their cursors."),
            Part("nodes", listed(change), "The page's items."),
            Part("pageInfo", PageInfo, "Where the page stands."),
            Part("totalCount", int, "How many there are on all pages; counted only when asked."),
        ],
    )
    return connection


def part(types: Mapping[str, EntityTypes]) -> Part:
    """The field, with its types."""
    return Part(
        "changeHistory",
        _connection(types["User"].object),
        "What was changed of it, newest first. A change of a field is shown where the caller reads the field on the "
        "record as it is now and as it was after the change. What was not written down with it, as in imports, is not "
        "shown.",
        (
            Part("fields", maybe(listed(FieldPath)), "Only changes of these fields; without it, of all."),
            Part("since", maybe(DateTime), "Only what was changed at this moment or later."),
            Part("first", maybe(int), f"How many, from the newest: 1 to 100, {INSIDE} where nothing is said."),
            Part("after", maybe(str), "Only what comes after this cursor: what is older."),
            Part("last", maybe(int), "How many, from the oldest: 1 to 100."),
            Part("before", maybe(str), "Only what comes before this cursor: what is newer."),
        ),
    )
