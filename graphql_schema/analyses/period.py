"""The period of an analysis: from one day to another, both included, in a time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from graphql_schema.aggregates.buckets import Bucket, start, time_zone
from graphql_schema.analyses.joined import Column
from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.operands import BadInput, Converted, Listed, Place
from graphql_schema.compiler.selection import Selected
from graphql_schema.making import REQUIRED, Part, empty, fill_input
from graphql_schema.scalars import Date
from policies.conditions import Constant, Operand
from policies.predicates import bound

PERIOD = empty("Period")
fill_input(
    PERIOD,
    "From one day to another.",
    [
        Part("from", Date, "The first day.", default=REQUIRED),
        Part("to", Date, "The last day, included.", default=REQUIRED),
    ],
)
PERIOD_PART = Part("period", PERIOD, "The days that count.", default=REQUIRED)
ZONE_PART = Part("timeZone", str, "The time zone in which days begin and end, IANA.", default="UTC")


@dataclass(frozen=True)
class Window:
    """The period asked, and the time zone of its days."""

    first: Column
    last: Column
    zone: Column

    def holds(self, at: Column) -> Column:
        """Whether a day or a moment lies in the period."""
        if isinstance(at.type, sa.Date):
            return at.between(self.first, self.last)
        after = at_midnight(self.last + sa.literal_column("1"), self.zone)
        return sa.and_(at >= at_midnight(self.first, self.zone), at < after)

    def bucket(self, unit: Bucket, at: Column) -> Column:
        """The first day of the span that a day or a moment lies in."""
        day = at if isinstance(at.type, sa.Date) else sa.cast(sa.func.timezone(self.zone, at), sa.Date())
        return start(day, unit, self.zone)


def window(selected: Selected) -> Window:
    """The period asked of a field. Raises BadInput."""
    leaf = selected.arguments.get("timeZone")
    zone: Operand = Constant("UTC")
    if isinstance(leaf, Leaf):
        zone = Converted(leaf.operand, time_zone, (*selected.place, "timeZone"))
    return Window(*_days(selected), bound(zone, sa.Text()))


def at_midnight(day: Column, zone: Column) -> Column:
    """When a day begins in a time zone."""
    return sa.func.timezone(zone, sa.cast(day, sa.DateTime()), type_=sa.DateTime(timezone=True))


def period(selected: Selected) -> Operand:
    """The first and the last day of the period asked."""
    tree = selected.arguments["period"]
    assert isinstance(tree, dict)
    return Listed(tuple(_operand(tree[name]) for name in ("from", "to")))


def _days(selected: Selected) -> tuple[Column, Column]:
    """The first and the last day, as parameters; BadInput where they stand the wrong way round."""
    both = period(selected)
    place = (*selected.place, "period")
    return bound(Converted(both, _first, place), sa.Date()), bound(Converted(both, _last, place), sa.Date())


def _operand(tree: Any) -> Operand:
    assert isinstance(tree, Leaf)
    return tree.operand


def _ordered(days: Sequence[dt.date], place: Place) -> Sequence[dt.date]:
    if days[0] > days[1]:
        raise BadInput("a period ends no sooner than it begins", place)
    return days


def _first(days: Sequence[dt.date], place: Place) -> dt.date:
    return _ordered(days, place)[0]


def _last(days: Sequence[dt.date], place: Place) -> dt.date:
    return _ordered(days, place)[1]
