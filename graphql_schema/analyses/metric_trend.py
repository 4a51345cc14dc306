"""`metricTrend`: one metric, span by span, beside the same of an earlier period.

Amounts are in the base currency, each at its own row's rate; a sum is unknown where one of its rows has no rate. What is
counted or summed is zero in a span without rows, what is divided is unknown there.

    change = (value - previous) / previous
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from app.models.enums import StageOutcome
from graphql_schema.aggregates.buckets import Bucket
from graphql_schema.analyses.asked import Asked, condition_of, serving
from graphql_schema.analyses.channel_performance import CAME_IN, INTERACTIONS, ORDERS, PLACED, TICKETS, TOOK_PLACE
from graphql_schema.analyses.customer_activity import FIRST_ORDERS, NEW
from graphql_schema.analyses.figures import (
    ONE,
    SHARE,
    ZERO,
    Figure,
    How,
    Tally,
    as_text,
    counted,
    customers_of,
    different,
    in_base,
    mean_in_base,
    number,
    ratio,
    seconds_between,
    sum_in_base,
    total,
    valued,
)
from graphql_schema.analyses.groups import collected
from graphql_schema.analyses.joined import Column
from graphql_schema.analyses.period import PERIOD_PART, ZONE_PART, Window, window
from graphql_schema.analyses.sales import OF_CUSTOMERS, is_deal, lost, outcome, won
from graphql_schema.analyses.series import SPAN_PART, START, bucket_of, by, filled, number_of_spans, spans
from graphql_schema.analyses.source import Source, figures_of, open_to
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.parts import TYPENAME
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Computed, Graph
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, make_enum, maybe, name_enum
from graphql_schema.scalars import Exact
from graphql_schema.tailoring.closed import Closed
from policies.access import Access
from policies.predicates import Row, literal

TITLE, METRIC, DEALS = "MetricPoint", "Metric", "deals"

SOURCES: Mapping[str, Source] = {
    ORDERS: PLACED,
    INTERACTIONS: TOOK_PLACE,
    TICKETS: CAME_IN,
    NEW: FIRST_ORDERS,
    DEALS: Source(
        "Opportunity",
        at="closedAt",
        reads="type stage.outcome",
        when=lambda row: sa.and_(is_deal(row), outcome(row, StageOutcome.WON, StageOutcome.LOST)),
        keys=OF_CUSTOMERS,
        filtered="customer",
    ),
}


def _count(name: str, tally: Tally, how: How, description: str) -> Figure:
    return Figure(name, description, ((tally, how),), lambda found: found, maybe(Exact), ZERO)


_won, _lost = counted(DEALS, "stage.outcome", won), counted(DEALS, "stage.outcome", lost)
_solved = valued(
    TICKETS, "openedAt resolvedAt", lambda row: seconds_between(row["openedAt"], row["resolvedAt"]), sa.BigInteger()
)

METRICS: tuple[Figure, ...] = (
    Figure(
        "ORDERED_REVENUE",
        "Sum of the subtotals of orders placed, in the base currency.",
        in_base(ORDERS, "subtotal"),
        sum_in_base,
        None,
        ZERO,
    ),
    Figure(
        "AVERAGE_ORDER",
        "Mean of the subtotals of orders placed, in the base currency.",
        in_base(ORDERS, "subtotal"),
        mean_in_base,
        None,
    ),
    _count("ORDERS", counted(ORDERS), number, "Orders placed, without drafts and those canceled or expired."),
    Figure(
        "WON_VALUE",
        "Sum of the amounts of deals won, in the base currency.",
        in_base(DEALS, "amount", "stage.outcome", won),
        sum_in_base,
        None,
        ZERO,
    ),
    _count("WON_DEALS", _won, number, "Deals won."),
    _count("LOST_DEALS", _lost, number, "Deals lost."),
    Figure(
        "WIN_RATE",
        "Deals won / deals won or lost, four decimals.",
        ((_won, number), (_lost, number)),
        lambda found, other: ratio(found, found + other, SHARE),
        None,
    ),
    _count("TICKETS", counted(TICKETS), number, "Tickets that came in."),
    Figure(
        "RESOLUTION_SECONDS",
        "Mean seconds from coming in to the solution, of the tickets that came in, two decimals.",
        ((_solved, total), (_solved, number)),
        lambda found, rows: ratio(found, rows, 2),
        None,
    ),
    _count("INTERACTIONS", counted(INTERACTIONS), number, "Interactions that took place."),
    _count(
        "ACTIVE_CUSTOMERS",
        customers_of(INTERACTIONS, ORDERS, TICKETS),
        different,
        "Different customers who were talked to, ordered or asked.",
    ),
    _count("NEW_CUSTOMERS", counted(NEW), number, "Customers who ordered for the first time."),
)


class Comparison(StrEnum):
    """Which earlier period a metric is compared with."""

    PREVIOUS_PERIOD = "PREVIOUS_PERIOD"
    PREVIOUS_YEAR = "PREVIOUS_YEAR"


COMPARISONS: Mapping[Comparison, str] = {
    Comparison.PREVIOUS_PERIOD: "As many spans, just before.",
    Comparison.PREVIOUS_YEAR: "The same spans a year before; of weeks, 52 weeks before.",
}
make_enum(Comparison, "Which earlier period a metric is compared with.", COMPARISONS.__getitem__)


def _part(types: Mapping[str, EntityTypes]) -> Part:
    point, meaning = empty(TITLE), {each.name: each.description for each in METRICS}
    metric = name_enum(METRIC, {name: name for name in meaning}, "What is measured.", lambda each: meaning[each.value])
    fill_type(
        point,
        "A metric in a span of the calendar.",
        [
            START,
            Part("value", maybe(Exact), "The metric in this span; null where it is unknown."),
            Part("previous", maybe(Exact), "The metric in the span it is compared with; null without a comparison."),
            Part(
                "change", maybe(Exact), "`(value - previous) / previous`, four decimals; null where that is no number."
            ),
        ],
    )
    return Part(
        "metricTrend",
        maybe(listed(point)),
        "A metric, span by span: also those in which nothing happened, where counts and sums are zero and means are null."
        " Only the days of the period count, also in the first span and in the last. Values that the caller does not see"
        " take no part.",
        (
            Part("metric", metric, "What is measured.", default=REQUIRED),
            SPAN_PART,
            PERIOD_PART,
            ZONE_PART,
            Part("compareTo", maybe(Comparison), "What to compare with."),
            Part("where", maybe(types["Customer"].where), "Only what belongs to customers that meet these conditions."),
        ),
    )


@dataclass(frozen=True)
class _Trend:
    """One request for a trend."""

    reader: Reader
    selected: Selected
    metric: Figure
    sources: Mapping[str, Source]

    @property
    def bucket(self) -> Bucket:
        return bucket_of(self.selected)

    def _points(self, days: Window) -> tuple[sa.Subquery, Column]:
        """The metric in each span that has rows, of a window."""
        condition = condition_of(self.reader, self.selected, "Customer")
        asked = Asked(self.reader, self.sources, [(self.selected, self.metric)], days, [by(self.bucket)], condition)
        groups, values = asked.grouped()
        return groups, filled(values[self.selected.key], groups, self.metric.gap, self.reader.access.min_group)

    def _back(self) -> Column | None:
        """How long before a span the one begins that it is compared with."""
        leaf = self.selected.arguments.get("compareTo")
        if not isinstance(leaf, Leaf):
            return None
        if Comparison(leaf.value) is Comparison.PREVIOUS_YEAR:
            return sa.literal_column("interval '364 days'" if self.bucket is Bucket.WEEK else "interval '1 year'")
        number_, zero = number_of_spans(self.selected, self.bucket), ZERO
        months = {Bucket.MONTH: 1, Bucket.QUARTER: 3, Bucket.YEAR: 12}.get(self.bucket)
        if months:
            return sa.func.make_interval(zero, number_ * sa.literal_column(str(months)), type_=sa.Interval())
        days = number_ * sa.literal_column("7" if self.bucket is Bucket.WEEK else "1")
        return sa.func.make_interval(zero, zero, zero, days, type_=sa.Interval())

    def json(self) -> Column:
        days = window(self.selected)
        span = spans(self.reader, self.selected, days, self.bucket)
        groups, value = self._points(days)
        source: sa.FromClause = span.outerjoin(groups, groups.c["k0"] == span.c.start)
        known = [span, groups]
        back = self._back()
        previous: Column = sa.cast(sa.null(), sa.Numeric())
        if back is not None:
            before, previous = self._points(earlier(days, back))
            source = source.outerjoin(before, before.c["k0"] == _day(span.c.start, back))
            known.append(before)
        values = {
            START.name: span.c.start,
            "value": as_text(value),
            "previous": as_text(previous),
            "change": as_text(ratio(value - previous, previous, SHARE)),
            TYPENAME: literal(TITLE),
        }
        columns = [values[item.name].label(item.key) for item in self.selected.children()]
        rows = sa.select(*columns).select_from(source).order_by(span.c.start).correlate_except(*known)
        return collected(self.reader, rows)


def _day(day: Column, back: Column) -> Column:
    return sa.cast(sa.cast(day, sa.DateTime()) - back, sa.Date())


def earlier(days: Window, back: Column) -> Window:
    """A window moved back: what ended with a month ends with one; else a day that there was not then is the month's last."""
    with_month = sa.extract("day", days.last + ONE) == ONE
    last = sa.case((with_month, _day(days.last + ONE, back) - ONE), else_=_day(days.last, back))
    return Window(_day(days.first, back), last, days.zone)


def _compile(reader: Reader, selected: Selected, _row: Row | None) -> Column:
    leaf = selected.arguments["metric"]
    assert isinstance(leaf, Leaf)
    metric = next(each for each in METRICS if each.name == leaf.value.value)
    names = {name for tally, _ in metric.parts for name in tally.adds}
    sources = serving(reader, {name: SOURCES[name] for name in names & SOURCES.keys()}, (*selected.place, "metric"))
    if not figures_of([metric], sources, reader.graph, reader.access):
        raise NotReadable(METRIC, metric.name, (*selected.place, "metric"))
    return _Trend(reader, selected, metric, sources).json()


def _shown(graph: Graph, access: Access) -> bool:
    return bool(figures_of(METRICS, open_to(SOURCES, graph, access), graph, access))


def _closed(graph: Graph, access: Access) -> Closed:
    shown = figures_of(METRICS, open_to(SOURCES, graph, access), graph, access)
    return Closed(elements=frozenset((METRIC, each.name) for each in METRICS if each not in shown))


METRIC_TREND = Computed("metricTrend", _part, _compile, _shown, _closed)
