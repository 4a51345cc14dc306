"""What is measured of a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from graphql_schema.aggregates import suppression

Column = sa.ColumnElement[Any]

SCALE = 6
"""Decimals of an average."""


class Aggregate(StrEnum):
    """How a value is measured over the rows of a group."""

    COUNT = "COUNT"
    SUM = "SUM"
    AVG = "AVG"
    MIN = "MIN"
    MAX = "MAX"
    COUNT_DISTINCT = "COUNT_DISTINCT"


MEANING: Mapping[Aggregate, str] = {
    Aggregate.COUNT: "How many rows there are.",
    Aggregate.SUM: "The sum of the values.",
    Aggregate.AVG: f"The mean of the values, rounded to {SCALE} decimals; null of none.",
    Aggregate.MIN: "The least value, or the earliest.",
    Aggregate.MAX: "The greatest value, or the latest.",
    Aggregate.COUNT_DISTINCT: "How many different values there are.",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregate of a column of the rows that are grouped; one for each currency of amounts that are in several."""

    aggregate: Aggregate
    column: str
    by_currency: bool = False
    beside: str = ""
    """Of amounts in the base currency, the column of those in their own, of which more rows may have one."""


def measured(aggregate: Aggregate, value: Column, least: int = 1) -> Column:
    """The aggregate of a group's values; NULL where fewer than `least` rows have one, of which nothing may be told."""
    if aggregate is Aggregate.COUNT:
        return sa.func.count(value)
    return suppression.told(sa.func.count(value), _OF[aggregate](value), least)


def _mean(value: Column) -> Column:
    exact = sa.cast(value, sa.Numeric())
    return sa.func.round(sa.func.avg(exact), suppression.number(SCALE), type_=sa.Numeric())


_OF: Mapping[Aggregate, Any] = {
    Aggregate.SUM: sa.func.sum,
    Aggregate.AVG: _mean,
    Aggregate.MIN: sa.func.min,
    Aggregate.MAX: sa.func.max,
    Aggregate.COUNT_DISTINCT: lambda value: sa.func.count(sa.distinct(value)),
}
