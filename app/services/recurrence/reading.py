"""The text of a recurrence rule, RFC 5545 section 3.3.10, as far as tasks have a use for it.

FREQ from DAILY to YEARLY, INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST, and COUNT or UNTIL.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.models.columns import LINE
from app.services.errors import Invalid, Refused, UserError
from app.services.recurrence.rule import Frequency, Nth, Rule
from app.services.values.times import day, moment

PLACE = ("recurrence",)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_APART = {Frequency.DAILY: 3_660, Frequency.WEEKLY: 520, Frequency.MONTHLY: 120, Frequency.YEARLY: 10}
"""The greatest interval: ten years."""
MOST_TIMES = 9_999

_LEAP_YEAR = 2000
_MOST_DAYS = {Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.MONTHLY: 31, Frequency.YEARLY: 366}
_nth = re.compile(rf"([+-]?[0-9]{{1,2}})?({'|'.join(WEEKDAYS)})").fullmatch
_number = re.compile("[+-]?[0-9]{1,4}").fullmatch
_until = re.compile("([0-9]{8})(?:T([0-9]{6})(Z?))?").fullmatch


def read_rule(text: str) -> Rule:
    """What a rule says. Raises Refused with everything that is wrong with it."""
    if len(text) > LINE:
        raise Refused([Invalid("too_long", PLACE, max=LINE)])
    faults: list[UserError] = []
    found = _values(text.strip().upper().removeprefix("RRULE:"), faults)
    rule = Rule(**found) if "frequency" in found else None
    if rule is not None:
        faults.extend(_wrong(rule))
    elif all(fault.params["part"] != "FREQ" for fault in faults):
        faults.append(Invalid("rule_without_frequency", PLACE, options=tuple(Frequency)))
    if faults or rule is None:
        raise Refused(faults)
    return rule


def _values(text: str, faults: list[UserError]) -> Mapping[str, Any]:
    """The values of a rule's parts, by the names they have in Rule."""
    found: dict[str, Any] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS:
            faults.append(Invalid("rule_part_unknown", PLACE, part=name, options=tuple(_PARTS)))
            continue
        field, read = _PARTS[name]
        if field in found:
            faults.append(Invalid("rule_part_twice", PLACE, part=name))
        try:
            found[field] = read(value)
        except (Invalid, ValueError):
            faults.append(Invalid("rule_part_wrong", PLACE, part=name))
    return found


def _integer(text: str, least: int, most: int) -> int:
    if not _number(text) or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def _positive(most: int) -> Callable[[str], int]:
    return lambda text: _integer(text, 1, most)


def _places(most: int) -> Callable[[str], frozenset[int]]:
    """Places counted from the beginning, or from the end where they are negative."""

    def read(text: str) -> frozenset[int]:
        found = frozenset(_integer(each, -most, most) for each in text.split(","))
        if 0 in found:
            raise ValueError(text)
        return found

    return read


def _months(text: str) -> frozenset[int]:
    return frozenset(_integer(each, 1, 12) for each in text.split(","))


def _weekdays(text: str) -> frozenset[Nth]:
    return frozenset(map(_weekday, text.split(",")))


def _weekday(text: str) -> Nth:
    """A weekday, or the nth of them: `FR`, `2FR`, `-1FR`."""
    form = _nth(text)
    if form is None or (form[1] and not 1 <= abs(int(form[1])) <= 53):
        raise ValueError(text)
    return Nth(WEEKDAYS.index(form[2]), int(form[1] or 0))


def _end(text: str) -> dt.date | dt.datetime:
    """The last day, or the last time, with Z in UTC."""
    form = _until(text)
    if form is None:
        raise ValueError(text)
    last = day(dt.date.fromisoformat(form[1]))
    if form[2] is None:
        return last
    time = dt.datetime.combine(last, dt.time.fromisoformat(form[2]))
    return moment(time.replace(tzinfo=dt.UTC)) if form[3] else time


_PARTS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "FREQ": ("frequency", Frequency),
    "INTERVAL": ("interval", _positive(max(MOST_APART.values()))),
    "BYMONTH": ("by_month", _months),
    "BYMONTHDAY": ("by_month_day", _places(31)),
    "BYDAY": ("by_day", _weekdays),
    "BYSETPOS": ("by_set_pos", _places(366)),
    "WKST": ("week_start", WEEKDAYS.index),
    "COUNT": ("count", _positive(MOST_TIMES)),
    "UNTIL": ("until", _end),
}


def _wrong(rule: Rule) -> Iterator[UserError]:
    """What is wrong with parts that are right by themselves."""
    most = MOST_APART[rule.frequency]
    if rule.interval > most:
        yield Invalid("rule_too_far_apart", PLACE, max=most, frequency=rule.frequency)
    if rule.count is not None and rule.until is not None:
        yield Invalid("rule_ends_twice", PLACE)
    if rule.by_month_day and rule.frequency is Frequency.WEEKLY:
        yield _misplaced("BYMONTHDAY", rule)
    if rule.by_set_pos and not (rule.by_day or rule.by_month_day or rule.by_month):
        yield _misplaced("BYSETPOS", rule)
    most = _most_ordinal(rule)
    if any(abs(nth.ordinal) > most for nth in rule.by_day):
        yield _misplaced("BYDAY", rule)
    if _never(rule):
        yield Invalid("rule_never_due", PLACE)


def _misplaced(part: str, rule: Rule) -> Invalid:
    return Invalid("rule_part_misplaced", PLACE, part=part, frequency=rule.frequency)


def _most_ordinal(rule: Rule) -> int:
    """How many of a weekday the period has in which they are counted."""
    if rule.frequency is Frequency.YEARLY and not rule.by_month:
        return 53
    return 5 if rule.frequency in (Frequency.MONTHLY, Frequency.YEARLY) else 0


def _never(rule: Rule) -> bool:
    """Whether a rule asks for days that no month has, or for a place that no period has."""
    longest = max(monthrange(_LEAP_YEAR, month)[1] for month in rule.by_month or range(1, 13))
    impossible_day = rule.by_month_day and all(abs(each) > longest for each in rule.by_month_day)
    impossible_place = rule.by_set_pos and all(abs(each) > _MOST_DAYS[rule.frequency] for each in rule.by_set_pos)
    return bool(impossible_day or impossible_place)
