"""Masks of days and moments."""

from __future__ import annotations

import sqlalchemy as sa

from policies.masks.mask import Value


def _start(unit: str, value: Value) -> Value:
    """The beginning of the unit that holds a day, or a moment (UTC)."""
    name: Value = sa.literal_column(f"'{unit}'")
    if isinstance(value.type, sa.Date):
        return sa.cast(sa.func.date_trunc(name, sa.cast(value, sa.DateTime())), sa.Date())
    return sa.func.date_trunc(name, value, sa.literal_column("'UTC'"), type_=sa.DateTime(timezone=True))


def month(value: Value, _field: str) -> Value:
    """The first of the same month (UTC)."""
    return _start("month", value)


def year(value: Value, _field: str) -> Value:
    """The first of January of the same year (UTC)."""
    return _start("year", value)
