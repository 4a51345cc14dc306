"""The sums of a quote or an order.

    subtotal = Σ line totals, each rounded
    tax      = Σ over the rates: (the line totals of that rate) × (subtotal − discount) / subtotal × rate / 100, rounded
    total    = subtotal − discount + tax + shipping

A discount on the whole lowers what is taxed at each rate in the proportion of the line totals. Tax is rounded once for
each rate, not for each line: EN 16931-1, rule BR-CO-17 (directive 2014/55/EU, electronic invoices). The cost of delivery is
as given, with any tax in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.services.amounts.lines import PER_CENT, Line, line_total
from app.services.amounts.refusing import impossible, refuse, unstorable
from app.services.amounts.rounding import rounded, stored


@dataclass(frozen=True)
class Tax:
    """The tax at one rate."""

    rate_pct: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Totals:
    """What lines add up to, as it is stored. `line_totals` are in the order of the lines, `taxes` by rate."""

    line_totals: tuple[Decimal, ...]
    subtotal: Decimal
    discount: Decimal
    taxes: tuple[Tax, ...]
    tax: Decimal
    shipping: Decimal
    total: Decimal


def totals(lines: Sequence[Line], discount: Decimal, shipping: Decimal, currency: str) -> Totals:
    """The sums of lines. Raises Refused with everything that cannot be reckoned with, expressed or stored."""
    refuse(impossible(lines, discount, shipping, currency))
    each = tuple(line_total(line, currency) for line in lines)
    subtotal = _sum(each)
    taxes = tuple(_taxes(lines, each, Fraction(discount), currency))
    tax, off, delivery = _sum(part.amount for part in taxes), Fraction(discount), Fraction(shipping)
    total = subtotal - off + tax + delivery
    refuse(unstorable(each, subtotal, off, total))
    return Totals(each, stored(subtotal), stored(off), taxes, stored(tax), stored(delivery), stored(total))


def _sum(amounts: Iterable[Decimal]) -> Fraction:
    return sum(map(Fraction, amounts), Fraction())


def _taxes(lines: Sequence[Line], each: Sequence[Decimal], discount: Fraction, currency: str) -> Iterator[Tax]:
    by_rate: dict[Decimal, Fraction] = defaultdict(Fraction)
    for line, amount in zip(lines, each, strict=True):
        by_rate[line.tax_rate_pct] += Fraction(amount)
    subtotal = sum(by_rate.values(), Fraction())
    taxed = 1 - discount / subtotal if subtotal else Fraction()
    for rate in sorted(by_rate):
        yield Tax(rate, rounded(by_rate[rate] * taxed * Fraction(rate) / PER_CENT, currency))
