"""The types of `analyze`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import strawberry

from graphql_schema.aggregates.buckets import Bucket
from graphql_schema.aggregates.measures import Aggregate
from graphql_schema.building import EntityTypes, upper_snake, words
from graphql_schema.common import NullsOrder, OrderDirection
from graphql_schema.entities import Entity
from graphql_schema.filters import FILTERS
from graphql_schema.making import REQUIRED, Part, empty, fill_input, listed, maybe, name_enum
from graphql_schema.scalars import JSON, CurrencyCode, FieldPath
from policies.catalogue import Kind

DATASET, WHERE = "Dataset", "DatasetWhere"
MOST_ROWS, ROWS = 1_000, 100
"""How many rows there are at most, and where nothing is said."""


@strawberry.type(description="A column of a report.")
class ReportColumn:
    name: str = strawberry.field(description="What was asked: a path, or a measure such as `SUM(total)`.")
    label: str = strawberry.field(description="A heading in English.")
    type: str = strawberry.field(description="The type of its values, by its name in this schema.")


@strawberry.type(description="A report: columns, and rows of values in their order.")
class ReportResult:
    columns: list[ReportColumn] = strawberry.field(description="The dimensions as they were asked, then the measures.")
    rows: list[JSON] = strawberry.field(
        description="Each row is a list of values, one for each column; null where there is none or it is not shown."
    )
    has_more: bool = strawberry.field(description="Whether there are more rows than were asked for.")


@dataclass(frozen=True)
class ReportTypes:
    """The classes of the inputs."""

    dataset: type[Enum]
    dimension: type
    measure: type
    where: type
    having: type
    order: type


_made: dict[type, ReportTypes] = {}


def report_types(entities: Mapping[str, Entity], types: Mapping[str, EntityTypes]) -> ReportTypes:
    """The types of the inputs, made once for the entities' own types."""
    known = next(iter(types.values())).where
    if known not in _made:
        _made[known] = _make(entities, types)
    return _made[known]


def _make(entities: Mapping[str, Entity], types: Mapping[str, EntityTypes]) -> ReportTypes:
    names = {upper_snake(entity.plural): name for name, entity in entities.items()}
    dataset = name_enum(
        DATASET, names, "What a report is of.", lambda each: f"All {words(entities[each.value].plural)} in view."
    )
    made = ReportTypes(dataset, *map(empty, ("Dimension", "Measure", WHERE, "ReportHaving", "ReportOrder")))
    path = Part("path", FieldPath, "The field.", (), REQUIRED)
    dimension = [
        path,
        Part("bucket", maybe(Bucket), "The span that moments or days are grouped by; without it, the day."),
        Part("timeZone", maybe(str), "The time zone in whose calendar moments lie, IANA; without it, UTC."),
        Part("level", maybe(int), "Of what stands in a tree: the level to roll up to, 1 the top."),
    ]
    fill_input(made.dimension, "What the rows of a report are grouped by.", dimension)
    of = Part("path", maybe(FieldPath), "The field; nothing, where rows are counted.")
    aggregate = Part("aggregate", Aggregate, "How it is measured.", (), REQUIRED)
    currency = Part(
        "currency", maybe(CurrencyCode), "Of money: only amounts in this currency; without it, base amounts."
    )
    fill_input(made.measure, "A measure of a report.", [aggregate, of, currency])
    conditions = [
        Part(entity.plural, maybe(types[name].where), f"Conditions on {words(entity.plural)}.")
        for name, entity in entities.items()
    ]
    fill_input(made.where, "Conditions on the rows of a report: those of its dataset.", conditions)
    value = Part("value", FILTERS[Kind.DECIMAL], "What holds of the measure.", (), REQUIRED)
    fill_input(
        made.having,
        "What holds of the rows of a report, by one of its measures: the first that is so.",
        [aggregate, of, value],
    )
    order = [
        Part("path", maybe(FieldPath), "A dimension, or what is measured; nothing, where rows are counted."),
        Part("aggregate", maybe(Aggregate), "How it is measured; nothing of a dimension."),
        Part("direction", OrderDirection, "Which way.", (), OrderDirection.ASC),
        Part(
            "nulls", maybe(NullsOrder), "Where what has no value stands; by default last ascending, first descending."
        ),
    ]
    fill_input(made.order, "One step of the order of a report's rows.", order)
    return made


def arguments(own: ReportTypes) -> tuple[Part, ...]:
    """The arguments of `analyze`."""
    return (
        Part("dataset", own.dataset, "What the report is of.", (), REQUIRED),
        Part("dimensions", maybe(listed(own.dimension)), "What to group by; without it, all rows are one group."),
        Part("measures", listed(own.measure), "What to measure.", (), REQUIRED),
        Part("where", maybe(own.where), "Only what meets these conditions."),
        Part("having", maybe(listed(own.having)), "Only rows of which all of this holds."),
        Part("orderBy", maybe(listed(own.order)), "The order, most important first; the dimensions come last."),
        Part("first", maybe(int), f"How many rows: 1 to {MOST_ROWS}, {ROWS} where nothing is said."),
    )
