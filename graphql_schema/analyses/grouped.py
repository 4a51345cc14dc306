"""Rows of one or more views → groups with figures.

The rows of all sources stand under each other: the keys of a group, the currency, and what each adds to the figures.
They are grouped once; where amounts of money are asked, by keys alone and by keys and currency at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from graphql_schema.aggregates import suppression
from graphql_schema.aggregates.money import amounts
from graphql_schema.analyses.figures import CENTS, Amounts, Figure, How, Tally, as_text, number, ratio, rounded
from graphql_schema.analyses.joined import Column
from graphql_schema.compiler.parts import Reads
from graphql_schema.compiler.selection import Selected

CURRENCY, EITHER, COUNT, SMALLER, EVERY = "currency", "either", "n", "smaller", "every"
"""The currency of a row, whether a group stands for all currencies (1) or for one (0), and how many rows it has, all
smaller groups together, and all groups."""


@dataclass(frozen=True)
class Rows:
    """The rows of one source: where they stand, which of them, their keys, and what they add."""

    source: sa.FromClause
    views: Sequence[sa.Subquery]
    """The views that it is joined of; other columns are of a row around."""
    holds: Column
    keys: Sequence[Column]
    tallies: Mapping[Tally, tuple[Column, Column | None, Column | None]]
    """By tally its value, and of money its currency and base."""


@dataclass(frozen=True)
class Grouped:
    """Figures of groups of rows. `keys` are the types of what they are grouped by."""

    reader: Reads
    keys: Sequence[sa.types.TypeEngine[Any]]
    figures: Sequence[Figure | Amounts]
    rows: Sequence[Rows]
    least: int = 1
    """Of fewer rows than these nothing is told."""
    everything: Column | None = None
    """How many rows there would be without the caller's conditions, if they could be told from what is shown."""
    _names: dict[Any, str] = field(default_factory=dict, repr=False)

    # Names of columns

    @cached_property
    def tallies(self) -> list[Tally]:
        return list(dict.fromkeys(tally for figure in self.figures for tally, _ in figure.parts))

    def _name(self, of: object, prefix: str) -> str:
        return self._names.setdefault((of, prefix), f"{prefix}{len(self._names)}")

    @cached_property
    def money(self) -> list[Tally]:
        """The tallies whose sums are asked by currency."""
        return list(dict.fromkeys(figure.tally for figure in self.figures if isinstance(figure, Amounts)))

    # One under the other

    def _columns(self, rows: Rows) -> Iterator[Column]:
        for i, key in enumerate(rows.keys):
            yield key.label(f"k{i}")
        absent = (None, None, None)
        if self.money:
            found = (rows.tallies[tally][1] for tally in self.money if rows.tallies.get(tally, absent)[1] is not None)
            yield sa.func.coalesce(*found, _nothing(sa.Text())).label(CURRENCY)
        for tally in self.tallies:
            value, _, base = rows.tallies.get(tally, absent)
            yield (_nothing(tally.type_) if value is None else value).label(self._name(tally, "t"))
            if tally in self.money:
                yield (_nothing(sa.Numeric()) if base is None else base).label(self._name(tally, "b"))

    @cached_property
    def _all(self) -> sa.Subquery:
        parts = [
            sa.select(*self._columns(rows)).select_from(rows.source).where(rows.holds).correlate_except(*rows.views)
            for rows in self.rows
        ]
        return sa.union_all(*parts).subquery(self.reader.name("u"))

    # Grouped

    def _keys(self, of: sa.FromClause) -> list[Column]:
        return [of.c[f"k{i}"] for i, _ in enumerate(self.keys)]

    @cached_property
    def _values(self) -> dict[tuple[Tally, How], str]:
        found: dict[tuple[Tally, How], str] = {}
        told = ((tally, number) for tally in self.tallies if self.least > 1)
        for part in (*(part for figure in self.figures for part in figure.parts), *told):
            found[part] = self._name(part, "a")
        return found

    def _by_keys(self) -> sa.Subquery:
        """Groups by keys; where money is asked, by keys and currency as well."""
        rows = self._all
        keys = self._keys(rows)
        columns: list[Column] = [*keys, sa.func.count().label(COUNT)]
        for (tally, how), name in self._values.items():
            columns.append(how(rows.c[self._name(tally, "t")]).label(name))
        grouping: list[Column] = [sa.tuple_(*keys)] if keys else [sa.literal_column("()")]
        if self.money:
            currency = rows.c[CURRENCY]
            columns += [currency, sa.func.grouping(currency).label(EITHER)]
            columns += [column for tally in self.money for column in self._sums(rows, tally)]
            grouping.append(sa.tuple_(*keys, currency))
        grouped = sa.select(*columns).select_from(rows).group_by(sa.func.grouping_sets(*grouping))
        return grouped.subquery(self.reader.name("g"))

    def _sums(self, rows: sa.FromClause, tally: Tally) -> Iterator[Column]:
        """Amounts, those in the base currency, and of how many rows these are."""
        amount, base, currency = rows.c[self._name(tally, "t")], rows.c[self._name(tally, "b")], rows.c[CURRENCY]
        yield sa.func.sum(amount).label(self._name(tally, "s"))
        yield sa.func.sum(base).label(self._name(tally, "c"))
        yield sa.func.count(base).label(self._name(tally, "r"))
        if self.least > 1:
            among = [sa.func.grouping(currency), *self._keys(rows)]
            yield suppression.smaller(sa.func.count(amount), [currency], among).label(self._name(tally, "o"))

    def groups(self, selected: Sequence[tuple[Selected, Figure | Amounts]]) -> tuple[sa.Subquery, dict[str, Column]]:
        """The groups, with their keys as `k0` and so on, and what is selected of each by response key."""
        groups = self._by_keys()
        if not self.money:
            found = self._large(groups)
            return found, {item.key: self._figure(figure, found) for item, figure in selected}
        keys = self._keys(groups)
        whole = groups.c[EITHER] == sa.literal_column("1")
        names = (COUNT, *self._values.values())
        columns = [*keys, *(sa.func.max(groups.c[name]).filter(whole).label(name) for name in names)]
        for item, figure in selected:
            if isinstance(figure, Amounts):
                columns.append(self._amounts(item, figure, groups).label(self._name(item.place, "m")))
        outer = sa.select(*columns).select_from(groups).group_by(*(keys or [sa.literal_column("()")]))
        found = self._large(outer.subquery(self.reader.name("h")))
        return found, {
            item.key: found.c[self._name(item.place, "m")]
            if isinstance(figure, Amounts)
            else self._figure(figure, found)
            for item, figure in selected
        }

    def _figure(self, figure: Figure | Amounts, groups: sa.Subquery) -> Column:
        assert isinstance(figure, Figure)
        value = figure.make(*(groups.c[self._values[part]] for part in figure.parts))
        if self.least <= 1:
            return value
        counts = (groups.c[self._values[tally, number]] for tally, _ in figure.parts)
        return sa.case((sa.and_(*(count >= suppression.number(self.least) for count in counts)), value))

    def _large(self, groups: sa.Subquery) -> sa.Subquery:
        """The groups that may be told of."""
        if self.least <= 1:
            return groups
        smaller = suppression.smaller(groups.c[COUNT], self._keys(groups)).label(SMALLER)
        every = sa.func.sum(groups.c[COUNT]).over().label(EVERY)
        ranked = sa.select(groups, smaller, every).subquery(self.reader.name("g"))
        large = suppression.shown(ranked.c[COUNT], ranked.c[SMALLER], self.least)
        if self.everything is not None:
            large = sa.and_(large, ~suppression.between(self.everything - ranked.c[EVERY], self.least))
        return sa.select(*(ranked.c[column.key] for column in groups.c)).where(large).subquery(self.reader.name("g"))

    def _amounts(self, selected: Selected, figure: Amounts, groups: sa.Subquery) -> Column:
        rows, amount = groups.c[self._values[figure.tally, number]], groups.c[self._name(figure.tally, "s")]
        one = sa.and_(groups.c[EITHER] == sa.literal_column("0"), rows > sa.literal_column("0"))
        if self.least > 1:
            one = sa.and_(one, suppression.shown(rows, groups.c[self._name(figure.tally, "o")], self.least))
        return amounts(selected, self._base(figure, groups), groups.c[CURRENCY], _money(figure, amount, rows), one)

    def _base(self, figure: Amounts, groups: sa.Subquery) -> Column:
        value, rows = groups.c[self._name(figure.tally, "c")], groups.c[self._name(figure.tally, "r")]
        whole = groups.c[EITHER] == sa.literal_column("1")
        if self.least > 1:
            unrated = groups.c[self._values[figure.tally, number]] - rows
            whole = sa.and_(whole, rows >= suppression.number(self.least), ~suppression.between(unrated, self.least))
        return sa.func.max(_money(figure, value, rows)).filter(whole)


def _money(figure: Amounts, value: Column, rows: Column) -> Column:
    return as_text(ratio(value, rows, CENTS) if figure.mean else rounded(value, CENTS))


def _nothing(type_: sa.types.TypeEngine[Any]) -> Column:
    return sa.cast(sa.null(), type_)
