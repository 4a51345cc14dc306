"""Figures over rows of one type, in one pass over them.

Each row of the view is told for each figure that it counts for, with what it brings: a part (a currency, a value), an
amount, the amount in the base currency. These are grouped by figure and part, and each figure's JSON is made of its
groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, array

from app.models.enums import Priority
from graphql_schema.aggregates.money import amounts
from graphql_schema.compiler.parts import Needs, few
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.overview.figures import Figure, Form
from graphql_schema.overview.picking import picked
from policies.predicates import Compiler, Reading, Row, companion, joins
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

NUMBER = sa.Numeric()
PRIORITIES = tuple(reversed(Priority))
"""The most urgent first."""


@dataclass(frozen=True)
class Brought:
    """What a row brings to a figure."""

    holds: Column
    """Whether it counts."""
    part: Column
    amount: Column
    base: Column


@dataclass(frozen=True)
class Count:
    """The figures asked of one of the customer's lists."""

    reader: Reader
    asked: Sequence[tuple[Selected, Figure]]
    here: Row

    @cached_property
    def _figures(self) -> Mapping[str, int]:
        """Each figure by name, with its number."""
        names = dict.fromkeys(figure.name for _, figure in self.asked)
        return {name: number for number, name in enumerate(names)}

    @cached_property
    def row(self) -> sa.Subquery:
        """One row, with a column of JSON for each that is asked, by its response key."""
        groups = self._groups
        columns = [self._json(selected, figure).label(selected.key) for selected, figure in self.asked]
        found = sa.select(*columns).select_from(groups).group_by(sa.literal_column("()"))
        return found.correlate_except(groups).subquery(self.reader.name("c"))

    @cached_property
    def _groups(self) -> sa.Subquery:
        """How many rows count for each figure with each part, and the sums of what they bring."""
        graph, figures = self.reader.graph, {figure.name: figure for _, figure in self.asked}
        first = next(iter(figures.values()))
        needs = Needs({*first.relation(graph).fields, *(name for of in figures.values() for name in of.fields(graph))})
        view = self.reader.view(first.entity(graph).resource, needs)
        brought = [self._brought(figure, view.c) for figure in figures.values()]
        told = (
            sa.func.unnest(
                _array((sa.literal_column(str(number)) for number in range(len(brought))), sa.Integer()),
                _array((each.part for each in brought), sa.Text()),
                _array((each.amount for each in brought), NUMBER),
                _array((each.base for each in brought), NUMBER),
                _array((each.holds for each in brought), sa.Boolean()),
            )
            .table_valued("figure", "part", "amount", "base", "holds", name=self.reader.name("m"))
            .render_derived()
        )
        return (
            sa.select(
                told.c.figure,
                told.c.part,
                sa.func.count().label("rows"),
                sa.func.count(told.c.amount).label("amounts"),
                sa.func.sum(told.c.amount).label("amount"),
                sa.func.sum(told.c.base).label("base"),
            )
            .select_from(view, told)
            .where(joins(first.relation(graph), self.here, view.c), told.c.holds)
            .group_by(told.c.figure, told.c.part)
            .correlate_except(view, told)
            .subquery(self.reader.name("g"))
        )

    def _brought(self, figure: Figure, row: Row) -> Brought:
        graph = self.reader.graph
        resource = figure.entity(graph).resource
        holds = Compiler(graph.catalogue, self.reader.rows, Reading.ASKED).predicate(figure.among, resource, row)
        part: Column = sa.null()
        amount: Column = sa.null()
        base: Column = sa.null()
        if figure.form is Form.SPREAD:
            part = row[resource.fields[figure.by].column.name]
        elif figure.form is Form.MONEY:
            of = resource.fields[figure.by]
            currency, rated = (row[companion(of.column.name, name)] for name in of.spec.companions)
            part, amount, base = currency, row[of.column.name], rated
        elif figure.form is Form.RATING:
            amount = _share(row)
        return Brought(holds, sa.cast(part, sa.Text()), sa.cast(amount, NUMBER), sa.cast(base, NUMBER))

    def _json(self, selected: Selected, figure: Figure) -> Column:
        of = self._groups.c.figure == sa.literal_column(str(self._figures[figure.name]))
        if figure.form is Form.COUNT:
            return self._total(self._groups.c.rows, of)
        if figure.form is Form.SPREAD:
            return self._spread(selected, of)
        if figure.form is Form.MONEY:
            return self._money(selected, of)
        return few([(item, self._rating(item, figure, of)) for item in selected.children()])

    def _total(self, column: Column, of: Column) -> Column:
        """A count over the groups of a figure."""
        found = sa.func.coalesce(sa.func.sum(column).filter(of), sa.literal_column("0"))
        return sa.cast(found, sa.BigInteger())

    def _listed(self, selected: Selected, values: Mapping[str, Column], of: Column, *by: Column) -> Column:
        """JSON of the groups of a figure."""
        each = few([(item, values.get(item.name, constant(item.parent.name))) for item in selected.children()])
        rows = sa.func.json_agg(aggregate_order_by(each, *by)).filter(of)
        return sa.func.coalesce(rows, sa.literal_column("'[]'::json"), type_=sa.JSON())

    def _spread(self, selected: Selected, of: Column) -> Column:
        groups = self._groups.c
        places = enumerate(PRIORITIES)
        place = sa.case(*((groups.part == constant(each.value), sa.literal_column(str(n))) for n, each in places))
        return self._listed(selected, {"priority": groups.part, "count": groups.rows}, of, place, groups.part)

    def _money(self, selected: Selected, of: Column) -> Column:
        groups = self._groups.c
        base = sa.cast(sa.func.sum(groups.base).filter(of), sa.Text())
        there = sa.and_(of, groups.amount.is_not(None), groups.part.is_not(None))
        return amounts(selected, base, groups.part, sa.cast(groups.amount, sa.Text()), there)

    def _rating(self, item: Selected, figure: Figure, of: Column) -> Column:
        groups = self._groups.c
        if item.name == "responses":
            return self._total(groups.amounts, of)
        if item.name == "average":
            average = sa.func.sum(groups.amount).filter(of) / sa.func.sum(groups.amounts).filter(of)
            return sa.cast(sa.func.round(average, sa.literal_column("2")), sa.Text())
        if item.name == "last":
            return picked(self.reader, figure, item.children(), self.here)
        return constant(item.parent.name)


def _array(values: Iterable[Column], type_: sa.types.TypeEngine[Any]) -> Column:
    found: Column = array(list(values), type_=type_)
    return found


def _share(row: Row) -> Column:
    """A score as its part of the survey's scale, in per cent; NULL for a scale without extent, as a mask may make one."""
    low, high = (sa.cast(row[name], NUMBER) for name in ("scale_min", "scale_max"))
    extent = sa.func.nullif(high - low, sa.literal_column("0"))
    return sa.literal_column("100") * (sa.cast(row["score"], NUMBER) - low) / extent
