"""Masks of numbers. Both cut towards zero, so that a bucket can be told from two digits, and a cut fits its column."""

from __future__ import annotations

import sqlalchemy as sa

from policies.masks.mask import Value, literal, number


def _leading(value: Value, digits: int) -> Value:
    """The value cut to its first digits that are not zero."""
    exact: Value = sa.cast(value, sa.Numeric())
    size = sa.func.abs(exact)
    whole = sa.func.length(sa.cast(sa.func.trunc(size), sa.Text()))
    fraction = sa.func.split_part(sa.cast(size, sa.Text()), literal("."), number(2))
    zeros = sa.func.length(fraction) - sa.func.length(sa.func.ltrim(fraction, literal("0")))
    kept = sa.case((size >= number(1), number(digits) - whole), else_=number(digits) + zeros)
    return sa.func.trunc(exact, kept)


def round2(value: Value, _field: str) -> Value:
    """The first two digits: 1234.5 → 1200, 0.0567 → 0.056."""
    return sa.cast(_leading(value, 2), value.type)


def bucket(value: Value, _field: str) -> Value:
    """The power of ten below: 1234.5 → 1000, 0.0567 → 0.01; of less than nothing above: -42 → -10."""
    one = _leading(value, 1)
    digit = sa.func.ltrim(
        sa.func.translate(sa.cast(sa.func.abs(one), sa.Text()), literal("."), literal("")), literal("0")
    )
    first = sa.cast(sa.func.left(digit, number(1)), sa.Numeric())
    power = sa.case((one == number(0), one), else_=one / sa.func.nullif(first, number(0)))
    return sa.cast(power, value.type)
