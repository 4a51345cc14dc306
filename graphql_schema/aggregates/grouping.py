"""Grouping: one pass over some rows gives their groups, each with its key, its number of rows and its measures.

Amounts in several currencies are measured by currency as well as in the base currency: then the rows are grouped once
more, by key and currency, in the same pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from graphql_schema.aggregates import suppression
from graphql_schema.aggregates.measures import Measure, measured
from graphql_schema.aggregates.money import collected

Column = sa.ColumnElement[Any]

COUNT = "n"
CURRENCY = "k_currency"
_WHOLE, _SMALLER, _VALUES = "whole", "smaller", "values"
_ZERO, _ONE = suppression.number(0), suppression.number(1)


@dataclass(frozen=True)
class Grouping:
    """Rows to be grouped by some of their columns, and what is measured of others.

    `rows` has the columns named in `keys` and by the measures, and `k_currency`, where a measure is by currency.
    Nothing is told of fewer than `least` rows.
    """

    rows: sa.Subquery
    keys: Sequence[str]
    measures: Mapping[str, Measure]
    name: Callable[[str], str]
    """Names subqueries."""
    least: int = 1
    apart: Callable[[Column], Column] | None = None
    """Of the number of all rows grouped, how many more there are that a filter left out."""

    def groups(self) -> sa.Subquery:
        """The groups: the keys, `n` (how many rows), and the measures under their labels; those that may be shown."""
        found = self._by_currency() if any(each.by_currency for each in self.measures.values()) else self._plain()
        return self._large(found) if self.least > 1 else found

    @cached_property
    def _by(self) -> list[Column]:
        return [self.rows.c[key] for key in self.keys]

    def _measured(self) -> list[Column]:
        return [self._value(each).label(label) for label, each in self.measures.items()]

    def _value(self, each: Measure) -> Column:
        """A measure; none in the base currency, where a few rows more have an amount, which it would tell of."""
        column = self.rows.c[each.column]
        found = measured(each.aggregate, column, self.least)
        if self.least <= 1 or not each.beside:
            return found
        unrated = sa.func.count(self.rows.c[each.beside]) - sa.func.count(column)
        return sa.case((~suppression.between(unrated, self.least), found))

    def _plain(self) -> sa.Subquery:
        found = sa.select(*self._by, sa.func.count().label(COUNT), *self._measured()).select_from(self.rows)
        return (found.group_by(*self._by) if self.keys else found).subquery(self.name("g"))

    def _by_currency(self) -> sa.Subquery:
        parts = self._parts()
        keys = [parts.c[key] for key in self.keys]
        whole = parts.c[_WHOLE] == _ONE
        columns = [sa.func.max(parts.c[COUNT]).filter(whole).label(COUNT)]
        for label, each in self.measures.items():
            value = parts.c[label]
            if each.by_currency:
                columns.append(collected(parts.c[CURRENCY], value, self._told(parts, label)).label(label))
            else:
                columns.append(sa.func.max(value).filter(whole).label(label))
        found = sa.select(*keys, *columns).select_from(parts)
        return (found.group_by(*keys) if keys else found).subquery(self.name("g"))

    def _parts(self) -> sa.Subquery:
        """The groups, and each once more by currency."""
        currency = self.rows.c[CURRENCY]
        sets = sa.func.grouping_sets(sa.tuple_(*self._by), sa.tuple_(*self._by, currency))
        whole, count = sa.func.grouping(currency), sa.func.count()
        columns = [*self._by, currency, whole.label(_WHOLE), count.label(COUNT), *self._measured()]
        for label, each in self.measures.items():
            if self.least > 1 and each.by_currency:
                values = sa.func.count(self.rows.c[each.column])
                smaller = suppression.smaller(values, [currency], [whole, *self._by])
                columns += [values.label(label + _VALUES), smaller.label(label + _SMALLER)]
        return sa.select(*columns).select_from(self.rows).group_by(sets).subquery(self.name("g"))

    def _told(self, parts: sa.Subquery, label: str) -> Column:
        """Whether a row is of one currency, of which a measure may be told: by the rows that have a value."""
        part = parts.c[_WHOLE] == _ZERO
        if self.least <= 1:
            return part
        return sa.and_(part, suppression.shown(parts.c[label + _VALUES], parts.c[label + _SMALLER], self.least))

    def _large(self, groups: sa.Subquery) -> sa.Subquery:
        """The groups that may be told of."""
        count = groups.c[COUNT]
        smaller = suppression.smaller(count, [groups.c[key] for key in self.keys])
        every = sa.func.sum(count).over()
        ranked = sa.select(groups, smaller.label(_SMALLER), every.label(_WHOLE)).subquery(self.name("g"))
        large = suppression.shown(ranked.c[COUNT], ranked.c[_SMALLER], self.least)
        if self.apart is not None:
            large = sa.and_(large, ~suppression.between(self.apart(ranked.c[_WHOLE]), self.least))
        return sa.select(*(ranked.c[column.key] for column in groups.c)).where(large).subquery(self.name("g"))
