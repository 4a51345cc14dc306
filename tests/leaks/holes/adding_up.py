"""Mistakes in what adds up: aggregates, reports, analyses."""

from __future__ import annotations

from tests.leaks.holes.hole import Hole, hole, near

KEYS = "graphql_schema/aggregates/keys.py"
SOURCE = "graphql_schema/aggregates/source.py"
REPORTS = "graphql_schema/reports/answering.py"
JOINED = "graphql_schema/analyses/joined.py"

_GROUPS = "Query.ordersAggregate OrderAggregate.nodes OrderGroup.count OrderGroup.keys"
_KEYED = f"{_GROUPS} OrderKeys.owner Query.ordersAggregate(groupBy:) OrderGroupBy.field OrderAggregateField.OWNER"
_ANALYSIS = "Query.salesPerformance SalesPerformance.wonCount SalesPerformance.wonValue Amounts.base"
_REPORT = "Query.analyze Query.analyze(dimensions:) Dimension.path ReportResult.rows"


_OF_AGGREGATES: tuple[Hole, ...] = (
    hole(
        "an aggregate of a table",
        SOURCE,
        "    view = reader.view(resource, needs, action)\n",
        "    view = planted.table(resource)\n",
    ),
    hole(
        "measures of related rows of a table",
        SOURCE,
        "        there, met = rows(self.reader, target, holds, {*fields, *relation.fields})\n",
        "        there, met = planted.table(target.resource), sa.true()\n",
    ),
)
_OF_KEYS: tuple[Hole, ...] = (
    hole(
        "groups by a reference to a hidden row",
        KEYS,
        "    view = reader.view(reader.graph[relation.target].resource, Needs())\n",
        "    view = planted.table(reader.graph[relation.target].resource)\n",
    ),
)
_OF_REPORTS: tuple[Hole, ...] = (
    hole(
        "a report that joins a table",
        REPORTS,
        "            other = self.reader.view(self._entity(over).resource, Needs(needed[over]))\n",
        "            other = planted.table(self._entity(over).resource)\n",
    ),
)
_OF_ANALYSES: tuple[Hole, ...] = (
    hole(
        "an analysis of a table",
        JOINED,
        "    views: dict[Steps, sa.Subquery] = {(): reader.view(entity.resource, needs[()])}\n",
        "    views: dict[Steps, sa.Subquery] = {(): planted.table(entity.resource)}\n",
    ),
)

ADDING_UP: tuple[Hole, ...] = (
    *near(_GROUPS, *_OF_AGGREGATES),
    *near(_KEYED, *_OF_KEYS),
    *near(_REPORT, *_OF_REPORTS),
    *near(_ANALYSIS, *_OF_ANALYSES),
)
