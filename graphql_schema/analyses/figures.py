"""What an analysis says of a group: counts, sums, shares, percentiles and amounts of money.

Each rests on tallies: what every row of a source adds, or NULL where it adds nothing. All are exact: no floating point
anywhere, and whatever is divided is divided once, after summing, and rounded half away from zero to a stated scale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import sqlalchemy as sa

from graphql_schema.aggregates import types
from graphql_schema.aggregates.money import NONE
from graphql_schema.analyses.joined import Column, Joined
from graphql_schema.compiler.parts import TYPENAME, few
from graphql_schema.compiler.selection import Selected
from graphql_schema.making import maybe
from graphql_schema.scalars import Exact
from policies.predicates import literal

ONE = sa.literal_column("1", sa.Integer())
ZERO = sa.literal_column("0", sa.Integer())

UNKNOWN: Column = sa.literal_column("NULL")

SHARE = 4
"""Decimals of a share, a rate or a ratio."""
CENTS = 4
"""Decimals of an amount of money, as it is stored."""


@dataclass(frozen=True)
class Adds:
    """What a row of one source adds. `amount` is the path of the money whose currency and base go along."""

    reads: tuple[str, ...]
    value: Callable[[Joined], Column]
    amount: str = ""
    base: Callable[[Joined], Column] | None = None


@dataclass(frozen=True, eq=False)
class Tally:
    """What rows add, by the name of their source."""

    adds: Mapping[str, Adds]
    type_: sa.types.TypeEngine[Any] = field(default_factory=sa.Numeric)

    def __or__(self, other: Tally) -> Tally:
        """The same of rows of further sources."""
        return Tally({**self.adds, **other.adds}, self.type_)


def _always(_row: Joined) -> Column:
    return sa.true()


def _once(_row: Joined) -> Column:
    return ONE


def counted(source: str, reads: str = "", when: Callable[[Joined], Column] = _always) -> Tally:
    """One for each row that meets a condition. `reads` names the paths that it asks."""
    return Tally({source: Adds(tuple(reads.split()), lambda row: sa.case((when(row), ONE)))}, sa.Integer())


def valued(source: str, reads: str, value: Callable[[Joined], Column], type_: sa.types.TypeEngine[Any]) -> Tally:
    """A value of each row."""
    return Tally({source: Adds(tuple(reads.split()), value)}, type_)


def summed(
    source: str,
    amount: str,
    reads: str = "",
    when: Callable[[Joined], Column] = _always,
    times: Callable[[Joined], Column] = _once,
) -> Tally:
    """An amount of money of each row that meets a condition, times a factor."""
    adds = Adds(
        (amount, *reads.split()),
        lambda row: sa.case((when(row), row[amount] * times(row))),
        amount,
        lambda row: sa.case((when(row), row.base(amount) * times(row))),
    )
    return Tally({source: adds})


def customers_of(*sources: str) -> Tally:
    """The customer of each row, where it is in view."""
    return Tally({name: Adds(("customer",), lambda row: row["customer"]) for name in sources}, sa.Uuid())


How: TypeAlias = Callable[[Column], Column]
"""How the tallies of a group become one value."""


def total(tally: Column) -> Column:
    """The sum; zero where there is nothing."""
    return sa.func.coalesce(sa.func.sum(tally), ZERO)


def number(tally: Column) -> Column:
    """How many there are."""
    return sa.func.count(tally)


def different(tally: Column) -> Column:
    """How many different ones there are."""
    return sa.func.count(sa.distinct(tally))


def _percentile(share: str) -> How:
    def found(tally: Column) -> Column:
        return sa.func.percentile_disc(sa.literal_column(share)).within_group(tally)

    return found


median, ninetieth = _percentile("0.5"), _percentile("0.9")
"""Percentiles by nearest rank: the least value that is not exceeded in that share of the rows; exact, since one of them."""


@dataclass(frozen=True)
class Figure:
    """A value of a group, made of its rows' tallies. NULL for one who never reads what it is made of."""

    name: str
    description: str
    parts: tuple[tuple[Tally, How], ...]
    make: Callable[..., Column]
    annotation: Any
    gap: Column = UNKNOWN
    """What stands where there are no rows."""


@dataclass(frozen=True)
class Amounts:
    """Sums of money, or their means over the rows that they are the sums of."""

    name: str
    description: str
    tally: Tally
    mean: bool = False

    @property
    def parts(self) -> tuple[tuple[Tally, How], ...]:
        return ((self.tally, number),)

    @property
    def annotation(self) -> Any:
        return maybe(types.Amounts)


def gap(figure: Figure | Amounts, selected: Selected) -> Column:
    """What stands for a figure where there are no rows, as it is selected."""
    if isinstance(figure, Figure):
        return figure.gap
    empty: Mapping[str, Column] = {"byCurrency": NONE, TYPENAME: literal(types.Amounts.__name__)}
    return few([(item, empty.get(item.name, UNKNOWN)) for item in selected.children()])


def count_of(name: str, tally: Tally, description: str) -> Figure:
    """A figure that counts."""
    return Figure(name, description, ((tally, number),), lambda found: found, maybe(int), ZERO)


def different_of(name: str, tally: Tally, description: str) -> Figure:
    """A figure that counts different values."""
    return Figure(name, description, ((tally, different),), lambda found: found, maybe(int), ZERO)


def share_of(name: str, part: Tally, whole: tuple[Tally, ...], description: str) -> Figure:
    """A figure that says which share of rows are of a kind: 0 to 1, four decimals; null where there are none."""

    def make(found: Column, *of: Column) -> Column:
        all_ = sum(of[1:], of[0])
        return as_text(ratio(found, all_, SHARE))

    return Figure(name, description, ((part, number), *((each, number) for each in whole)), make, maybe(Exact))


def mean_of(name: str, tally: Tally, scale: int, description: str, per: int = 1) -> Figure:
    """A figure that is a mean; null where there are no rows."""

    def make(found: Column, rows: Column) -> Column:
        return as_text(ratio(found, rows * sa.literal_column(str(per)), scale))

    return Figure(name, description, ((tally, total), (tally, number)), make, maybe(Exact))


def in_base(
    source: str, amount: str, reads: str = "", when: Callable[[Joined], Column] = _always
) -> tuple[tuple[Tally, How], ...]:
    """The parts of a sum in the base currency: the sum, how many rows have one, and how many have an amount."""
    paths = f"{amount} {reads}"
    base = valued(source, paths, lambda row: sa.case((when(row), row.base(amount))), sa.Numeric())
    stored = valued(source, paths, lambda row: sa.case((when(row), row[amount])), sa.Numeric())
    return (base, total), (base, number), (stored, number)


def sum_in_base(found: Column, rated: Column, rows: Column) -> Column:
    """The sum; unknown where a row has no rate."""
    return sa.case((rated == rows, rounded(found, CENTS)))


def mean_in_base(found: Column, rated: Column, rows: Column) -> Column:
    """The mean; unknown where a row has no rate, or there is none."""
    return sa.case((rated == rows, ratio(found, rows, CENTS)))


def ratio(part: Column, whole: Column, scale: int) -> Column:
    """Part by whole, rounded; NULL where the whole is zero or unknown. Never raises."""
    divided = sa.cast(part, sa.Numeric()) / sa.func.nullif(sa.cast(whole, sa.Numeric()), ZERO)
    return rounded(divided, scale)


def rounded(value: Column, scale: int) -> Column:
    """An exact number with so many decimals, rounded half away from zero."""
    return sa.func.round(value, sa.literal_column(str(scale)), type_=sa.Numeric())


def as_text(value: Column) -> Column:
    """An exact number as it stands in JSON."""
    return sa.cast(value, sa.Text())


MOST_SECONDS = sa.literal_column("2147483647", sa.BigInteger())
"""What an Int holds: 68 years."""


def seconds_between(start: Column, end: Column) -> Column:
    """Whole seconds from one moment to another, at most 68 years; NULL where the second comes first. Never raises."""
    passed = sa.cast(sa.func.floor(sa.extract("epoch", end - start)), sa.BigInteger())
    return sa.case((end >= start, sa.func.least(passed, MOST_SECONDS)))
