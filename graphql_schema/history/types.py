"""The types of `changeHistory`, which all entities share, and of `changes`."""

from __future__ import annotations

from collections.abc import Mapping

import strawberry

from graphql_schema.building import EntityTypes, upper_snake
from graphql_schema.compiler.connections import AT_ROOT
from graphql_schema.listing import NEWEST_FIRST, fill_connection
from graphql_schema.making import Part, empty, fill_type, listed, maybe, name_enum
from graphql_schema.scalars import JSON, DateTime, FieldPath

CHANGE, OF_FIELD, RECORD_TYPE = "Change", "FieldChange", "RecordType"
OPERATIONS = {
    "CREATE": "It was made.",
    "UPDATE": "It was changed.",
    "DELETE": "It was deleted.",
    "RESTORE": "It was brought back.",
    "MERGE": "It took in another one, or was taken in.",
    "UNMERGE": "A merge was undone.",
}


class _Made:
    """The types, made once of those of the entities."""

    def __init__(self, types: Mapping[str, EntityTypes]) -> None:
        names = {upper_snake(name): name for name in types}
        self.record_type = name_enum(RECORD_TYPE, names, "A type of records.", lambda each: f"`{each.value}`.")
        self.connection = self._connection(types["User"].object)

    def _connection(self, user: type) -> type:
        change, edge, connection = empty(CHANGE), empty("ChangeEdge"), empty("ChangeConnection")
        fill_type(change, "A change of a record.", self._parts(user))
        fill_connection(edge, connection, change, "changes")
        return connection

    def _parts(self, user: type) -> list[Part]:
        operation = name_enum(
            "ChangeOperation", {name: name for name in OPERATIONS}, "What was done.", lambda of: OPERATIONS[of.value]
        )
        return [
            Part("type", self.record_type, "Of which type the record is."),
            Part("id", strawberry.ID, "The record's id."),
            Part("at", DateTime, "When."),
            Part("actor", maybe(user), "Who did it; null where that is not in view."),
            Part("op", operation, "What was done."),
            Part("fields", listed(_of_field()), "What changed, of the fields that the caller reads now and read then."),
        ]


def _of_field() -> type:
    made = empty(OF_FIELD)
    parts = [
        Part("field", str, "Name of the field."),
        Part("old", maybe(JSON), "What it held before, written as the field is; of a relation, the id."),
        Part("new", maybe(JSON), "What it held after, written as the field is; of a relation, the id."),
        Part("masked", bool, "Whether only a part is shown of both."),
        Part("oldWithheld", bool, "Whether it is not shown what it held before: null, whatever that was."),
    ]
    fill_type(made, "The change of one field.", parts)
    return made


_made: dict[type, _Made] = {}


def _types(types: Mapping[str, EntityTypes]) -> _Made:
    user = types["User"].object
    if user not in _made:
        _made[user] = _Made(types)
    return _made[user]


def part(types: Mapping[str, EntityTypes]) -> Part:
    """`changeHistory`, with its types."""
    return Part(
        "changeHistory",
        _types(types).connection,
        "What was changed of it, newest first: of fields that the caller reads on it as it is, and as it was after the"
        " change. Imports note no changes.",
        (
            Part("fields", maybe(listed(FieldPath)), "Only changes of these fields; without it, of all."),
            Part("since", maybe(DateTime), "Only what was changed at this moment or later."),
            *NEWEST_FIRST,
        ),
    )


def feed(types: Mapping[str, EntityTypes]) -> Part:
    """`changes`, with its types."""
    made = _types(types)
    return Part(
        "changes",
        maybe(made.connection),
        "What was changed of anything in view, oldest first, each as its record's `changeHistory` shows it. Whoever asks "
        "again with the last cursor is given what came since: all of it, and nothing twice.",
        (
            Part("types", maybe(listed(made.record_type)), "Only of these types. An empty list finds nothing."),
            Part("customer", maybe(strawberry.ID), "Only of this customer and what belongs to it."),
            Part("actor", maybe(strawberry.ID), "Only what this user did."),
            Part("since", maybe(DateTime), "Only what was changed at this moment or later."),
            Part("first", maybe(int), f"How many, from the oldest: 1 to 100, {AT_ROOT} where nothing is said."),
            Part("after", maybe(str), "Only what comes after this cursor; one of `changes`, or a `changeCursor`."),
        ),
    )
