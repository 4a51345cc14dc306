"""Days and moments, within what is stored."""

from __future__ import annotations

import datetime as dt

from app.models.columns import EARLIEST, LATEST
from app.services.errors import Invalid

FIRST_DAY, LAST_DAY = dt.date.fromisoformat(EARLIEST), dt.date.fromisoformat(LATEST)
FIRST_MOMENT, LAST_MOMENT = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (FIRST_DAY, LAST_DAY))


def day(value: object) -> dt.date:
    """A calendar day."""
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise Invalid("no_day")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise Invalid("beyond_calendar", min=FIRST_DAY, max=LAST_DAY)
    return value


def moment(value: object) -> dt.datetime:
    """A moment, in UTC."""
    if not isinstance(value, dt.datetime):
        raise Invalid("no_moment")
    if value.utcoffset() is None:
        raise Invalid("no_zone")
    if not FIRST_MOMENT <= value <= LAST_MOMENT:
        raise Invalid("beyond_calendar", min=FIRST_DAY, max=LAST_DAY)
    return value.astimezone(dt.UTC)
