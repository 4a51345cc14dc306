"""Amounts as a currency can express them.

All arithmetic is in fractions and so exact, whatever the context of decimals is; each amount is rounded once, half up, as
commerce does (DIN 1333) and PostgreSQL's `round(numeric)`, by which the amounts in the base currency are computed.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import takewhile
from math import floor

from babel.numbers import get_currency_precision

SCALE = 4
"""Decimals of a stored amount."""
MOST = Decimal("999999999999999.9999")
"""The greatest amount that can be stored, NUMERIC(19, 4)."""

_HALF = Fraction(1, 2)


def places(currency: str) -> int:
    """How many decimals a currency's amounts have in use (CLDR); at most as many as are stored."""
    return min(get_currency_precision(currency), SCALE)


def rounded(amount: Fraction, currency: str) -> Decimal:
    """An amount of zero or more to the currency's smallest unit, a half upwards, with the decimals that are stored."""
    unit = 10 ** places(currency)
    return stored(Fraction(floor(amount * unit + _HALF), unit))


def stored(amount: Fraction) -> Decimal:
    """An amount of no more decimals than are stored, with all of them."""
    return Decimal(f"{floor(amount * 10**SCALE)}E-{SCALE}")


def decimals(amount: Decimal) -> int:
    """How many decimals a finite number has, without zeros at its end."""
    _, digits, exponent = amount.as_tuple()
    if not amount or not isinstance(exponent, int):
        return 0
    zeros = sum(1 for _ in takewhile(lambda digit: digit == 0, reversed(digits)))
    return max(-exponent - zeros, 0)
