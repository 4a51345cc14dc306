"""Spans of the calendar and places in trees, of whatever can be stored, in every zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from app.models.columns import EARLIEST, LATEST
from graphql_schema.aggregates.buckets import Bucket, end, label, start, time_zone, within
from graphql_schema.aggregates.trees import level, rolled_up
from graphql_schema.aggregates.zones import ZONES
from graphql_schema.compiler.operands import BadInput
from policies.fragments import DIALECT

MOMENT, DAY = sa.DateTime(timezone=True), sa.Date()


def _literal(value: str, type_: sa.types.TypeEngine[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(sa.literal_column(f"'{value}'"), type_)


async def _row(writer: asyncpg.Connection, columns: Sequence[sa.ColumnElement[Any]]) -> list[Any]:
    sql = sa.select(*(sa.cast(sa.func.to_json(column), sa.Text()) for column in columns))
    found = await writer.fetchrow(str(sql.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True})))
    return [value and value.strip('"') for value in found]


async def _span(writer: asyncpg.Connection, value: str, bucket: Bucket, zone: str) -> list[Any]:
    type_ = DAY if len(value) == 10 else MOMENT
    in_zone = _literal(zone, sa.Text())
    begun = start(_literal(value, type_), bucket, in_zone)
    return await _row(writer, [label(begun, bucket, in_zone), within(begun), end(begun, bucket, in_zone)])


SPANS = [
    ("2026-05-17", Bucket.DAY, "UTC", ["2026-05-17", "2026-05-17", "2026-05-18"]),
    ("2026-05-17", Bucket.WEEK, "UTC", ["2026-W20", "2026-05-11", "2026-05-18"]),
    ("2027-01-01", Bucket.WEEK, "UTC", ["2026-W53", "2026-12-28", "2027-01-04"]),
    ("2026-05-17", Bucket.MONTH, "UTC", ["2026-05", "2026-05-01", "2026-06-01"]),
    ("2026-05-17", Bucket.QUARTER, "UTC", ["2026-Q2", "2026-04-01", "2026-07-01"]),
    ("2026-05-17", Bucket.YEAR, "UTC", ["2026", "2026-01-01", "2027-01-01"]),
    (EARLIEST, Bucket.YEAR, "UTC", ["0001", "0001-01-01", "0002-01-01"]),
    (EARLIEST, Bucket.WEEK, "UTC", ["0001-W01", "0001-01-01", "0001-01-08"]),
    (LATEST, Bucket.YEAR, "UTC", ["9999", "9999-01-01", None]),
    (LATEST, Bucket.DAY, "UTC", ["9999-12-30", "9999-12-30", "9999-12-31"]),
    ("2026-05-17 20:30Z", Bucket.HOUR, "Asia/Kolkata",
     ["2026-05-18T02", "2026-05-17T20:30:00+00:00", "2026-05-17T21:30:00+00:00"]),
    ("2026-05-17 20:30Z", Bucket.DAY, "Asia/Tokyo",
     ["2026-05-18", "2026-05-17T15:00:00+00:00", "2026-05-18T15:00:00+00:00"]),
    ("2026-01-01 02:00Z", Bucket.YEAR, "America/New_York",
     ["2025", "2025-01-01T05:00:00+00:00", "2026-01-01T05:00:00+00:00"]),
    ("2026-03-29 12:00Z", Bucket.DAY, "Europe/Berlin",
     ["2026-03-29", "2026-03-28T23:00:00+00:00", "2026-03-29T22:00:00+00:00"]),
    ("2026-10-25 00:30Z", Bucket.HOUR, "Europe/Berlin",
     ["2026-10-25T02", "2026-10-25T00:00:00+00:00", "2026-10-25T01:00:00+00:00"]),
    ("2026-10-25 01:30Z", Bucket.HOUR, "Europe/Berlin",
     ["2026-10-25T02", "2026-10-25T01:00:00+00:00", "2026-10-25T02:00:00+00:00"]),
    ("2018-11-04 12:00Z", Bucket.DAY, "America/Sao_Paulo",
     ["2018-11-04", "2018-11-04T03:00:00+00:00", "2018-11-05T02:00:00+00:00"]),
    (f"{EARLIEST} 00:00Z", Bucket.YEAR, "Asia/Tokyo", ["0001", None, "0001-12-31T14:41:01+00:00"]),
    (f"{LATEST} 00:00Z", Bucket.YEAR, "America/New_York", ["9999", "9999-01-01T05:00:00+00:00", None]),
]  # fmt: skip


@pytest.mark.parametrize(("value", "bucket", "zone", "expected"), SPANS, ids=[f"{s[0]}-{s[1]}-{s[2]}" for s in SPANS])
async def test_a_span_has_a_name_a_start_and_an_end(
    writer: asyncpg.Connection, value: str, bucket: Bucket, zone: str, expected: list[str]
) -> None:
    assert await _span(writer, value, bucket, zone) == expected


async def test_no_stored_moment_is_without_a_span_in_any_zone(writer: asyncpg.Connection) -> None:
    """Every zone that may be named is known to the database, and at both ends of time each bucket has a name."""
    zone: sa.ColumnElement[Any] = sa.column("zone", sa.Text())
    columns = [
        part
        for moment in (f"{EARLIEST} 00:00Z", f"{LATEST} 00:00Z")
        for bucket in Bucket
        for begun in [start(_literal(moment, MOMENT), bucket, zone)]
        for part in (label(begun, bucket, zone), within(begun), end(begun, bucket, zone))
    ]
    zones = sa.func.unnest(sa.literal_column("$1::text[]")).table_valued("zone")
    names = [each.label(f"c{i}") for i, each in enumerate(columns)]
    sql = sa.select(*names).select_from(zones.alias("zones").render_derived())
    rows = await writer.fetch(str(sql.compile(dialect=DIALECT)), sorted(ZONES))
    assert len(rows) == len(ZONES) > 480
    labels = [value for row in rows for value in list(row)[::3]]
    assert {text[:4] for text in labels} == {"0001", "9999"}


@pytest.mark.parametrize("name", ["Europe/Atlantis", "europe/berlin", "CET", "", "+02:00", "Europe/Berlin'", "UTC "])
def test_a_time_zone_that_is_not_known_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="no time zone"):
        time_zone(name, ("a", "timeZone"))


def test_known_time_zones_are_taken() -> None:
    assert time_zone("Europe/Berlin", ()) == "Europe/Berlin"
    assert time_zone("UTC", ()) == "UTC"
    assert dt.datetime(2026, 1, 1, tzinfo=dt.UTC).tzname() in ZONES


PLACES = [
    ("/a/b/c/", 1, "/a/"),
    ("/a/b/c/", 2, "/a/b/"),
    ("/a/b/c/", 3, "/a/b/c/"),
    ("/a/b/c/", 50, "/a/b/c/"),
    ("/a/", 1, "/a/"),
    ("/", 1, "/"),
    ("/a b/ü/", 1, "/a b/"),
]


@pytest.mark.parametrize(("path", "to", "expected"), PLACES)
async def test_a_place_is_rolled_up_to_a_level(writer: asyncpg.Connection, path: str, to: int, expected: str) -> None:
    found = rolled_up(_literal(path, sa.Text()), sa.literal_column(str(to), sa.Integer()))
    assert await _row(writer, [found]) == [expected]


@pytest.mark.parametrize("wrong", [0, -1, 51, 2**31])
def test_a_level_that_no_tree_has_is_refused(wrong: int) -> None:
    with pytest.raises(BadInput, match="a level is 1"):
        level(wrong, ())
