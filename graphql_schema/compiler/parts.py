"""Parts that objects and lists share: literals of ours, joins, and what a view must have for a selection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Amount, Entity, Graph, One, Rights, Subject, Value
from policies.access import Access
from policies.catalogue import Field, Kind, Resource
from policies.predicates import Row, Rows

TYPENAME = "__typename"


class Reads(Protocol):
    """What compiling a list needs of the compiler of objects."""

    @property
    def graph(self) -> Graph: ...
    @property
    def access(self) -> Access: ...
    def name(self, prefix: str) -> str: ...
    def view(self, resource: Resource, fields: Iterable[str], states: Iterable[str] = ()) -> sa.Subquery: ...
    def rows(self, resource: Resource, fields: frozenset[str]) -> Rows: ...
    def json(self, found: sa.Select[Any]) -> sa.ColumnElement[Any]: ...
    def object(self, columns: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]: ...
    def columns(self, entity: Entity, selected: Sequence[Selected], row: Row) -> list[sa.ColumnElement[Any]]: ...


def shown(value: sa.ColumnElement[Any], field: Field) -> sa.ColumnElement[Any]:
    """A value as it stands in JSON: exact numbers as text, keys as text, the rest as PostgreSQL writes it."""
    if field.spec.kind is Kind.DECIMAL:
        return sa.cast(value, sa.Text())
    return value


def needed(entity: Entity, selected: Iterable[Selected], access: Access) -> tuple[set[str], set[str]]:
    """The fields that a view must have for a selection, and those whose state is asked row by row."""
    fields: set[str] = set()
    states: set[str] = set()
    for item in selected:
        member = None if item.name == TYPENAME else entity.members[item.name]
        if isinstance(member, (Value, Amount)):
            fields.add(member.field.name)
        elif isinstance(member, One):
            fields.update(member.relation.fields)
        elif isinstance(member, Subject):
            fields.update(name for relation in member.relations.values() for name in relation.fields)
        elif isinstance(member, Rights):
            on = access.on(entity.resource)
            states |= {held.name for held in entity.fields.values() if on.state(held.name) is None}
    return fields, states
