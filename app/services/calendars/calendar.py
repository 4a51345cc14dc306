"""A region's open hours, and the shifts that a day has by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from zoneinfo import ZoneInfo

from app.services.calendars.clocks import moment
from app.services.values.times import FIRST_DAY, LAST_DAY

DAY = dt.timedelta(days=1)
FIRST, LAST = FIRST_DAY, LAST_DAY - DAY
"""The days whose shifts begin and end within what can be computed, in any zone."""

Hours: TypeAlias = tuple[tuple[dt.time, dt.time], ...]
"""Shifts of a weekday by the clock on the wall, in order. One that does not end later than it begins ends on the next day."""

Shift: TypeAlias = tuple[dt.datetime, dt.datetime]
"""From when to when we are open, UTC."""


@dataclass(frozen=True)
class BusinessCalendar:
    """When a region is open: `hours` by weekday (Monday is 0), of which none overlap, but for `holidays`.

    A shift belongs to the day on which it begins: that of the night before a holiday is worked to its end.
    """

    zone: ZoneInfo
    hours: Mapping[int, Hours] = field(hash=False)
    holidays: frozenset[dt.date] = frozenset()

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The day that it is here at a moment."""
        return moment.astimezone(self.zone).date()

    def shifts(self, day: dt.date) -> Iterator[Shift]:
        """The shifts that begin on a day, in order, without those that fall wholly into time that the clock skips."""
        if day in self.holidays or not FIRST <= day <= LAST:
            return
        for start, end in self.hours.get(day.weekday(), ()):
            opens, closes = self._at(day, start), self._at(day if end > start else day + DAY, end)
            if opens < closes:
                yield opens, closes

    def _at(self, day: dt.date, time: dt.time) -> dt.datetime:
        return moment(dt.datetime.combine(day, time), self.zone)


AROUND_THE_CLOCK = BusinessCalendar(ZoneInfo("UTC"), dict.fromkeys(range(7), ((dt.time(), dt.time()),)))
"""Open at all times."""
