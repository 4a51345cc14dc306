"""Periods and time zones: what analyses are asked for, mostly such as there are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.leaks.operations.drafts import Draft
from tests.leaks.operations.values import BOUNDS

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu", "Pacific/Kiritimati")


def zone(draft: Draft) -> str:
    """The name of a time zone."""
    return draft.rng.choice(("Mars/Olympus", "", "utc", "'")) if draft.faulty else draft.rng.choice(ZONES)


def period(draft: Draft) -> dict[str, Any]:
    """All of time, some years around a moment that a row has, or the days between two of them."""
    if draft.chance(0.5):
        return {"from": "0001-01-02", "to": "9999-12-30"}
    first, last = sorted((_day(draft), _day(draft)))
    if draft.chance(0.6):
        last = f"{min(int(first[:4]) + draft.rng.choice((0, 1, 9)), 9999):04}-12-31"
    return {"from": last, "to": first} if draft.faulty and draft.chance(0.3) else {"from": first, "to": last}


def _day(draft: Draft) -> str:
    """A day of some row."""
    pools = [pool for pool in draft.values.pools.values() if pool.every]
    for _ in range(10 if pools else 0):
        found = draft.rng.choice(pools).draw(draft.rng)
        try:
            return dt.date.fromisoformat(str(found)[:10]).isoformat()
        except ValueError:
            continue
    return str(draft.rng.choice(BOUNDS["Date"]))
