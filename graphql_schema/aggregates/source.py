"""The rows that are grouped: those of a view that meet a filter, and those related to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from graphql_schema.aggregates.keys import Join, Keys
from graphql_schema.compiler.arguments import Tree
from graphql_schema.compiler.operands import Place
from graphql_schema.compiler.parts import Needs
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.where import Filter
from graphql_schema.entities import Entity
from policies.catalogue import Relation
from policies.conditions import ALWAYS, Condition, fields_read
from policies.document import Action
from policies.predicates import Compiler, Reading, Row, joins

Column = sa.ColumnElement[Any]
Columns: TypeAlias = Callable[[Reader, Row], tuple[Sequence[Column], Sequence[Join]]]
"""What is taken of a row, named, and what is to be joined to it for it."""


def condition(reader: Reader, entity: Entity, tree: Tree, place: Place) -> Condition:
    """What a filter states. Raises BadInput or NotReadable."""
    if tree is None:
        return ALWAYS
    strict = reader.access.on(entity.resource).visible
    return Filter(reader.graph, reader.access, reader.conditions, strict=strict).condition(tree, entity, place)


def rows(
    reader: Reader,
    entity: Entity,
    holds: Condition,
    fields: Iterable[str],
    relation: Relation | None = None,
    here: Row | None = None,
    action: Action = Action.READ,
) -> tuple[sa.Subquery, Column]:
    """A view with some fields, and what holds of the rows meant: a filter, and that they are related to a row."""
    resource, catalogue = entity.resource, reader.graph.catalogue
    needs = Needs({*fields, *(name for on, name in fields_read(holds, resource, catalogue) if on is resource)})
    if relation is not None:
        needs.fields.update(relation.fields)
    view = reader.view(resource, needs, action)
    met = Compiler(catalogue, reader.rows, Reading.ASKED).predicate(holds, resource, view.c)
    if relation is None or here is None:
        return view, met
    return view, sa.and_(joins(relation, here, view.c), met)


@dataclass(frozen=True)
class Source:
    """The rows of one entity that an aggregate is of: all in view, or those related to a row of another."""

    reader: Reader
    entity: Entity
    condition: Condition
    relation: Relation | None
    here: Row | None
    action: Action = Action.READ
    """For which they are in view."""

    def _rows(self, fields: Iterable[str], holds: Condition) -> tuple[sa.Subquery, Column]:
        return rows(self.reader, self.entity, holds, fields, self.relation, self.here, self.action)

    def grouped(self, keys: Keys, fields: Iterable[str], columns: Columns) -> sa.Subquery:
        """The rows with their keys, and what is measured of them."""
        view, holds = self._rows({*keys.fields, *fields}, self.condition)
        return self._selected(keys, view, view, holds, *columns(self.reader, view.c))

    def related(
        self, keys: Keys, relation: Relation, target: Entity, holds: Condition, fields: Iterable[str], columns: Columns
    ) -> sa.Subquery:
        """The rows of another entity that are related to them, with the keys of those that they are related to."""
        view, kept = self._rows(keys.fields, self.condition)
        there, met = rows(self.reader, target, holds, {*fields, *relation.fields})
        both = view.join(there, sa.and_(joins(relation, view.c, there.c), met))
        return self._selected(keys, view, both, kept, *columns(self.reader, there.c))

    def _selected(
        self,
        keys: Keys,
        view: sa.Subquery,
        source: sa.FromClause,
        holds: Column,
        values: Sequence[Column],
        others: Sequence[Join],
    ) -> sa.Subquery:
        by, joined = keys.columns(lambda _: view.c)
        for other, on in (*joined, *others):
            source = source.outerjoin(other, on)
        columns = [*by, *values] or [sa.literal_column("1").label("one")]
        found = sa.select(*columns).select_from(source).where(holds)
        return found.correlate_except(*_froms(source)).subquery(self.reader.name("s"))

    def left_out(self, counted: Column) -> Column:
        """Of the number of rows, how many more there are that do not meet the filter."""
        view, holds = self._rows((), ALWAYS)
        every = sa.select(sa.func.count()).select_from(view).where(holds).correlate_except(view).scalar_subquery()
        return every - counted


def _froms(source: sa.FromClause) -> list[sa.FromClause]:
    if isinstance(source, sa.Join):
        return [*_froms(source.left), *_froms(source.right)]
    return [source]
