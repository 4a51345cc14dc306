"""When a task that repeats is due next."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from app.services.calendars import moment
from app.services.recurrence.days import days_after
from app.services.recurrence.rule import Rule
from app.services.values.times import LAST_MOMENT


def next_after(rule: Rule, due_at: dt.datetime, zone: ZoneInfo, *, all_day: bool, done: int) -> dt.datetime | None:
    """When a task is due after having been due at a time (UTC); None where it is not, or not within 40 years.

    `zone` is the user's: the clock there shows the same time again, and days are days there. A time that the clock skips
    is what it would have been without the change, one that it shows twice is the first (RFC 5545 section 3.3.5); the
    skipped one then stays an hour later, for what is stored is the moment. A task for the day is due when the day begins.
    `done` is how often the task has been due, this time included.
    """
    if rule.count is not None and done >= rule.count:
        return None
    local = due_at.astimezone(zone)
    for day in days_after(rule, local.date()):
        clock = dt.datetime.combine(day, dt.time() if all_day else local.time().replace(fold=0))
        found = moment(clock, zone) if all_day else clock.replace(tzinfo=zone).astimezone(dt.UTC)
        return found if found <= LAST_MOMENT and _before_end(rule, clock, found) else None
    return None


def _before_end(rule: Rule, clock: dt.datetime, found: dt.datetime) -> bool:
    until = rule.until
    if until is None:
        return True
    if not isinstance(until, dt.datetime):
        return clock.date() <= until
    return (found if until.tzinfo else clock) <= until
