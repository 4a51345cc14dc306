"""How much open time lies between two moments, and when so much will have passed.

Time is counted as it passes, not as the clock shows it: a shift in which the clock is put forward is an hour shorter.
Both go day by day within a year, and year by year beyond it, so that work is bounded whatever the moments are.
"""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from app.services.calendars.calendar import DAY, FIRST, LAST, BusinessCalendar
from app.services.errors import Invalid
from app.services.values.times import FIRST_DAY, LAST_DAY, LAST_MOMENT

_NONE, _SECOND = dt.timedelta(), dt.timedelta(seconds=1)

_LOCAL, _RULED = 1800, 2100
"""No zone changed its clock before the one; after the other each does so by a yearly rule."""


def due(calendar: BusinessCalendar, opened_at: dt.datetime, business_seconds: int) -> dt.datetime:
    """The first moment, in open hours or at their end, when so many open seconds (0 or more) have passed; UTC.

    Raises Invalid where that is later than can be stored.
    """
    return after(calendar, opened_at, business_seconds * _SECOND)


def business_seconds_between(calendar: BusinessCalendar, since: dt.datetime, until: dt.datetime) -> int:
    """The whole open seconds between two moments; none where they are not in this order."""
    return open_between(calendar, since, until) // _SECOND


def after(calendar: BusinessCalendar, since: dt.datetime, span: dt.timedelta) -> dt.datetime:
    """`due`, to the microsecond."""
    since, today = since.astimezone(dt.UTC), calendar.day_of(since)
    day, left = max(today - DAY, FIRST), span
    while day <= LAST:
        if day > today and _begins_a_year(day) and (whole := _open_in(calendar, day.year)) < left:
            left, day = left - whole, day.replace(year=day.year + 1)
            continue
        for opens, closes in calendar.shifts(day):
            begins = max(opens, since)
            if begins <= closes and left <= closes - begins:
                return _storable(begins + left)
            left -= max(closes - begins, _NONE)
        day += DAY
    raise _too_far()


def open_between(calendar: BusinessCalendar, since: dt.datetime, until: dt.datetime) -> dt.timedelta:
    """`business_seconds_between`, to the microsecond."""
    first, last = calendar.day_of(since), calendar.day_of(until)
    years = range(first.year + 1, (last - DAY).year)
    days: Iterable[dt.date] = _days(first - DAY, last)
    if years:
        days = chain(_days(first - DAY, _last_of(first.year)), _days(_last_of(years[-1]) + DAY, last))
    spans = (min(closes, until) - max(opens, since) for day in days for opens, closes in calendar.shifts(day))
    whole = (_open_in(calendar, year) for year in years)
    return sum(whole, sum((span for span in spans if span > _NONE), _NONE))


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return map(dt.date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _begins_a_year(day: dt.date) -> bool:
    """Whether a day is the first of a year that can be counted to its end."""
    return day.month == day.day == 1 and day.year < LAST.year


def _last_of(year: int) -> dt.date:
    return dt.date(year, 12, 31)


def _storable(moment: dt.datetime) -> dt.datetime:
    if moment > LAST_MOMENT:
        raise _too_far()
    return moment


def _too_far() -> Invalid:
    return Invalid("beyond_calendar", min=FIRST_DAY, max=LAST_DAY)


def _open_in(calendar: BusinessCalendar, year: int) -> dt.timedelta:
    """The length of the shifts that begin in a year."""
    if _LOCAL <= year <= _RULED or any(day.year == year for day in calendar.holidays):
        return _sum_of(calendar, year)
    return _sum_of(replace(calendar, holidays=frozenset()), _ALIKE[year > _RULED, _shape(year)])


@lru_cache(maxsize=4096)
def _sum_of(calendar: BusinessCalendar, year: int) -> dt.timedelta:
    days = _days(dt.date(year, 1, 1), _last_of(year))
    return sum((closes - opens for day in days for opens, closes in calendar.shifts(day)), _NONE)


def _shape(year: int) -> tuple[int, bool]:
    return gregorian.weekday(year, 1, 1), gregorian.isleap(year)


_ALIKE = {
    (later, _shape(year)): year
    for later, start in ((False, _LOCAL - 28), (True, _RULED + 1))
    for year in range(start, start + 28)
}
"""For each shape of a year before or after all that is known of clocks, one that has it: every 28 years all come."""
