"""The JSON document of a region's business calendar.

    {"hours": {"MON": [["09:00", "12:30"], ["13:30", "17:00"]], "FRI": [["22:00", "06:00"]], "SAT": [["00:00", "24:00"]]},
     "holidays": ["2026-12-25"]}

Weekdays without hours are closed; a shift that ends no later than it begins runs into the next day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from app.services.calendars.calendar import BusinessCalendar, Hours
from app.services.errors import Invalid
from app.services.parts import Part
from app.services.values.places import time_zone as zone_name
from app.services.values.times import day

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
USUAL: Mapping[int, Hours] = MappingProxyType({day: ((dt.time(9), dt.time(17)),) for day in range(5)})
"""Monday to Friday, nine to five."""

MOST_SHIFTS, MOST_HOLIDAYS, LEAST_MINUTES = 12, 2_000, 60
"""Shifts of a day; holidays; open minutes of a week."""

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MINUTES_A_DAY = 24 * 60
_MINUTES_A_WEEK = 7 * _MINUTES_A_DAY

_Span = tuple[int, int]
"""A shift in minutes from the midnight before it begins."""


def read_calendar(document: object, time_zone: str | None) -> BusinessCalendar:
    """A region's calendar by its document and time zone; without the one the usual hours, without the other UTC.

    Raises Refused with every fault, at its place in the region (`businessCalendar`, `timeZone`).
    """
    root = Part({} if document is None else document, ("businessCalendar",))
    zone = Part("UTC" if time_zone is None else time_zone, ("timeZone",), root.faults).read(_zone)
    parts = root.named("hours", "holidays")
    hours = _hours(parts["hours"]) if "hours" in parts else USUAL
    holidays = [item.read(_day) for item in parts["holidays"].listed(MOST_HOLIDAYS)] if "holidays" in parts else []
    root.check()
    assert zone is not None
    return BusinessCalendar(zone, hours, frozenset(filter(None, holidays)))


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(zone_name(name))


def _hours(part: Part) -> Mapping[int, Hours]:
    known = len(part.faults)
    shifts = {name: day.listed(MOST_SHIFTS) for name, day in part.named(*WEEKDAYS).items()}
    week = {
        WEEKDAYS.index(name): sorted(filter(None, (shift.read(_span) for shift in day))) for name, day in shifts.items()
    }
    if len(part.faults) == known:
        _judge(week, part)
    return MappingProxyType({day: tuple((_time(a), _time(b)) for a, b in spans) for day, spans in week.items()})


def _span(value: object) -> _Span:
    """A shift: two different times of the clock, or all day."""
    match value:
        case [str() as start, str() as end] if _CLOCK.fullmatch(start) and _CLOCK.fullmatch(end):
            if start not in ("24:00", end):
                begins, ends = _minutes(start), _minutes(end)
                return begins, ends if ends > begins else ends + _MINUTES_A_DAY
    raise Invalid("no_shift")


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _time(minutes: int) -> dt.time:
    return dt.time(minutes // 60 % 24, minutes % 60)


def _judge(week: Mapping[int, list[_Span]], part: Part) -> None:
    """Notes shifts that overlap another, the week coming round again, and too few of them."""
    spans = [
        (weekday * _MINUTES_A_DAY + start, weekday * _MINUTES_A_DAY + end, weekday)
        for weekday in sorted(week)
        for start, end in week[weekday]
    ]
    if sum(end - start for start, end, _ in spans) < LEAST_MINUTES:
        return part.fail("too_few_hours", minutes=LEAST_MINUTES)
    first, _, weekday = spans[0]
    for name in dict.fromkeys(_overlapping([*spans, (first + _MINUTES_A_WEEK, 0, weekday)])):
        part.inner(name).fail("shifts_overlap")
    return None


def _overlapping(spans: list[tuple[int, int, int]]) -> Iterator[str]:
    for (_, end, _), (start, _, weekday) in pairwise(spans):
        if start < end:
            yield WEEKDAYS[weekday]


def _day(value: object) -> dt.date:
    """A day as ISO 8601 writes it, `2026-12-25`."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return day(dt.date.fromisoformat(value))
    except ValueError:
        pass
    raise Invalid("no_day")
