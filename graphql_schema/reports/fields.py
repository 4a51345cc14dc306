"""The field that reports add to Query."""

from __future__ import annotations

from collections.abc import Mapping

from graphql_schema.building import EntityTypes, upper_snake
from graphql_schema.entities import Computed, Entity, Graph
from graphql_schema.making import Part, maybe
from graphql_schema.reports.answering import answer
from graphql_schema.reports.types import DATASET, MOST_ROWS, ROWS, WHERE, ReportResult, arguments, report_types
from graphql_schema.tailoring.closed import Closed
from policies.access import Access


def roots(entities: Mapping[str, Entity]) -> tuple[Computed, ...]:
    """`analyze`."""

    def part(types: Mapping[str, EntityTypes]) -> Part:
        doc = "A report that the caller builds: any dataset, grouped by some fields, with measures of others."
        return Part("analyze", maybe(ReportResult), doc, arguments(report_types(entities, types)))

    analyze = Computed(
        "analyze",
        part,
        lambda reader, selected, _: answer(reader, selected),
        _shown,
        _closed,
        most=MOST_ROWS,
        size=ROWS,
    )
    return (analyze,)


def _shown(graph: Graph, access: Access) -> bool:
    return any(access.on(entity.resource).visible for entity in graph)


def _closed(graph: Graph, access: Access) -> Closed:
    hidden = [entity for entity in graph if not access.on(entity.resource).visible]
    datasets = {(DATASET, upper_snake(entity.plural)) for entity in hidden}
    return Closed(elements=frozenset(datasets | {(WHERE, entity.plural) for entity in hidden}))
