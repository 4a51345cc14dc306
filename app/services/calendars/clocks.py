"""What a clock on the wall shows, as a moment."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

_SECOND = dt.timedelta(seconds=1)


def moment(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first moment (UTC) at which a zone's clock has come as far as a local time.

    A time shown twice, where the clock is put back, is its first showing; a time never shown, where the clock is put
    forward, is the moment of the change. So moments are in the order of their local times, whatever the clock does.
    """
    before = local.replace(tzinfo=zone, fold=0).utcoffset() or dt.timedelta()
    behind = local.replace(tzinfo=zone, fold=1).utcoffset() or dt.timedelta()
    if before >= behind:
        return (local - before).replace(tzinfo=dt.UTC)
    return _change(local - behind, local - before, zone)


def _change(low: dt.datetime, high: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment between two, to the second, from which on the clock has the offset of the later."""
    offset = _offset(high, zone)
    while high - low > _SECOND:
        middle = low + ((high - low) // 2 // _SECOND) * _SECOND
        low, high = (low, middle) if _offset(middle, zone) == offset else (middle, high)
    return high.replace(tzinfo=dt.UTC)


def _offset(utc: dt.datetime, zone: ZoneInfo) -> dt.timedelta | None:
    return utc.replace(tzinfo=dt.UTC).astimezone(zone).utcoffset()
