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
from typing import Any
from zoneinfo import ZoneInfo

from app.models.columns import EARLIEST, LATEST
from app.services.calendars.calendar import BusinessCalendar, Hours
from app.services.errors import Invalid, Place, Refused, UserError

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
USUAL: Mapping[int, Hours] = MappingProxyType({day: ((dt.time(9), dt.time(17)),) for day in range(5)})
"""Monday to Friday, nine to five."""

MOST_SHIFTS, MOST_HOLIDAYS, LEAST_MINUTES = 12, 2_000, 60
"""Shifts of a day; holidays; open minutes of a week."""

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MINUTES_A_DAY = 24 * 60
_MINUTES_A_WEEK = 7 * _MINUTES_A_DAY

_Shifts = list[tuple[int, int]]
"""Of a day, in minutes from its midnight."""


def read_calendar(document: object, time_zone: str | None) -> BusinessCalendar:
    """A region's calendar by its document and time zone; without the one the usual hours, without the other UTC.

    Raises Refused with every fault, at its place in the region (`businessCalendar`, `timeZone`).
    """
    faults: list[UserError] = []
    zone = _zone(time_zone, faults)
    hours, holidays = _document({} if document is None else document, faults)
    if faults or zone is None:
        raise Refused(faults)
    return BusinessCalendar(zone, hours, holidays)


def _zone(name: str | None, faults: list[UserError]) -> ZoneInfo | None:
    try:
        return ZoneInfo("UTC" if name is None else name)
    except (KeyError, ValueError, OSError):
        faults.append(Invalid("time_zone_unknown", ("timeZone",)))
    return None


def _document(document: object, faults: list[UserError]) -> tuple[Mapping[int, Hours], frozenset[dt.date]]:
    place = ("businessCalendar",)
    parts = _object(document, ("hours", "holidays"), place, faults)
    hours = _hours(parts["hours"], (*place, "hours"), faults) if "hours" in parts else USUAL
    return hours, _holidays(parts.get("holidays", []), (*place, "holidays"), faults)


def _object(value: object, names: tuple[str, ...], place: Place, faults: list[UserError]) -> Mapping[str, Any]:
    """An object of named parts, all of which may be absent."""
    if not isinstance(value, dict):
        faults.append(Invalid("object_expected", place))
        return {}
    faults.extend(
        Invalid("name_unknown", (*place, str(name)), possible=list(names)) for name in value if name not in names
    )
    return {name: value[name] for name in names if name in value}


def _list(value: object, most: int, place: Place, faults: list[UserError]) -> Iterator[tuple[Place, object]]:
    """The items of a list and their places; none of one that is too long."""
    if not isinstance(value, list):
        faults.append(Invalid("list_expected", place))
    elif len(value) > most:
        faults.append(Invalid("list_too_long", place, most=most))
    else:
        yield from (((*place, str(number)), item) for number, item in enumerate(value))


def _hours(value: object, place: Place, faults: list[UserError]) -> Mapping[int, Hours]:
    known = len(faults)
    week = {
        WEEKDAYS.index(name): sorted(_shifts(shifts, (*place, name), faults))
        for name, shifts in _object(value, WEEKDAYS, place, faults).items()
    }
    if len(faults) == known:
        faults.extend(_wrong_as_a_week(week, place))
    return MappingProxyType({day: tuple((_time(a), _time(b)) for a, b in shifts) for day, shifts in week.items()})


def _shifts(value: object, place: Place, faults: list[UserError]) -> Iterator[tuple[int, int]]:
    for at, shift in _list(value, MOST_SHIFTS, place, faults):
        match shift:
            case [str() as start, str() as end] if (span := _span(start, end)) is not None:
                yield span
            case _:
                faults.append(Invalid("hours_unreadable", at))


def _span(start: str, end: str) -> tuple[int, int] | None:
    """A shift in minutes from midnight, if it is one: from two different times, or all day."""
    if not (_CLOCK.fullmatch(start) and _CLOCK.fullmatch(end)) or start in ("24:00", end):
        return None
    begins, ends = _minutes(start), _minutes(end)
    return begins, ends if ends > begins else ends + _MINUTES_A_DAY


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _time(minutes: int) -> dt.time:
    return dt.time(minutes // 60 % 24, minutes % 60)


def _wrong_as_a_week(week: Mapping[int, _Shifts], place: Place) -> Iterator[UserError]:
    """Shifts that overlap another, the week coming round again, and too few of them."""
    spans = sorted(
        (day * _MINUTES_A_DAY + start, day * _MINUTES_A_DAY + end, day) for day in week for start, end in week[day]
    )
    if sum(end - start for start, end, _ in spans) < LEAST_MINUTES:
        yield Invalid("hours_too_few", place, minutes=LEAST_MINUTES)
        return
    first, _, monday = spans[0]
    for (_, end, _), (start, _, day) in pairwise([*spans, (first + _MINUTES_A_WEEK, 0, monday)]):
        if start < end:
            yield Invalid("hours_overlap", (*place, WEEKDAYS[day]))


def _holidays(value: object, place: Place, faults: list[UserError]) -> frozenset[dt.date]:
    days = [(at, _day(item)) for at, item in _list(value, MOST_HOLIDAYS, place, faults)]
    faults.extend(Invalid("day_unreadable", at) for at, day in days if day is None)
    return frozenset(day for _, day in days if day is not None)


def _day(value: object) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
    except ValueError:
        return None
    return day if day and EARLIEST <= day.isoformat() <= LATEST else None
