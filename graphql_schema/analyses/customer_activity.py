"""`customerActivity`: what happened with customers, span by span.

An active customer is one who was talked to, ordered or asked in the span; a new one is one whose first order lies in it.
Interactions count where they took place, orders unless they are drafts or were canceled or expired.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from graphql_schema.analyses.asked import Asked, condition_of, serving
from graphql_schema.analyses.channel_performance import CAME_IN, INTERACTIONS, ORDERS, PLACED, TICKETS, TOOK_PLACE
from graphql_schema.analyses.figures import Amounts, Figure, count_of, counted, customers_of, different_of, gap, summed
from graphql_schema.analyses.groups import collected
from graphql_schema.analyses.joined import Column
from graphql_schema.analyses.period import PERIOD_PART, ZONE_PART, window
from graphql_schema.analyses.series import SPAN_PART, START, bucket_of, by, filled, spans
from graphql_schema.analyses.source import Source, figures_of, open_to
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.parts import TYPENAME
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Graph
from graphql_schema.making import Part, empty, fill_type, listed, maybe
from graphql_schema.tailoring.closed import Closed
from policies.access import Access
from policies.predicates import Row, literal

TITLE, NEW = "CustomerActivity", "new"

FIRST_ORDERS = Source("Customer", at="firstOrderedAt", reads="", when=lambda _: sa.true(), keys={})
"""Customers, by the day of their first order."""

SOURCES: Mapping[str, Source] = {
    INTERACTIONS: TOOK_PLACE,
    ORDERS: PLACED,
    TICKETS: CAME_IN,
    NEW: FIRST_ORDERS,
}

FIGURES: tuple[Figure | Amounts, ...] = (
    count_of("interactions", counted(INTERACTIONS), "Interactions that took place."),
    count_of("orders", counted(ORDERS), "Orders placed, without drafts and those canceled or expired."),
    Amounts("orderedRevenue", "The sum of these orders' subtotals.", summed(ORDERS, "subtotal")),
    count_of("tickets", counted(TICKETS), "Tickets that came in."),
    different_of(
        "activeCustomers",
        customers_of(INTERACTIONS, ORDERS, TICKETS),
        "Different customers who were talked to, ordered or asked.",
    ),
    count_of("newCustomers", counted(NEW), "Customers whose first order lies here."),
)


def _part(types: Mapping[str, EntityTypes]) -> Part:
    span = empty(TITLE)
    parts = [START, *(Part(each.name, each.annotation, each.description) for each in FIGURES)]
    fill_type(span, "What happened with customers in a span of the calendar.", parts)
    return Part(
        "customerActivity",
        maybe(listed(span)),
        "What happened with customers in a period, span by span: also those in which nothing did. Only the days of the"
        " period count, also in the first span and in the last. A figure is null for a caller who never sees what it is"
        " made of.",
        (
            SPAN_PART,
            PERIOD_PART,
            ZONE_PART,
            Part("where", maybe(types["Customer"].where), "Only what belongs to customers that meet these conditions."),
        ),
    )


def _compile(reader: Reader, selected: Selected, _row: Row | None) -> Column:
    sources, bucket, days = serving(reader, SOURCES, selected.place), bucket_of(selected), window(selected)
    shown = {each.name: each for each in figures_of(FIGURES, sources, reader.graph, reader.access)}
    figures = [(item, shown[item.name]) for item in selected.children() if item.name in shown]
    condition = condition_of(reader, selected, "Customer")
    groups, values = Asked(reader, sources, figures, days, [by(bucket)], condition).grouped()
    each = spans(reader, selected, days, bucket)
    of = {item.key: figure for item, figure in figures}
    columns = [
        _column(reader, item, each, groups, of.get(item.key), values.get(item.key)).label(item.key)
        for item in selected.children()
    ]
    joined = each.outerjoin(groups, groups.c["k0"] == each.c.start)
    rows = sa.select(*columns).select_from(joined).order_by(each.c.start).correlate_except(each, groups)
    return collected(reader, rows)


def _column(
    reader: Reader,
    item: Selected,
    span: sa.FromClause,
    groups: sa.FromClause,
    figure: Figure | Amounts | None,
    value: Column | None,
) -> Column:
    if item.name == TYPENAME:
        return literal(TITLE)
    if item.name == START.name:
        return span.c["start"]
    if figure is None or value is None:
        return sa.cast(sa.null(), sa.Text())
    return filled(value, groups, gap(figure, item), reader.access.min_group)


def _figures(graph: Graph, access: Access) -> list[Figure | Amounts]:
    return figures_of(FIGURES, open_to(SOURCES, graph, access), graph, access)


def _shown(graph: Graph, access: Access) -> bool:
    return bool(_figures(graph, access))


def _closed(graph: Graph, access: Access) -> Closed:
    shown = _figures(graph, access)
    return Closed(elements=frozenset((TITLE, each.name) for each in FIGURES if each not in shown))


CUSTOMER_ACTIVITY = Computed("customerActivity", _part, _compile, _shown, _closed)
