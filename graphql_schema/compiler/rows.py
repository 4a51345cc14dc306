"""Objects and lists: what is selected of them → SQL expressions that make their JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLObjectType, get_named_type

from graphql_schema import ids
from graphql_schema.compiler import connections
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Amount, Entity, Graph, Key, Many, One, Rights, Value
from policies.access import STATE, Access, State
from policies.catalogue import Field, Kind, Relation, Resource
from policies.predicates import Row, Rows, companion

TYPENAME = "__typename"


def constant(text: str) -> sa.ColumnElement[str]:
    """A name of ours (type, field, response key) as an SQL literal."""
    assert text.isidentifier()
    return sa.literal_column(f"'{text}'", sa.Text())


@dataclass(frozen=True)
class Reader:
    """Compiles selections for one grant shape. Reads start from `view`, and nowhere else."""

    graph: Graph
    access: Access
    _names: count[int] = field(default_factory=lambda: count(1), repr=False)

    def name(self, prefix: str) -> str:
        """A name for a subquery, from a counter."""
        return f"{prefix}{next(self._names)}"

    def view(self, resource: Resource, fields: Iterable[str], states: Iterable[str] = ()) -> sa.Subquery:
        """The caller's view of a resource."""
        return self.access.view(resource, sorted(fields), sorted(states)).subquery(self.name("v"))

    def rows(self, resource: Resource, fields: frozenset[str]) -> Rows:
        """The source of callers' conditions."""
        view = self.view(resource, fields)
        return Rows(view, view.c)

    def one(self, target: Entity, selected: Sequence[Selected], joined: Any) -> sa.ColumnElement[Any]:
        """The JSON of one row of a view, or NULL. `joined` gives the condition that finds it."""
        view = self.view(target.resource, *needed(target, selected, self.access))
        found = (
            sa.select(*self.columns(target, selected, view.c))
            .select_from(view)
            .where(joined(view.c))
            .correlate_except(view)
        )
        return self.json(found)

    def json(self, found: sa.Select[Any]) -> sa.ColumnElement[Any]:
        """The one row of a select as JSON, or NULL."""
        rows = found.subquery(self.name("r"))
        whole = sa.func.row_to_json(sa.literal_column(rows.name))
        return sa.select(whole).select_from(rows).scalar_subquery()

    def object(self, columns: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
        """JSON of columns of rows that are in scope already."""
        return self.json(sa.select(*columns).correlate_except(None))

    def columns(self, entity: Entity, selected: Sequence[Selected], row: Row) -> list[sa.ColumnElement[Any]]:
        """What is selected of a view's row, each labelled by its response key."""
        return [self._member(entity, item, row).label(item.key) for item in selected]

    def _member(self, entity: Entity, selected: Selected, row: Row) -> sa.ColumnElement[Any]:
        if selected.name == TYPENAME:
            return constant(entity.name)
        member = entity.members[selected.name]
        if isinstance(member, Key):
            return ids.expression(entity.tag, row["id"], row["customer_id"] if entity.resource.owned else None)
        if isinstance(member, Value):
            return shown(row[member.field.column.name], member.field)
        if isinstance(member, Amount):
            return self._amount(member.field, selected, row)
        if isinstance(member, Rights):
            return self._rights(entity, selected, row)
        target = self.graph[member.relation.target]
        if isinstance(member, Many):
            return connections.connection(self, target, selected, member.relation, row)
        return self.one(target, selected.children(), lambda there: joins(member.relation, row, there))

    def _amount(self, money: Field, selected: Selected, row: Row) -> sa.ColumnElement[Any]:
        name = money.column.name
        sources = dict(zip(("currency", "base"), money.spec.companions, strict=False))
        parts: list[sa.ColumnElement[Any]] = []
        for item in selected.children():
            if item.name == TYPENAME:
                value = constant("Money")
            elif item.name == "amount":
                value = sa.cast(row[name], sa.Text())
            elif item.name in sources:
                value = sa.cast(row[companion(name, sources[item.name])], sa.Text())
            else:
                value = sa.cast(sa.null(), sa.Text())
            parts += [constant(item.key), value]
        return sa.case((row[name].is_not(None), sa.func.json_build_object(*parts)))

    def _rights(self, entity: Entity, selected: Selected, row: Row) -> sa.ColumnElement[Any]:
        parts: list[sa.ColumnElement[Any]] = []
        for item in selected.children():
            value = constant("Access") if item.name == TYPENAME else self._in_state(entity, State(item.name), row)
            parts += [constant(item.key), value]
        return sa.func.json_build_object(*parts)

    def _in_state(self, entity: Entity, state: State, row: Row) -> sa.ColumnElement[Any]:
        """The names of the fields in a state, as JSON, in the order of the schema."""
        on, names = self.access.on(entity.resource), []
        for name, held in entity.fields.items():
            known = on.state(held.name)
            if known is state:
                names.append(constant(name))
            elif known is None:
                state_column = row[companion(held.column.name, STATE)]
                names.append(sa.case((state_column == constant(state.value), constant(name))))
        if not names:
            return sa.literal_column("'[]'::json")
        array = sa.func.array_remove(sa.func.array(*names), sa.null())
        return sa.func.to_json(sa.literal_column("ARRAY") if False else _array(names)) if array is None else _json(names)


def _array(names: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    from sqlalchemy.dialects.postgresql import array

    return array(names, type_=sa.Text())


def _json(names: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    return sa.func.to_json(sa.func.array_remove(_array(names), sa.cast(sa.null(), sa.Text())))


def joins(relation: Relation, here: Row, there: Row) -> sa.ColumnElement[bool]:
    """Whether a row over there is related to one here."""
    return sa.and_(*(there[theirs] == here[ours] for ours, theirs in relation.pairs))


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
            fields.add(member.relation.field)
        elif isinstance(member, Rights):
            on = access.on(entity.resource)
            states |= {held.name for held in entity.fields.values() if on.state(held.name) is None}
    return fields, states
