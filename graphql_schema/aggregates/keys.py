"""Keys of groups: the columns that rows are grouped by, and their JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from graphql_schema.aggregates.asking import Key
from graphql_schema.aggregates.buckets import end, label, start, within
from graphql_schema.aggregates.members import PATH
from graphql_schema.aggregates.trees import rolled_up
from graphql_schema.compiler.parts import TYPENAME, Needs, few, shown
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Entity, One, Value
from policies.catalogue import Relation
from policies.predicates import Row, joins
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]
Join = tuple[sa.Subquery, Column]
"""What is to be joined to the rows for a key, and on what."""


@dataclass(frozen=True)
class Keys:
    """The keys of one grouping."""

    reader: Reader
    keys: Sequence[Key]

    @property
    def fields(self) -> set[str]:
        """The fields that they need of the rows."""
        found: set[str] = set()
        for key in self.keys:
            found.update([key.member.field.name] if isinstance(key.member, Value) else key.member.relation.fields)
        return found

    @property
    def names(self) -> list[str]:
        """The names of their columns."""
        return [name for i, key in enumerate(self.keys) for name in key_columns(i, key)]

    def columns(self, row_of: Callable[[Key], Row]) -> tuple[list[Column], list[Join]]:
        """What rows are grouped by, named, and what is to be joined to them for it. `row_of` gives the row of a key."""
        columns: list[Column] = []
        joined: list[Join] = []
        for i, key in enumerate(self.keys):
            names, row = key_columns(i, key), row_of(key)
            if isinstance(key.member, Value):
                found = [_value(key, row[key.member.field.column.name])]
            elif key.level is None:
                other, on = there(self.reader, key.member.relation, row)
                found = [other.c[theirs] for _, theirs in key.member.relation.pairs]
                joined.append((other, on))
            else:
                above = self._above(key.member.relation, key.level)
                joined.append((above, above.c.id == row[key.member.relation.pairs[0][0]]))
                found = [above.c.above]
            columns += [column.label(name) for column, name in zip(found, names, strict=True)]
        return columns, joined

    def _above(self, relation: Relation, level: Column) -> sa.Subquery:
        """For each place of a tree in view, the one in view that it is rolled up to."""
        target = self.reader.graph[relation.target].resource
        needs = Needs({PATH})
        place, above = self.reader.view(target, needs), self.reader.view(target, needs)
        found = sa.select(above.c.id, above.c.path).ext(distinct_on(above.c.path)).order_by(above.c.path, above.c.id)
        tops = found.subquery(self.reader.name("t"))
        rolled = place.outerjoin(tops, tops.c.path == rolled_up(place.c.path, level))
        return sa.select(place.c.id, tops.c.id.label("above")).select_from(rolled).subquery(self.reader.name("t"))

    def json(self, selected: Sequence[Selected], group: Row) -> Column:
        """What is selected of the keys of a group."""
        return self.reader.object([self._member(item, group).label(item.key) for item in selected])

    def _member(self, item: Selected, group: Row) -> Column:
        if item.name == TYPENAME:
            return constant(item.parent.name)
        for i, key in enumerate(self.keys):
            if key.name == item.name:
                return self._key(i, key, item, group)
        return sa.cast(sa.null(), sa.JSON())

    def _key(self, i: int, key: Key, item: Selected, group: Row) -> Column:
        value = group[f"k{i}"]
        if isinstance(key.member, One):
            return self._row(i, key, key.member.relation, item, group)
        return _span(key, item, value) if key.bucket else shown(value, key.member.field)

    def _row(self, i: int, key: Key, relation: Relation, item: Selected, group: Row) -> Column:
        target: Entity = self.reader.graph[relation.target]
        if key.level is not None:
            return self.reader.one(target, item.children(), lambda there: there["id"] == group[f"k{i}"])
        ours = [name for name, _ in relation.pairs]
        here = {name: group[column] for name, column in zip(ours, key_columns(i, key), strict=True)}
        return self.reader.one(target, item.children(), lambda there: joins(relation, here, there))


def key_columns(i: int, key: Key) -> list[str]:
    """The names of a key's columns: one, or for what a customer owns two."""
    owned = isinstance(key.member, One) and key.level is None and len(key.member.relation.pairs) > 1
    return [f"k{i}_customer", f"k{i}"] if owned else [f"k{i}"]


def _value(key: Key, value: Column) -> Column:
    if key.bucket is not None:
        return start(value, key.bucket, key.zone)
    return value if key.level is None else rolled_up(value, key.level)


def there(reader: Reader, relation: Relation, row: Row) -> Join:
    """The related row, where it is in view: a reference to one that is not is no key, and is not counted."""
    view = reader.view(reader.graph[relation.target].resource, Needs())
    return view, joins(relation, row, view.c)


def _span(key: Key, item: Selected, begun: Column) -> Column:
    assert key.bucket is not None
    values: Mapping[str, Column] = {
        "label": label(begun, key.bucket, key.zone),
        "start": within(begun),
        "end": end(begun, key.bucket, key.zone),
    }
    parts = [(child, values.get(child.name, constant(child.parent.name))) for child in item.children()]
    return sa.case((begun.is_not(None), few(parts)))
