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
_WHOLE, _SMALLER = "whole", "smaller"
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
        return [
            measured(each.aggregate, self.rows.c[each.column], self.least).label(label)
            for label, each in self.measures.items()
        ]

    def _plain(self) -> sa.Subquery:
        found = sa.select(*self._by, sa.func.count().label(COUNT), *self._measured()).select_from(self.rows)
        return (found.group_by(*self._by) if self.keys else found).subquery(self.name("g"))

    def _by_currency(self) -> sa.Subquery:
        parts = self._parts()
        keys = [parts.c[key] for key in self.keys]
        whole, part = parts.c[_WHOLE] == _ONE, self._told(parts)
        columns = [sa.func.max(parts.c[COUNT]).filter(whole).label(COUNT)]
        for label, each in self.measures.items():
            value = parts.c[label]
            of = collected(parts.c[CURRENCY], value, part) if each.by_currency else sa.func.max(value).filter(whole)
            columns.append(of.label(label))
        found = sa.select(*keys, *columns).select_from(parts)
        return (found.group_by(*keys) if keys else found).subquery(self.name("g"))

    def _parts(self) -> sa.Subquery:
        """The groups, and each once more by currency."""
        currency = self.rows.c[CURRENCY]
        sets = sa.func.grouping_sets(sa.tuple_(*self._by), sa.tuple_(*self._by, currency))
        whole, count = sa.func.grouping(currency), sa.func.count()
        columns = [*self._by, currency, whole.label(_WHOLE), count.label(COUNT), *self._measured()]
        if self.least > 1:
            columns.append(suppression.smaller(count, [currency], [whole, *self._by]).label(_SMALLER))
        return sa.select(*columns).select_from(self.rows).group_by(sets).subquery(self.name("g"))

    def _told(self, parts: sa.Subquery) -> Column:
        """Whether a row is of one currency, which may be told of."""
        part = parts.c[_WHOLE] == _ZERO
        if self.least <= 1:
            return part
        return sa.and_(part, suppression.shown(parts.c[COUNT], parts.c[_SMALLER], self.least))

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
