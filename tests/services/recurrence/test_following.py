"""When a repeating task is due next: days as dateutil counts them, times as the user's clock shows them."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule as peer
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.recurrence import Frequency, Nth, Rule, next_after, read_rule
from app.services.recurrence.days import _periods, days_after

BERLIN, APIA, YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia"), ZoneInfo("America/New_York")


def following(text: str, start: str, times: int, zone: ZoneInfo = BERLIN, *, all_day: bool = False) -> list[str]:
    """What follows a start, by the clock of the zone."""
    rule, at = read_rule(text), dt.datetime.fromisoformat(start).replace(tzinfo=zone).astimezone(dt.UTC)
    found: list[str] = []
    for done in range(1, times + 1):
        after = next_after(rule, at, zone, all_day=all_day, done=done)
        if after is None:
            return [*found, "over"]
        assert after.tzinfo is dt.UTC
        at = after
        found.append(at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes"))
    return found


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=DAILY", "2026-12-31T09:30", ["2027-01-01T09:30", "2027-01-02T09:30"]),
        ("FREQ=DAILY;INTERVAL=10", "2026-02-20T09:00", ["2026-03-02T09:00", "2026-03-12T09:00"]),
        ("FREQ=DAILY;BYDAY=FR;BYMONTHDAY=13", "2026-01-01T09:00", ["2026-02-13T09:00", "2026-03-13T09:00", "2026-11-13T09:00"]),
        ("FREQ=WEEKLY", "2026-11-23T09:00", ["2026-11-30T09:00"]),
        ("FREQ=WEEKLY;BYDAY=MO,FR", "2026-11-23T09:00", ["2026-11-27T09:00", "2026-11-30T09:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-11-23T09:00", ["2026-11-27T09:00", "2026-12-07T09:00", "2026-12-11T09:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "1997-08-05T09:00", ["1997-08-10T09:00", "1997-08-19T09:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05T09:00", ["1997-08-17T09:00", "1997-08-19T09:00"]),
        ("FREQ=MONTHLY", "2026-01-31T09:00", ["2026-03-31T09:00", "2026-05-31T09:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31T09:00", ["2026-02-28T09:00", "2026-03-31T09:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31,-1", "2026-04-30T09:00", ["2026-05-31T09:00", "2026-06-30T09:00"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30T09:00", ["2026-02-27T09:00", "2026-03-27T09:00"]),
        ("FREQ=MONTHLY;BYDAY=5MO", "2026-03-30T09:00", ["2026-06-29T09:00", "2026-08-31T09:00"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-30T09:00", ["2026-02-27T09:00", "2026-03-31T09:00"]),
        ("FREQ=MONTHLY;INTERVAL=3", "2026-11-15T09:00", ["2027-02-15T09:00", "2027-05-15T09:00"]),
        ("FREQ=YEARLY", "2024-02-29T09:00", ["2028-02-29T09:00", "2032-02-29T09:00"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "2024-02-29T09:00", ["2044-02-29T09:00", "2072-02-29T09:00"]),
        ("FREQ=YEARLY;BYMONTH=1,7", "2026-01-15T09:00", ["2026-07-15T09:00", "2027-01-15T09:00"]),
        ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19T09:00", ["1998-05-18T09:00", "1999-05-17T09:00"]),
        ("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "2026-10-25T09:00", ["2027-10-31T09:00", "2028-10-29T09:00"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05T09:00", ["1997-11-04T09:00", "1998-11-03T09:00"]),
        ("FREQ=MONTHLY;BYDAY=1MO,FR", "2026-01-30T09:00", ["2026-02-02T09:00", "2026-02-06T09:00", "2026-02-13T09:00"]),
        ("FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=2", "2026-11-25T09:00", ["2026-11-27T09:00", "2026-12-04T09:00"]),
        ("FREQ=DAILY;COUNT=3", "2026-11-23T09:00", ["2026-11-24T09:00", "2026-11-25T09:00", "over"]),
        ("FREQ=DAILY;COUNT=1", "2026-11-23T09:00", ["over"]),
        ("FREQ=DAILY;UNTIL=20261125", "2026-11-23T09:00", ["2026-11-24T09:00", "2026-11-25T09:00", "over"]),
        ("FREQ=DAILY;UNTIL=20261125T080000Z", "2026-11-23T09:00", ["2026-11-24T09:00", "2026-11-25T09:00", "over"]),
        ("FREQ=DAILY;UNTIL=20261125T075959Z", "2026-11-23T09:00", ["2026-11-24T09:00", "over"]),
        ("FREQ=DAILY;UNTIL=20261125T090000", "2026-11-23T09:00", ["2026-11-24T09:00", "2026-11-25T09:00", "over"]),
        ("FREQ=DAILY;UNTIL=20261125T085959", "2026-11-23T09:00", ["2026-11-24T09:00", "over"]),
        ("FREQ=DAILY;UNTIL=20261120", "2026-11-23T09:00", ["over"]),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "2026-11-23T09:00", ["over"]),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", "2025-02-01T09:00", ["over"]),
        ("FREQ=YEARLY;INTERVAL=10", "9985-06-01T09:00", ["9995-06-01T09:00", "over"]),
        ("FREQ=MONTHLY", "9999-10-31T09:00", ["over"]),
        ("FREQ=DAILY", "9999-12-28T09:00", ["over"]),
    ],
)  # fmt: skip
def test_a_task_is_due_again_on_the_next_day_that_its_rule_names(rule: str, start: str, expected: list[str]) -> None:
    assert following(rule, start, len(expected)) == expected


@pytest.mark.parametrize(
    ("start", "zone", "expected"),
    [
        pytest.param("2026-03-28T09:00", BERLIN, ["2026-03-29T09:00", "2026-03-30T09:00"], id="clock-forward"),
        pytest.param("2026-10-24T09:00", BERLIN, ["2026-10-25T09:00", "2026-10-26T09:00"], id="clock-back"),
        pytest.param("2026-10-24T02:30", BERLIN, ["2026-10-25T02:30", "2026-10-26T02:30"], id="shown-twice"),
        pytest.param("2026-03-28T02:30", BERLIN, ["2026-03-29T03:30", "2026-03-30T03:30"], id="skipped"),
        pytest.param("2026-03-07T23:30", YORK, ["2026-03-08T23:30", "2026-03-09T23:30"], id="the-day-before-in-utc"),
        pytest.param("2011-12-29T09:00", APIA, ["2011-12-31T09:00", "2012-01-01T09:00"], id="a-day-skipped"),
    ],
)
def test_the_users_clock_shows_the_same_time_again(start: str, zone: ZoneInfo, expected: list[str]) -> None:
    assert following("FREQ=DAILY", start, 2, zone) == expected


def test_a_time_shown_twice_is_the_first() -> None:
    due = dt.datetime(2026, 10, 24, 0, 30, tzinfo=dt.UTC)
    found = next_after(read_rule("FREQ=DAILY"), due, BERLIN, all_day=False, done=1)
    assert found == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    second = dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    found = next_after(read_rule("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"), second, BERLIN, all_day=False, done=1)
    assert found == dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("start", "zone", "expected"),
    [
        ("2026-03-28T00:00", BERLIN, ["2026-03-29T00:00", "2026-03-30T00:00"]),
        ("2026-03-28T23:59", BERLIN, ["2026-03-29T00:00", "2026-03-30T00:00"]),
        ("2018-11-03T00:00", ZoneInfo("America/Sao_Paulo"), ["2018-11-04T01:00", "2018-11-05T00:00"]),
    ],
)
def test_a_task_for_the_day_is_due_when_the_day_begins(start: str, zone: ZoneInfo, expected: list[str]) -> None:
    assert following("FREQ=DAILY", start, 2, zone, all_day=True) == expected


def test_a_task_for_the_day_ends_with_its_last_day() -> None:
    assert following("FREQ=DAILY;UNTIL=20261124", "2026-11-23T00:00", 2, all_day=True) == ["2026-11-24T00:00", "over"]


SETS = {"by_month": st.integers(1, 12), "by_month_day": st.integers(1, 31) | st.integers(-31, -1)}
PEERS = {
    Frequency.DAILY: peer.DAILY,
    Frequency.WEEKLY: peer.WEEKLY,
    Frequency.MONTHLY: peer.MONTHLY,
    Frequency.YEARLY: peer.YEARLY,
}


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    frequency = draw(st.sampled_from(Frequency))
    counted = frequency in (Frequency.MONTHLY, Frequency.YEARLY)
    parts: dict[str, Any] = {name: draw(st.frozensets(values, max_size=3)) for name, values in SETS.items()}
    if frequency is Frequency.WEEKLY:
        parts["by_month_day"] = frozenset()
    plain, nth = st.just(0), st.integers(1, 5) | st.integers(-5, -1)
    ordinals = draw(st.sampled_from([plain, nth])) if counted else plain
    parts["by_day"] = draw(st.frozensets(st.builds(Nth, st.integers(0, 6), ordinals), max_size=3))
    if any(parts.values()):
        parts["by_set_pos"] = draw(st.frozensets(st.sampled_from([1, 2, 5, -1, -2]), max_size=2))
    return Rule(frequency, draw(st.integers(1, 4)), week_start=draw(st.integers(0, 6)), **parts)


@settings(max_examples=120, deadline=None)
@given(rule=rules(), first=st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)))
def test_the_days_are_those_that_dateutil_names(rule: Rule, first: dt.date) -> None:
    """Not compared: counted beside other weekdays, of which dateutil takes those that are both; and the first week's
    places, which it counts from the first day on."""
    found = list(islice(days_after(rule, first), 4))
    begin = dt.datetime.combine(first, dt.time())
    start = begin - dt.timedelta(
        days=(first.weekday() - rule.week_start) % 7 if rule.frequency is Frequency.WEEKLY else 0
    )
    alone = rule.frequency is Frequency.WEEKLY and not rule.by_day
    weekdays = [Nth(first.weekday())] if alone else sorted(rule.by_day)
    theirs = peer.rrule(
        PEERS[rule.frequency],
        dtstart=start,
        interval=rule.interval,
        wkst=rule.week_start,
        bymonth=sorted(rule.by_month) or None,
        bymonthday=sorted(rule.by_month_day) or None,
        byweekday=[peer.weekday(day, ordinal or None) for day, ordinal in weekdays] or None,
        bysetpos=sorted(rule.by_set_pos) or None,
    )
    # Asked for no more than was found: beyond that dateutil may look for days until the year 9999.
    assert found == [day.date() for day in islice(theirs.xafter(begin), len(found))]


@settings(max_examples=40, deadline=None)
@given(rule=rules(), first=st.dates(dt.date(1, 1, 2), dt.date(9999, 12, 30)))
def test_days_follow_each_other_and_end_wherever_they_begin(rule: Rule, first: dt.date) -> None:
    found = list(islice(days_after(rule, first), 20))
    assert [first, *found] == sorted({first, *found})


@pytest.mark.parametrize("frequency", Frequency)
def test_looking_for_a_day_that_never_comes_ends_after_forty_years(frequency: Frequency) -> None:
    days = {day for period in _periods(Rule(frequency), dt.date(2026, 11, 23)) for day in period}
    assert min(days) > dt.date(2025, 12, 31).toordinal()
    assert dt.date(2066, 11, 23).toordinal() <= max(days) < dt.date(2070, 1, 1).toordinal()


@pytest.mark.parametrize("first", [dt.date(9959, 12, 31), dt.date(9998, 12, 30), dt.date(9999, 12, 30)], ids=str)
@pytest.mark.parametrize("frequency", Frequency)
def test_days_end_with_the_calendar(frequency: Frequency, first: dt.date) -> None:
    assert all(first < day <= dt.date(9999, 12, 30) for day in days_after(Rule(frequency), first))
