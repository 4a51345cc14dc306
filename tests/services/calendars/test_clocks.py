"""A wall clock's time as a moment, where clocks are changed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.calendars.clocks import moment

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Asia/Kolkata",
)


@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        ("Europe/Berlin", "2026-03-28T02:30:00", "2026-03-28T01:30:00"),
        ("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59"),
        ("Europe/Berlin", "2026-03-29T02:00:00", "2026-03-29T01:00:00"),
        ("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:00:00"),
        ("Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00"),
        ("Europe/Berlin", "2026-03-29T03:00:01", "2026-03-29T01:00:01"),
        ("Europe/Berlin", "2026-10-25T01:59:00", "2026-10-24T23:59:00"),
        ("Europe/Berlin", "2026-10-25T02:00:00", "2026-10-25T00:00:00"),
        ("Europe/Berlin", "2026-10-25T02:59:00", "2026-10-25T00:59:00"),
        ("Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00"),
        ("America/Sao_Paulo", "2018-11-04T00:00:00", "2018-11-04T03:00:00"),
        ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00"),
        ("Asia/Kolkata", "2026-06-01T05:30:00", "2026-06-01T00:00:00"),
    ],
)
def test_a_local_time_is_the_first_moment_at_which_the_clock_has_come_so_far(
    zone: str, local: str, expected: str
) -> None:
    found = moment(dt.datetime.fromisoformat(local), ZoneInfo(zone))
    assert found == dt.datetime.fromisoformat(expected).replace(tzinfo=dt.UTC)


LOCAL = st.datetimes(dt.datetime.fromisoformat("1850-01-01"), dt.datetime.fromisoformat("2150-01-01"))


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    times=st.lists(LOCAL, min_size=2, max_size=2).map(sorted),
)
def test_moments_are_in_the_order_of_local_times(zone: ZoneInfo, times: list[dt.datetime]) -> None:
    assert moment(times[0], zone) <= moment(times[1], zone)


@given(zone=st.sampled_from(ZONES).map(ZoneInfo), local=LOCAL)
def test_the_clock_shows_the_local_time_then_or_has_skipped_it(zone: ZoneInfo, local: dt.datetime) -> None:
    shown = moment(local, zone).astimezone(zone).replace(tzinfo=None)
    assert shown >= local
    assert (
        shown == local or (moment(local, zone) - dt.timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < local
    )
