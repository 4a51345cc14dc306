"""The days that a rule names: those of every nth period that fit it, and of these the places that are asked for.

`dateutil.rrule` names the same days (the tests hold it), but goes on to the year 9999 where none fits, for which it
takes up to 15 seconds. Here the work is bounded by the years that are looked at.
"""

from __future__ import annotations

import datetime as dt
from calendar import isleap, monthrange
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from app.services.recurrence.rule import Frequency, Nth, Rule
from app.services.values.times import LAST_DAY

YEARS = 40
"""How far is looked ahead: so long 29 February may take to fall on the same weekday again."""

_WEEK = 7
_IN_A_YEAR = {Frequency.DAILY: 366, Frequency.WEEKLY: 53, Frequency.MONTHLY: 12, Frequency.YEARLY: 1}
"""Periods of a year, at most."""


def days_after(rule: Rule, first: dt.date) -> Iterator[dt.date]:
    """The days after a first one that a rule names, in order; what the rule leaves open is as on the first."""
    rule = _completed(rule, first)
    for period in _periods(rule, first):
        fitting = [day for day in map(dt.date.fromordinal, period) if _fits(rule, day)]
        yield from (day for day in _placed(rule, fitting) if day > first)


def _completed(rule: Rule, first: dt.date) -> Rule:
    """A rule with what it leaves open taken from the first day."""
    if rule.by_day or rule.by_month_day or rule.frequency is Frequency.DAILY:
        return rule
    if rule.frequency is Frequency.WEEKLY:
        return replace(rule, by_day=frozenset([Nth(first.weekday())]))
    if rule.frequency is Frequency.YEARLY and not rule.by_month:
        rule = replace(rule, by_month=frozenset([first.month]))
    return replace(rule, by_month_day=frozenset([first.day]))


def _periods(rule: Rule, first: dt.date) -> Iterator[range]:
    """Every nth period from that of the first day on, in days since the year 1, as far as is looked ahead."""
    years = min(YEARS, LAST_DAY.year - first.year)
    steps = range(0, years * _IN_A_YEAR[rule.frequency] + 1, rule.interval)
    periods = (_period(rule, first, step) for step in steps)
    return takewhile(lambda period: period.stop <= LAST_DAY.toordinal(), periods)


def _period(rule: Rule, first: dt.date, step: int) -> range:
    """The days of the period that comes so many after that of the first day."""
    match rule.frequency:
        case Frequency.DAILY:
            return _days(first.toordinal() + step, 1)
        case Frequency.WEEKLY:
            return _days(first.toordinal() - (first.weekday() - rule.week_start) % _WEEK + step * _WEEK, _WEEK)
        case Frequency.MONTHLY:
            year, month = divmod(first.year * 12 + first.month - 1 + step, 12)
            return _days(dt.date(year, month + 1, 1).toordinal(), monthrange(year, month + 1)[1])
        case Frequency.YEARLY:
            year = first.year + step
            return _days(dt.date(year, 1, 1).toordinal(), 365 + isleap(year))


def _days(start: int, length: int) -> range:
    return range(max(start, 1), start + length)


def _fits(rule: Rule, day: dt.date) -> bool:
    return (
        (not rule.by_month or day.month in rule.by_month)
        and (not rule.by_month_day or _is_month_day(rule, day))
        and (not rule.by_day or _is_weekday(rule, day))
    )


def _is_month_day(rule: Rule, day: dt.date) -> bool:
    return day.day in rule.by_month_day or day.day - _month(day) - 1 in rule.by_month_day


def _is_weekday(rule: Rule, day: dt.date) -> bool:
    """Whether it is one of the weekdays; those that are counted are counted in the month if the rule has months."""
    if Nth(day.weekday()) in rule.by_day:
        return True
    monthly = rule.frequency is Frequency.MONTHLY or rule.by_month
    place, length = (day.day, _month(day)) if monthly else (day.timetuple().tm_yday, 365 + isleap(day.year))
    ordinals = (place - 1) // _WEEK + 1, -((length - place) // _WEEK + 1)
    return any(Nth(day.weekday(), ordinal) in rule.by_day for ordinal in ordinals)


def _month(day: dt.date) -> int:
    return monthrange(day.year, day.month)[1]


def _placed(rule: Rule, days: Sequence[dt.date]) -> Sequence[dt.date]:
    """Of a period's days those at the places that a rule asks for, counted from its beginning or its end."""
    if not rule.by_set_pos:
        return days
    count = len(days)
    return [day for place, day in enumerate(days) if {place + 1, place - count} & rule.by_set_pos]
