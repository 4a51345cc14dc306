"""The types of aggregates: those that all entities share, and those of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

import strawberry

from graphql_schema.aggregates.buckets import MEANING as BUCKETS
from graphql_schema.aggregates.buckets import Bucket
from graphql_schema.aggregates.measures import MEANING as AGGREGATES
from graphql_schema.aggregates.measures import Aggregate
from graphql_schema.aggregates.members import Members
from graphql_schema.building import EntityTypes, output_type, upper_snake, words
from graphql_schema.common import NullsOrder, OrderDirection
from graphql_schema.entities import Entity, Member, One, Value
from graphql_schema.filters import FILTERS
from graphql_schema.making import REQUIRED, Part, empty, fill_input, fill_type, listed, make_enum, maybe, name_enum
from graphql_schema.scalars import CurrencyCode, Date, DateTime, Exact
from policies.catalogue import Field, Kind

make_enum(Aggregate, "How values are measured over the rows of a group.", AGGREGATES.__getitem__)
make_enum(Bucket, "A span of the calendar that moments and days are grouped by.", BUCKETS.__getitem__)

NOTHING = "null where there is none or it is not shown"


@strawberry.type(description="A span of the calendar, in the time zone asked.")
class Span:
    label: str = strawberry.field(description="Its name, ISO 8601: `2026`, `2026-Q1`, `2026-01`, `2026-W05`.")
    start: DateTime | None = strawberry.field(description="When it begins; for a filter with `gte`.")
    end: DateTime | None = strawberry.field(description="When the next one begins; for a filter with `lt`.")


@strawberry.type(description="A span of the calendar, in days.")
class DaySpan:
    label: str = strawberry.field(description="Its name, ISO 8601: `2026`, `2026-Q1`, `2026-01`, `2026-W05`.")
    start: Date | None = strawberry.field(description="Its first day; for a filter with `gte`.")
    end: Date | None = strawberry.field(description="The first day of the next one; for a filter with `lt`.")


@strawberry.type(description="An amount in one currency.")
class CurrencyAmount:
    currency: CurrencyCode = strawberry.field(description="The currency, ISO 4217.")
    amount: Exact = strawberry.field(description="The amount, exact.")


@strawberry.type(description="A measure of amounts of money: in the base currency, and in each currency by itself.")
class Amounts:
    base: Exact | None = strawberry.field(
        description="In the base currency, at each row's own rate; rows without a rate are left out."
    )
    by_currency: list[CurrencyAmount] = strawberry.field(
        description="In each currency that the rows have, ordered by its code."
    )


@dataclass(frozen=True)
class AggregateTypes:
    """The classes of one entity's aggregates."""

    aggregate: type
    group: type
    measures: type
    keys: type
    numbers: type
    ordered: type
    distinct: type
    group_by: type
    having: type
    order: type
    field: type[Enum]

    @property
    def names(self) -> frozenset[str]:
        """The names that they have in the schema."""
        return frozenset(getattr(self, part.name).__name__ for part in fields(self))


def names_of(entity: str) -> Mapping[str, str]:
    """The names of the types of an entity's aggregates, by what they are."""
    ends = {
        "aggregate": "Aggregate",
        "group": "Group",
        "measures": "Measures",
        "keys": "Keys",
        "numbers": "Numbers",
        "ordered": "Extremes",
        "distinct": "Distinct",
        "group_by": "GroupBy",
        "having": "Having",
        "order": "GroupOrder",
        "field": "AggregateField",
    }
    return {what: f"{entity}{end}" for what, end in ends.items()}


_made: dict[type, dict[str, AggregateTypes]] = {}


def aggregate_types(entities: Mapping[str, Entity], types: Mapping[str, EntityTypes]) -> dict[str, AggregateTypes]:
    """The types of the aggregates of all entities, made once for the entities' own types."""
    known = next(iter(types.values())).where
    if known not in _made:
        made = _made[known] = {name: _empty(entity) for name, entity in entities.items()}
        for name, entity in entities.items():
            _fill(Members(entity), types, made, made[name])
    return _made[known]


def _empty(entity: Entity) -> AggregateTypes:
    names, members = names_of(entity.name), Members(entity)
    classes = {what: empty(name) for what, name in names.items() if what != "field"}
    field = _enum(names["field"], members.measured, f"What {words(entity.plural)} are grouped by, or measured.")
    return AggregateTypes(**classes, field=field)


def _enum(name: str, members: Mapping[str, Member], description: str) -> type[Enum]:
    docs = {of: _doc(of, member) for of, member in members.items()}
    return name_enum(name, {upper_snake(of): of for of in members}, description, lambda each: docs[each.value])


def _doc(name: str, member: Member) -> str:
    field: Field | None = getattr(member, "field", None)
    return field.doc if field is not None else f"The {words(name)}."


def _fill(
    of: Members, types: Mapping[str, EntityTypes], made: Mapping[str, AggregateTypes], own: AggregateTypes
) -> None:
    plural = words(of.entity.plural)
    fill_type(own.aggregate, f"Groups of {plural}.", _aggregate(own))
    measures = list(_measures(of, own))
    fill_type(own.measures, f"Measures of {plural} that belong to a group of others.", measures)
    keys = Part("keys", own.keys, "What the rows have in common.")
    lists = [_list(name, relation.target, types, made) for name, relation in of.lists.items()]
    fill_type(own.group, f"A group of {plural}, with its measures.", [keys, *measures, *lists])
    common = f"What a group of {plural} has in common. Each is {NOTHING}, or it is not grouped by."
    fill_type(own.keys, common, [_key(*each, types) for each in of.keys.items()])
    if of.numbers:
        fill_type(
            own.numbers, f"A measure of {plural} that are added up.", [_number(*each) for each in of.numbers.items()]
        )
    fill_type(
        own.ordered, f"The least or greatest values of {plural}.", [_extreme(*each) for each in of.ordered.items()]
    )
    distinct = [Part(name, maybe(int), _doc(name, member)) for name, member in of.keys.items()]
    fill_type(own.distinct, f"How many different values {plural} have.", distinct)
    _fill_inputs(own, plural)


def _aggregate(own: AggregateTypes) -> list[Part]:
    return [
        Part("nodes", listed(own.group), "The groups."),
        Part("hasMore", bool, "Whether there are more groups than were asked for."),
    ]


def _measures(of: Members, own: AggregateTypes) -> Iterable[Part]:
    yield Part("count", int, AGGREGATES[Aggregate.COUNT])
    if of.numbers:
        yield Part("sum", own.numbers, AGGREGATES[Aggregate.SUM])
        yield Part("avg", own.numbers, AGGREGATES[Aggregate.AVG])
    yield Part("min", own.ordered, AGGREGATES[Aggregate.MIN])
    yield Part("max", own.ordered, AGGREGATES[Aggregate.MAX])
    yield Part("countDistinct", own.distinct, AGGREGATES[Aggregate.COUNT_DISTINCT])


def _list(name: str, target: str, types: Mapping[str, EntityTypes], made: Mapping[str, AggregateTypes]) -> Part:
    where = Part("where", maybe(types[target].where), "Only those that meet these conditions.")
    doc = f"Of the {words(name)} that belong to the group's rows; null where they are too few to be told of."
    return Part(name, maybe(made[target].measures), doc, (where,))


def _key(name: str, member: Value | One, types: Mapping[str, EntityTypes]) -> Part:
    if isinstance(member, One):
        return Part(name, maybe(types[member.relation.target].object), f"The {words(name)}.")
    kind = member.field.spec.kind
    spans: dict[Kind, Any] = {Kind.TIME: Span, Kind.DATE: DaySpan}
    return Part(name, maybe(spans[kind]) if kind in spans else output_type(member.field), member.field.doc)


def _number(name: str, field: Field) -> Part:
    return Part(name, maybe(Amounts if field.spec.kind is Kind.MONEY else Exact), field.doc)


def _extreme(name: str, field: Field) -> Part:
    return Part(name, maybe(Amounts) if field.spec.kind is Kind.MONEY else output_type(field), field.doc)


def _fill_inputs(own: AggregateTypes, plural: str) -> None:
    measure = Part("field", maybe(own.field), "What is measured; nothing, where rows are counted.")
    group_by = [
        Part("field", own.field, "What to group by: no amount of money, nor what is only measured.", default=REQUIRED),
        Part("bucket", maybe(Bucket), "The span that moments or days are grouped by; without it, the day."),
        Part("timeZone", maybe(str), "The time zone in whose calendar moments lie, IANA; without it, UTC."),
        Part("level", maybe(int), "Of what stands in a tree: the level to roll up to, 1 the top."),
    ]
    fill_input(own.group_by, f"What {plural} are grouped by.", group_by)
    having = [
        Part("aggregate", Aggregate, "How it is measured.", default=REQUIRED),
        measure,
        Part(
            "value", FILTERS[Kind.DECIMAL], "What holds of the measure; of money, in the base currency.", (), REQUIRED
        ),
    ]
    fill_input(own.having, f"What holds of groups of {plural}, by a measure that is asked for.", having)
    order = [
        Part("field", maybe(own.field), "What is grouped by, or what is measured; nothing, where rows are counted."),
        Part("aggregate", maybe(Aggregate), "How it is measured, as is asked for, too; nothing of what is grouped by."),
        Part("direction", OrderDirection, "Which way.", (), OrderDirection.ASC),
        Part(
            "nulls", maybe(NullsOrder), "Where what has no value stands; by default last ascending, first descending."
        ),
    ]
    fill_input(own.order, f"One step of an order of groups of {plural}.", order)


def arguments(own: AggregateTypes, where: type, most: int, default: int) -> tuple[Part, ...]:
    """The arguments of an aggregate."""
    return (
        Part("where", maybe(where), "Only what meets these conditions."),
        Part("groupBy", maybe(listed(own.group_by)), "What to group by; without it, all rows are one group."),
        Part("having", maybe(listed(own.having)), "Only groups of which all of this holds."),
        Part("orderBy", maybe(listed(own.order)), "The order, most important first; the keys come last."),
        Part("first", maybe(int), f"How many groups: 1 to {most}, {default} where nothing is said."),
    )
