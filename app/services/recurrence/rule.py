"""What a recurrence rule says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Frequency(StrEnum):
    """The period that a rule counts in. Shorter ones are for machines, not for tasks."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class Nth(NamedTuple):
    """A weekday (Monday is 0): each of them where `ordinal` is 0, else only the nth of the month or year, or nth last."""

    weekday: int
    ordinal: int = 0


@dataclass(frozen=True)
class Rule:
    """A recurrence rule, RFC 5545 section 3.3.10; its parts by the names they have there."""

    frequency: Frequency
    interval: int = 1
    by_month: frozenset[int] = frozenset()
    by_month_day: frozenset[int] = frozenset()
    by_day: frozenset[Nth] = frozenset()
    by_set_pos: frozenset[int] = frozenset()
    week_start: int = 0
    count: int | None = None
    until: dt.date | dt.datetime | None = None
    """The last day, or the last moment: UTC, or on the user's clock where it has no zone."""
