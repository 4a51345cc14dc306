"""A report → SQL: one pass over the dataset's view, joined to the views that its paths lead to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from graphql_schema import ids
from graphql_schema.aggregates.asking import Key, holds
from graphql_schema.aggregates.buckets import Bucket
from graphql_schema.aggregates.grouping import COUNT, Grouping
from graphql_schema.aggregates.keys import Keys, key_columns, there
from graphql_schema.aggregates.measures import Aggregate, Measure
from graphql_schema.aggregates.source import Source, condition, rows
from graphql_schema.compiler.arguments import Leaf, Tree
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.parts import TYPENAME, Needs, shown
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Amount, One
from graphql_schema.reports.asking import Measured, Report
from graphql_schema.reports.types import MOST_ROWS, ROWS
from policies.conditions import Condition, Constant, Operand
from policies.predicates import Row, bound, companion, joins
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]
Over = tuple[str, ...]
"""The single relations that lead from the dataset's rows to others."""
NUMBER = "number"


def answer(reader: Reader, selected: Selected) -> Column:
    """The JSON of a report. Raises BadInput or NotReadable for arguments that cannot be answered."""
    return _Answer(reader, selected, Report(reader.graph, reader.access, selected)).json()


@dataclass(frozen=True)
class _Answer:
    reader: Reader
    selected: Selected
    report: Report

    @cached_property
    def _keys(self) -> Keys:
        return Keys(self.reader, [dimension.key for dimension in self.report.dimensions])

    @cached_property
    def _condition(self) -> Condition:
        tree, plural = self.selected.arguments.get("where"), self.report.dataset.plural
        place = (*self.selected.place, "where")
        given: Tree = None
        for name, part in (tree or {}).items():  # type: ignore[union-attr]
            if name != plural:
                raise BadInput(f"the dataset is {plural}, so conditions are on {plural} alone", (*place, name))
            given = part
        return condition(self.reader, self.report.dataset, given, (*place, plural))

    @cached_property
    def _first(self) -> Column:
        leaf, place = self.selected.arguments.get("first"), (*self.selected.place, "first")
        operand: Operand = Converted(leaf.operand, _number, place) if isinstance(leaf, Leaf) else Constant(ROWS)
        return bound(operand, sa.Integer())

    # Rows

    def _needed(self) -> dict[Over, set[str]]:
        """The fields that are needed of each row, by what leads to it."""
        found: dict[Over, set[str]] = {(): set()}
        paths = [each.path for each in self.report.dimensions] + [m.path for m in self.report.measures if m.path]
        for path in paths:
            for i, name in enumerate((*path.over, path.name)):
                found.setdefault(path.over[:i], set()).update(self._fields(path.over[:i], name))
        return found

    def _entity(self, over: Over) -> Any:
        entity = self.report.dataset
        for name in over:
            entity = self.reader.graph[entity.members[name].relation.target]  # type: ignore[union-attr]
        return entity

    def _fields(self, over: Over, name: str) -> Iterator[str]:
        member = self._entity(over).members[name]
        yield from member.relation.fields if isinstance(member, One) else (member.field.name,)

    def _source(self) -> sa.Subquery:
        needed = self._needed()
        view, met = rows(self.reader, self.report.dataset, self._condition, needed.pop(()))
        found: dict[Over, Row] = {(): view.c}
        source: sa.FromClause = view
        for over in sorted(needed, key=len):
            other = self.reader.view(self._entity(over).resource, Needs(needed[over]))
            relation = self._entity(over[:-1]).members[over[-1]].relation
            source = source.outerjoin(other, joins(relation, found[over[:-1]], other.c))
            found[over] = other.c
        columns, joined = self._keys.columns(lambda key: found[key.path])
        for i, each in enumerate(self.report.measures):
            if isinstance(each.member, One) and each.path:
                joined.append(there(self.reader, each.member.relation, found[each.path.over]))
                columns.append(joined[-1][0].c.id.label(f"x{i}"))
            elif each.path:
                columns.append(_value(each, found[each.path.over]).label(f"x{i}"))
        for other, on in joined:
            source = source.outerjoin(other, on)
        chosen = columns or [sa.literal_column("1").label("one")]
        return sa.select(*chosen).select_from(source).where(met).subquery(self.reader.name("s"))

    def _groups(self) -> sa.Subquery:
        measures = {
            f"m{i}": Measure(each.aggregate, f"x{i}") for i, each in enumerate(self.report.measures) if each.path
        }
        whole = Source(self.reader, self.report.dataset, self._condition, None, None)
        filtered = self.selected.arguments.get("where") is not None
        grouping = Grouping(
            self._source(),
            self._keys.names,
            measures,
            self.reader.name,
            self.reader.access.min_group,
            whole.left_out if filtered else None,
        )
        return grouping.groups()

    def _page(self) -> sa.Subquery:
        groups = self._groups()
        kept = [part for i, met in self.report.having() for part in holds(met, self._measure(i, groups.c))]
        order = [*self._order(groups.c), *(groups.c[name] for name in self._keys.names)]
        number = sa.func.row_number().over(order_by=order or None).label(NUMBER)
        found = sa.select(groups, number).where(sa.and_(sa.true(), *kept)).order_by(*order)
        return found.limit(self._first + sa.literal_column("1")).subquery(self.reader.name("p"))

    def _measure(self, i: int, group: Row) -> Column:
        return group[COUNT] if self.report.measures[i].aggregate is Aggregate.COUNT else group[f"m{i}"]

    def _order(self, group: Row) -> Iterator[Column]:
        for is_measure, i, step in self.report.order():
            by = self._measure(i, group) if is_measure else group[f"k{i}"]
            column = by.desc() if step.descending else by.asc()
            yield column.nulls_first() if step.nulls_first else column.nulls_last()

    # JSON

    def json(self) -> Column:
        page = self._page()
        cells = [self._cell(i, each.key, page.c) for i, each in enumerate(self.report.dimensions)]
        cells += [self._figure(i, each, page.c) for i, each in enumerate(self.report.measures)]
        row = sa.func.json_build_array(*cells).label("row")
        made = sa.select(page.c[NUMBER], row).select_from(page).subquery(self.reader.name("p"))
        outer = [self._part(part, made).label(part.key) for part in self.selected.children()]
        return self.reader.json(sa.select(*outer).select_from(made).group_by(sa.literal_column("()")))

    def _part(self, part: Selected, made: sa.Subquery) -> Column:
        if part.name == TYPENAME:
            return constant(part.parent.name)
        if part.name == "columns":
            return self._columns(part)
        if part.name == "hasMore":
            return sa.func.count() > self._first
        collected = sa.func.json_agg(aggregate_order_by(made.c.row, made.c[NUMBER])).filter(
            made.c[NUMBER] <= self._first
        )
        return sa.func.coalesce(collected, sa.literal_column("'[]'::json"), type_=sa.JSON())

    def _columns(self, part: Selected) -> Column:
        told = [
            {item.key: column.get(item.name, item.parent.name) for item in part.children()}
            for column in self.report.columns()
        ]
        return sa.cast(bound(Constant(json.dumps(told)), sa.Text()), sa.JSON())

    def _cell(self, i: int, key: Key, group: Row) -> Column:
        value = group[f"k{i}"]
        if isinstance(key.member, One):
            return self._id(i, key, key.member, group)
        if key.bucket is None:
            return shown(value, key.member.field)
        if isinstance(value.type, sa.Date) or key.bucket is Bucket.HOUR:
            return value
        return sa.cast(sa.func.timezone(key.zone, value, type_=sa.DateTime()), sa.Date())

    def _id(self, i: int, key: Key, member: One, group: Row) -> Column:
        target = self.reader.graph[member.relation.target]
        *owner, own = (group[name] for name in key_columns(i, key))
        return ids.expression(target.tag, own, owner[0] if owner else None)

    def _figure(self, i: int, measure: Measured, group: Row) -> Column:
        value = self._measure(i, group)
        if measure.aggregate in (Aggregate.COUNT, Aggregate.COUNT_DISTINCT):
            return value
        member = measure.member
        if measure.aggregate in (Aggregate.SUM, Aggregate.AVG) or isinstance(member, Amount):
            return sa.cast(value, sa.Text())
        assert member is not None and not isinstance(member, One)
        return shown(value, member.field)


def _value(measure: Measured, row: Row) -> Column:
    """What is measured of a row: of money the base amount, or the amount where it is in one currency."""
    member = measure.member
    assert member is not None and not isinstance(member, One)
    name = member.field.column.name
    if not isinstance(member, Amount):
        return row[name]
    currency, *base = member.field.spec.companions
    if measure.currency is None:
        return row[companion(name, base[0])]
    return sa.case((row[companion(name, currency)] == measure.currency, row[name]))


def _number(value: Any, place: Place) -> int:
    if not 1 <= value <= MOST_ROWS:
        raise BadInput(f"a report has 1 to {MOST_ROWS} rows", place)
    return int(value)
