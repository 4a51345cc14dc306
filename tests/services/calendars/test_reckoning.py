"""Open time: tables of days that are unlike others, and what holds for every calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.calendars import BusinessCalendar, business_seconds_between, due, open_between, read_calendar
from app.services.calendars.reading import WEEKDAYS
from app.services.calendars.reckoning import _open_in, _sum_of
from app.services.errors import Invalid

HOUR = 3600
BERLIN = read_calendar(
    {"hours": {day: [["09:00", "12:30"], ["13:30", "17:00"]] for day in WEEKDAYS[:5]}, "holidays": ["2026-12-25"]},
    "Europe/Berlin",
)
NIGHTS = read_calendar(
    {"hours": {day: [["22:00", "06:00"]] for day in WEEKDAYS}, "holidays": ["2026-03-30"]}, "Europe/Berlin"
)
ALWAYS = read_calendar({"hours": {day: [["00:00", "24:00"]] for day in WEEKDAYS}}, "America/New_York")
FAR = read_calendar(
    {"holidays": ["1776-07-04", "1500-01-01", "2104-05-01", "2300-01-04", "2300-01-05"]}, "Europe/Berlin"
)
MONDAYS = read_calendar({"hours": {"MON": [["09:00", "10:00"]]}}, None)


def at(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("calendar", "opened", "seconds", "expected"),
    [
        pytest.param(BERLIN, "2026-11-23T09:00+01:00", 0, "2026-11-23T09:00+01:00", id="nothing"),
        pytest.param(BERLIN, "2026-11-23T08:00+01:00", 0, "2026-11-23T09:00+01:00", id="nothing-before-opening"),
        pytest.param(BERLIN, "2026-11-23T17:00+01:00", 0, "2026-11-23T17:00+01:00", id="nothing-at-closing"),
        pytest.param(BERLIN, "2026-11-23T17:00:00.000001+01:00", 0, "2026-11-24T09:00+01:00", id="nothing-after-closing"),
        pytest.param(BERLIN, "2026-11-23T10:15:30.25+01:00", HOUR, "2026-11-23T11:15:30.25+01:00", id="within-a-shift"),
        pytest.param(BERLIN, "2026-11-23T12:00+01:00", HOUR, "2026-11-23T14:00+01:00", id="over-lunch"),
        pytest.param(BERLIN, "2026-11-23T10:00+01:00", 6 * HOUR, "2026-11-23T17:00+01:00", id="to-the-end-of-the-day"),
        pytest.param(BERLIN, "2026-11-23T10:00+01:00", 6 * HOUR + 1, "2026-11-24T09:00:01+01:00", id="to-the-next-day"),
        pytest.param(BERLIN, "2026-11-27T16:00+01:00", 2 * HOUR, "2026-11-30T10:00+01:00", id="over-a-weekend"),
        pytest.param(BERLIN, "2026-12-24T16:00+01:00", 2 * HOUR, "2026-12-28T10:00+01:00", id="over-a-holiday"),
        pytest.param(BERLIN, "2026-12-25T10:00+01:00", 1, "2026-12-28T09:00:01+01:00", id="on-a-holiday"),
        pytest.param(BERLIN, "2026-03-27T16:00+01:00", 2 * HOUR, "2026-03-30T10:00+02:00", id="clock-forward-at-the-weekend"),
        pytest.param(BERLIN, "2026-10-23T16:00+02:00", 2 * HOUR, "2026-10-26T10:00+01:00", id="clock-back-at-the-weekend"),
        pytest.param(NIGHTS, "2026-03-28T22:00+01:00", 7 * HOUR, "2026-03-29T06:00+02:00", id="a-night-an-hour-short"),
        pytest.param(NIGHTS, "2026-10-24T22:00+02:00", 9 * HOUR, "2026-10-25T06:00+01:00", id="a-night-an-hour-long"),
        pytest.param(NIGHTS, "2026-03-29T22:00+02:00", 8 * HOUR + 1, "2026-03-31T22:00:01+02:00", id="a-night-off"),
        pytest.param(NIGHTS, "2026-03-30T00:30+02:00", HOUR, "2026-03-30T01:30+02:00", id="into-a-holiday"),
        pytest.param(ALWAYS, "2026-03-08T00:00-05:00", 24 * HOUR, "2026-03-09T01:00-04:00", id="always-open"),
        pytest.param(MONDAYS, "2026-01-05T09:00", 10 * HOUR, "2026-03-09T10:00", id="an-hour-a-week"),
        pytest.param(MONDAYS, "2026-01-05T09:00", 5218 * HOUR, "2125-12-31T10:00", id="a-century"),
    ],
)  # fmt: skip
def test_a_promise_is_due_when_so_much_open_time_has_passed(
    calendar: BusinessCalendar, opened: str, seconds: int, expected: str
) -> None:
    assert due(calendar, at(opened), seconds) == at(expected)
    assert due(calendar, at(opened), seconds).tzinfo is dt.UTC
    assert business_seconds_between(calendar, at(opened), at(expected)) == seconds


@pytest.mark.parametrize(
    ("calendar", "since", "until", "expected"),
    [
        pytest.param(BERLIN, "2026-11-23T09:00+01:00", "2026-11-23T09:00+01:00", 0, id="the-same-moment"),
        pytest.param(BERLIN, "2026-11-24T09:00+01:00", "2026-11-23T09:00+01:00", 0, id="the-wrong-order"),
        pytest.param(BERLIN, "2026-11-28T00:00+01:00", "2026-11-30T00:00+01:00", 0, id="a-weekend"),
        pytest.param(BERLIN, "2026-11-23T00:00+01:00", "2026-11-30T00:00+01:00", 35 * HOUR, id="a-week"),
        pytest.param(BERLIN, "2026-12-21T00:00+01:00", "2026-12-28T00:00+01:00", 28 * HOUR, id="a-week-with-a-holiday"),
        pytest.param(BERLIN, "2026-11-23T09:00+01:00", "2026-11-23T09:00:01.9+01:00", 1, id="whole-seconds"),
        pytest.param(ALWAYS, "2024-06-01T00:00", "2028-06-01T00:00", 1461 * 24 * HOUR, id="years"),
        pytest.param(NIGHTS, "2026-12-31T23:00+01:00", "2027-01-01T01:00+01:00", 2 * HOUR, id="over-new-year"),
        pytest.param(
            NIGHTS, "2024-12-31T23:00+01:00", "2027-01-01T01:00+01:00", (730 * 8 - 8 + 2) * HOUR, id="new-years"
        ),
        pytest.param(ALWAYS, "0001-01-10T00:00", "9999-12-01T00:00", 3652019 * 24 * HOUR, id="all-times"),
    ],
)
def test_open_time_between_two_moments(calendar: BusinessCalendar, since: str, until: str, expected: int) -> None:
    assert business_seconds_between(calendar, at(since), at(until)) == expected


def test_what_is_due_after_all_times_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        due(MONDAYS, at("2026-01-05T09:00"), 10**10)
    assert caught.value.reason == "beyond_calendar"
    with pytest.raises(Invalid):
        due(ALWAYS, at("9999-12-29T12:00"), 13 * HOUR)


@pytest.mark.parametrize(
    "calendar", [BERLIN, NIGHTS, ALWAYS, MONDAYS, FAR], ids=["berlin", "nights", "always", "mondays", "far"]
)
@pytest.mark.parametrize("year", [2, 400, 1500, 1700, 1748, 1776, 1799, 2101, 2104, 2132, 2200, 2300, 2396, 2400, 9998])
def test_a_distant_year_is_as_long_as_one_of_its_shape(calendar: BusinessCalendar, year: int) -> None:
    assert _open_in(calendar, year) == _sum_of(calendar, year)


def clock(first: int, last: int) -> st.SearchStrategy[str]:
    return st.builds("{:02}:{}".format, st.integers(first, last), st.sampled_from(["00", "30", "47"]))


BY_DAY = st.lists(clock(0, 23), min_size=4, max_size=4, unique=True).map(
    lambda four: [sorted(four)[:2], sorted(four)[2:]]
)
BY_NIGHT = st.tuples(clock(18, 23), clock(0, 9)).map(lambda two: [list(two)])
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"]
)
NEAR = st.dates(dt.date(2011, 12, 1), dt.date(2027, 1, 31))
MOMENTS = st.datetimes(
    dt.datetime.fromisoformat("2011-12-20"), dt.datetime.fromisoformat("2026-12-31"), timezones=st.just(dt.UTC)
)


@st.composite
def calendars(draw: st.DrawFn) -> BusinessCalendar:
    shifts = draw(st.sampled_from([BY_DAY, BY_NIGHT]))
    hours = draw(st.dictionaries(st.sampled_from(WEEKDAYS), shifts, min_size=3))
    holidays = [day.isoformat() for day in draw(st.lists(NEAR, max_size=3))]
    return read_calendar({"hours": hours, "holidays": holidays}, draw(ZONES))


def is_open(calendar: BusinessCalendar, moment: dt.datetime) -> bool:
    today = calendar.day_of(moment)
    days = [today - dt.timedelta(days=1), today, today + dt.timedelta(days=1)]
    return any(opens <= moment <= closes for day in days for opens, closes in calendar.shifts(day))


@settings(max_examples=40, deadline=None)
@given(calendar=calendars(), opened=MOMENTS, seconds=st.integers(0, 60 * HOUR), more=st.integers(0, 9 * HOUR))
def test_what_is_promised_is_due_in_open_hours_after_just_that_time(
    calendar: BusinessCalendar, opened: dt.datetime, seconds: int, more: int
) -> None:
    promised = due(calendar, opened, seconds)
    assert promised >= opened
    assert is_open(calendar, promised)
    assert business_seconds_between(calendar, opened, promised) == seconds
    assert due(calendar, opened, seconds + more) >= promised
    assert due(calendar, opened + dt.timedelta(seconds=more), seconds) >= promised


@settings(max_examples=40, deadline=None)
@given(calendar=calendars(), moments=st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_open_time_adds_up_and_is_never_longer_than_time(
    calendar: BusinessCalendar, moments: list[dt.datetime]
) -> None:
    first, middle, last = moments
    assert open_between(calendar, first, last) == open_between(calendar, first, middle) + open_between(
        calendar, middle, last
    )
    assert open_between(calendar, first, last) <= last - first


@settings(max_examples=20, deadline=None)
@given(calendar=calendars(), start=NEAR)
def test_shifts_are_in_order_and_never_overlap(calendar: BusinessCalendar, start: dt.date) -> None:
    days = [start + dt.timedelta(days=number) for number in range(8)]
    edges = [edge for day in days for shift in calendar.shifts(day) for edge in shift]
    assert edges == sorted(edges)
