"""Aggregates as they are selected → SQL that makes their JSON.

rows of a view → groups (`Grouping`) → those of which `having` holds, in order, numbered → their JSON
                      related rows → groups by the same keys ↗
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from graphql_schema.aggregates import suppression
from graphql_schema.aggregates.asking import Asker, Key, Step, holds
from graphql_schema.aggregates.counted import Counted, counted
from graphql_schema.aggregates.grouping import COUNT, Grouping
from graphql_schema.aggregates.keys import Keys
from graphql_schema.aggregates.measuring import Measuring
from graphql_schema.aggregates.members import Members
from graphql_schema.aggregates.source import Source, condition
from graphql_schema.compiler.arguments import Leaf, Tree
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.parts import TYPENAME
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Entity
from policies.catalogue import Relation
from policies.conditions import ALWAYS, Constant, Operand
from policies.document import Action
from policies.predicates import Row, bound
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

AT_ROOT, INSIDE = (1_000, 100), (100, 10)
"""How many groups there are at most, and where nothing is said."""
NUMBER = "number"


def answer(
    reader: Reader, entity: Entity, selected: Selected, relation: Relation | None = None, here: Row | None = None
) -> Column:
    """The JSON of an aggregate of all rows of a view, or of those related to a row of another.

    Where no row is read but some are counted, the view is that of `aggregate`.
    Raises BadInput or NotReadable for arguments that cannot be answered.
    """
    return _Answer(reader, entity, selected, relation, here).json()


@dataclass(frozen=True)
class _Answer:
    reader: Reader
    entity: Entity
    selected: Selected
    relation: Relation | None
    here: Row | None

    # What is asked

    @cached_property
    def _nodes(self) -> list[Selected]:
        return [part for part in self.selected.children() if part.name == "nodes"]

    @cached_property
    def _of_groups(self) -> list[Selected]:
        return [child for part in self._nodes for child in part.children()]

    @cached_property
    def _members(self) -> Members:
        return Members(self.entity)

    @cached_property
    def _asker(self) -> Asker:
        return Asker(self.reader.graph, self.reader.access, self._members, self._counted)

    @cached_property
    def _counted(self) -> Counted | None:
        return counted(self.reader.access, self._members) if self.relation is None else None

    def _argument(self, name: str) -> tuple[Tree, Place]:
        return self.selected.arguments.get(name), (*self.selected.place, name)

    @cached_property
    def _keys(self) -> Sequence[Key]:
        return self._asker.keys(*self._argument("groupBy"))

    @property
    def _least(self) -> int:
        return self.reader.access.min_group

    @cached_property
    def _measuring(self) -> Measuring:
        return _measuring(self._asker, self._of_groups, self._least)

    @cached_property
    def _source(self) -> Source:
        where, place = self._argument("where")
        met = condition(self.reader, self.entity, where, place)
        if self._counted is None:
            return Source(self.reader, self.entity, met, self.relation, self.here)
        self._counted.check_where(where, place)
        return Source(self.reader, self.entity, met, None, None, Action.AGGREGATE)

    @cached_property
    def _first(self) -> Column:
        leaf, place = self._argument("first")
        most, default = INSIDE if self.relation else AT_ROOT
        operand: Operand = Constant(default)
        if isinstance(leaf, Leaf):
            operand = Converted(leaf.operand, lambda value, at: _number(value, most, at), place)
        return bound(operand, sa.Integer())

    # Groups

    def _groups(self) -> sa.Subquery:
        keys, measuring = Keys(self.reader, self._keys), self._measuring
        rows = self._source.grouped(keys, measuring.fields, measuring.columns)
        apart = self._source.left_out if self.selected.arguments.get("where") is not None else None
        return Grouping(rows, keys.names, measuring.measures, self.reader.name, self._least, apart).groups()

    def _page(self) -> sa.Subquery:
        """The groups asked for and one more, numbered in their order."""
        groups, asked = self._groups(), list(self._measuring.asked)
        kept: list[Column] = []
        for of, met in self._asker.having(self._argument("having")[0], asked, self._argument("having")[1]):
            kept += holds(met, self._measuring.value(of, groups.c))
        tree, place = self._argument("orderBy")
        order = self._order(self._asker.order(tree, self._keys, asked, place), groups.c)
        number = sa.func.row_number().over(order_by=order or None).label(NUMBER)
        found = sa.select(groups, number).where(sa.and_(sa.true(), *kept)).order_by(*order)
        return found.limit(self._first + sa.literal_column("1")).subquery(self.reader.name("p"))

    def _order(self, steps: Sequence[Step], group: Row) -> list[Column]:
        names = {key.name: f"k{i}" for i, key in enumerate(self._keys)}
        found: list[Column] = []
        for step in steps:
            by = group[names[step.by]] if isinstance(step.by, str) else self._measuring.value(step.by, group)
            column = by.desc() if step.descending else by.asc()
            found.append(column.nulls_first() if step.nulls_first else column.nulls_last())
        return [*found, *(group[name] for name in Keys(self.reader, self._keys).names)]

    # JSON

    def json(self) -> Column:
        if self._counted is not None:
            self._counted.check_selected(self._of_groups)
        page = self._page()
        source: sa.FromClause = page
        objects = []
        for i, part in enumerate(self._nodes):
            columns, source = self._object(part.children(), page, source)
            objects.append(self.reader.object(columns).label(f"o{i}"))
        rows = sa.select(page.c[NUMBER], *objects).select_from(source).correlate_except(*_parts_of(source))
        made = rows.subquery(self.reader.name("p"))
        numbers = {part.place: i for i, part in enumerate(self._nodes)}
        outer = [self._part(part, made, numbers).label(part.key) for part in self.selected.children()]
        one = sa.select(*outer).select_from(made).group_by(sa.literal_column("()")).correlate_except(made)
        return self.reader.json(one)

    def _part(self, part: Selected, made: sa.Subquery, numbers: dict[Place, int]) -> Column:
        number = made.c[NUMBER]
        if part.name == TYPENAME:
            return constant(part.parent.name)
        if part.name == "hasMore":
            return sa.func.count() > self._first
        each = aggregate_order_by(made.c[f"o{numbers[part.place]}"], number)
        collected = sa.func.json_agg(each).filter(number <= self._first)
        return sa.func.coalesce(collected, sa.literal_column("'[]'::json"), type_=sa.JSON())

    def _object(
        self, items: Sequence[Selected], page: sa.Subquery, source: sa.FromClause
    ) -> tuple[list[Column], sa.FromClause]:
        """What is selected of a group, in order, and where it is found: the page, with related groups joined to it."""
        keys = Keys(self.reader, self._keys)
        known = {column.name: column for column in self._measuring.columns_of(items, page.c)}
        columns: list[Column] = []
        for item in items:
            if item.name == "keys":
                columns.append(keys.json(item.children(), page.c).label(item.key))
            elif item.key in known:
                columns.append(known[item.key])
            else:
                value, source = self._related(item, page, source)
                columns.append(value.label(item.key))
        return columns, source

    def _related(self, item: Selected, page: sa.Subquery, source: sa.FromClause) -> tuple[Column, sa.FromClause]:
        """Measures of the rows related to those of a group, joined to it by its key."""
        relation = self._members.lists[item.name]
        target = self.reader.graph[relation.target]
        asker = Asker(self.reader.graph, self.reader.access, Members(target))
        measuring = _measuring(asker, item.children(), self._least)
        met = condition(self.reader, target, item.arguments.get("where"), (*item.place, "where"))
        keys = Keys(self.reader, self._keys)
        rows = self._source.related(keys, relation, target, met, measuring.fields, measuring.columns)
        grouping = Grouping(rows, keys.names, measuring.measures, self.reader.name, self._least)
        keyed, source = self._keyed(grouping, page, source)
        value = self.reader.object(list(measuring.columns_of(item.children(), keyed.c)))
        if self._least <= 1:
            return value, source
        told: Column = keyed.c[COUNT].is_not(None)
        if item.arguments.get("where") is not None:
            every = self._source.related(keys, relation, target, ALWAYS, (), lambda _reader, _row: ((), ()))
            all_, source = self._keyed(Grouping(every, keys.names, {}, self.reader.name), page, source)
            told = sa.and_(told, ~suppression.between(all_.c[COUNT] - keyed.c[COUNT], self._least))
        return sa.case((told, value)), source

    def _keyed(self, grouping: Grouping, page: sa.Subquery, source: sa.FromClause) -> tuple[sa.Subquery, sa.FromClause]:
        """Groups by the same keys, joined to those of the page."""
        groups = grouping.groups()
        keyed = sa.select(groups, _text(groups.c, grouping.keys).label("key")).subquery(self.reader.name("g"))
        return keyed, source.outerjoin(keyed, keyed.c.key == _text(page.c, grouping.keys))


def _measuring(asker: Asker, selected: Sequence[Selected], least: int) -> Measuring:
    found = Measuring(asker.members, selected, least)
    return replace(found, withheld=asker.withheld(name for _, name in found.asked))


def _number(value: Any, most: int, place: Place) -> int:
    if not 1 <= value <= most:
        raise BadInput(f"there are 1 to {most} groups", place)
    return int(value)


def _text(group: Row, names: Sequence[str]) -> Column:
    """The key of a group as a text, by which groups can be joined though parts of keys are NULL."""
    return sa.cast(sa.func.json_build_array(*(group[name] for name in names)), sa.Text())


def _parts_of(source: sa.FromClause) -> list[sa.FromClause]:
    if isinstance(source, sa.Join):
        return [*_parts_of(source.left), *_parts_of(source.right)]
    return [source]
