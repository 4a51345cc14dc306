"""A line of a quote or an order, and its total."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from app.services.amounts.rounding import rounded

PER_CENT = 100


class Line(NamedTuple):
    """What a line's amount is made of; percentages from 0 to 100, the others zero or more."""

    quantity: Decimal
    unit_price: Decimal
    discount_pct: Decimal = Decimal(0)
    tax_rate_pct: Decimal = Decimal(0)


def line_total(line: Line, currency: str) -> Decimal:
    """quantity × unit price × (1 − discount / 100), before tax, rounded to the currency's smallest unit."""
    kept = 1 - Fraction(line.discount_pct) / PER_CENT
    return rounded(Fraction(line.quantity) * Fraction(line.unit_price) * kept, currency)
