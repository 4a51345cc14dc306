"""A period as spans of the calendar, one after the other, also where nothing lies in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from graphql_schema.aggregates.buckets import MEANING, Bucket, start
from graphql_schema.analyses.dimensions import Dimension
from graphql_schema.analyses.joined import Column
from graphql_schema.analyses.period import Window, period
from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.making import REQUIRED, Part, name_enum
from graphql_schema.scalars import Date
from policies.conditions import Operand
from policies.predicates import bound

SPANS: Mapping[Bucket, str] = {
    Bucket.DAY: "1 day",
    Bucket.WEEK: "7 days",
    Bucket.MONTH: "1 month",
    Bucket.QUARTER: "3 months",
    Bucket.YEAR: "1 year",
}
"""How long each span is that is made of whole days."""

MOST_SPANS = 400
"""Spans of one series."""

SPAN = name_enum(
    "CalendarSpan",
    {bucket.value: bucket.value for bucket in SPANS},
    "A span of whole days.",
    lambda member: MEANING[Bucket(member.value)],
)
SPAN_PART = Part("bucket", SPAN, "How long each span is.", default=REQUIRED)
START = Part("start", Date, "The first day of the span, which may lie before the period's.")


def bucket_of(selected: Selected) -> Bucket:
    """The span asked."""
    leaf = selected.arguments["bucket"]
    assert isinstance(leaf, Leaf)
    return Bucket(leaf.value.value)


def by(bucket: Bucket) -> Dimension:
    """The dimension of spans."""
    return Dimension(bucket.value, "start", "The first day.", annotation=Date, bucket=bucket)


def _months(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


_PLACES: Mapping[Bucket, Callable[[dt.date], int]] = {
    Bucket.DAY: dt.date.toordinal,
    Bucket.WEEK: lambda day: (day.toordinal() - 1) // 7,
    Bucket.MONTH: _months,
    Bucket.QUARTER: lambda day: _months(day) // 3,
    Bucket.YEAR: lambda day: day.year,
}
"""The number of the span that a day lies in; the first of January of the year 1 was a Monday."""


def length(bucket: Bucket) -> Callable[[Sequence[dt.date], Place], int]:
    """How many spans a period has. Raises BadInput for too many."""

    def convert(days: Sequence[dt.date], place: Place) -> int:
        first, last = map(_PLACES[bucket], days)
        if last - first >= MOST_SPANS:
            raise BadInput(f"a series has at most {MOST_SPANS} spans", place)
        return last - first + 1

    return convert


def number_of_spans(selected: Selected, bucket: Bucket) -> Column:
    """How many spans the period asked has."""
    days: Operand = period(selected)
    return bound(Converted(days, length(bucket), (*selected.place, "period")), sa.Integer())


def spans(reader: Reader, selected: Selected, window: Window, bucket: Bucket) -> sa.Subquery:
    """The first day of each span, as `start`."""
    numbers = sa.func.generate_series(
        sa.literal_column("0"), number_of_spans(selected, bucket) - sa.literal_column("1")
    )
    each = numbers.table_valued("i", name=reader.name("i")).render_derived()
    first = sa.cast(start(window.first, bucket, window.zone), sa.DateTime())
    day = sa.cast(first + each.c.i * sa.literal_column(f"interval '{SPANS[bucket]}'"), sa.Date())
    return sa.select(day.label("start")).select_from(each).subquery(reader.name("s"))


def filled(value: Column, groups: sa.FromClause, gap: Any, least: int) -> Column:
    """A figure of a span; where nothing lies in it, what stands for that: unless it would tell of a few rows."""
    if least > 1:
        return value
    return sa.case((groups.c["k0"].is_(None), gap), else_=value)
