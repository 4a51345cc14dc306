"""Spans of the calendar: the day, week, month, quarter or year (or the hour) that holds a moment, in a time zone.

All is total: stored moments and days lie between the years 1 and 9999 (`EARLIEST` and `LATEST` of the columns), in
every zone, and what of a span lies outside of them is NULL.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from graphql_schema.aggregates.zones import ZONES
from graphql_schema.compiler.operands import BadInput, Place
from policies.predicates import literal

Column = sa.ColumnElement[Any]


class Bucket(StrEnum):
    """A span of the calendar."""

    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


MEANING: Mapping[Bucket, str] = {
    Bucket.HOUR: "An hour; of moments only.",
    Bucket.DAY: "A day.",
    Bucket.WEEK: "A week from Monday to Sunday, ISO 8601.",
    Bucket.MONTH: "A month.",
    Bucket.QUARTER: "Three months from January, April, July or October.",
    Bucket.YEAR: "A year.",
}

_LENGTHS: Mapping[Bucket, str] = {
    **{bucket: f"1 {bucket.value.lower()}" for bucket in Bucket},
    Bucket.QUARTER: "3 months",
}
_LABELS: Mapping[Bucket, str] = {
    Bucket.HOUR: 'YYYY-MM-DD"T"HH24',
    Bucket.DAY: "YYYY-MM-DD",
    Bucket.WEEK: 'IYYY-"W"IW',
    Bucket.MONTH: "YYYY-MM",
    Bucket.QUARTER: 'YYYY-"Q"Q',
    Bucket.YEAR: "YYYY",
}
_MOMENT, _DAY, _LOCAL = sa.DateTime(timezone=True), sa.Date(), sa.DateTime()


def time_zone(value: Any, place: Place) -> str:
    """The name of a time zone. Raises BadInput for one that is not known."""
    if value not in ZONES:
        raise BadInput("this is no time zone; name one as IANA does, such as Europe/Berlin or UTC", place)
    return str(value)


def start(value: Column, bucket: Bucket, zone: Column) -> Column:
    """When the span begins that holds a moment (in the calendar of a zone), or a day."""
    unit = literal(bucket.value.lower())
    if isinstance(value.type, sa.Date):
        return sa.cast(sa.func.date_trunc(unit, sa.cast(value, _LOCAL)), _DAY)
    return sa.func.date_trunc(unit, value, zone, type_=_MOMENT)


def end(begun: Column, bucket: Bucket, zone: Column) -> Column:
    """When the next span begins; NULL where no stored value could lie in it."""
    length: Column = sa.literal_column(f"interval '{_LENGTHS[bucket]}'")
    if isinstance(begun.type, sa.Date):
        return within(sa.cast(sa.cast(begun, _LOCAL) + length, _DAY))
    if bucket is Bucket.HOUR:
        return within(sa.type_coerce(begun + length, _MOMENT))
    whole = sa.func.date_trunc(literal(bucket.value.lower()), _in_zone(begun, zone)) + length
    return within(sa.func.timezone(zone, whole, type_=_MOMENT))


def label(begun: Column, bucket: Bucket, zone: Column) -> Column:
    """A span's name by ISO 8601: `2026`, `2026-Q1`, `2026-01`, `2026-W05`, `2026-01-31`, `2026-01-31T12`."""
    local = begun if isinstance(begun.type, sa.Date) else _in_zone(begun, zone)
    form = sa.literal_column(f"'{_LABELS[bucket]}'", sa.Text())
    return sa.func.to_char(sa.cast(local, _LOCAL), form, type_=sa.Text())


def within(value: Column) -> Column:
    """A moment or day; NULL where its year has not four digits."""
    zone = "" if isinstance(value.type, sa.Date) else " 00:00+00"
    first, after = (_literal(f"{year}-01-01{zone}", value.type) for year in ("0001", "10000"))
    return sa.case((sa.and_(value >= first, value < after), value), else_=sa.cast(sa.null(), value.type))


def _literal(text: str, type_: sa.types.TypeEngine[Any]) -> Column:
    return sa.cast(sa.literal_column(f"'{text}'"), type_)


def _in_zone(moment: Column, zone: Column) -> Column:
    """What clocks of the zone show."""
    return sa.func.timezone(zone, moment, type_=_LOCAL)
