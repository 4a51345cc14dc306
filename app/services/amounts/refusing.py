"""What cannot be added up, and sums that cannot be stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from app.services.amounts.lines import Line
from app.services.amounts.rounding import MOST, SCALE, decimals, places
from app.services.errors import Invalid, Place, Refused, UserError

_ALL = Decimal(100)


def refuse(faults: Iterable[UserError]) -> None:
    """Raises Refused where there are any."""
    if found := list(faults):
        raise Refused(found)


def impossible(lines: Sequence[Line], discount: Decimal, shipping: Decimal, currency: str) -> Iterator[UserError]:
    """What is no amount, and amounts that the currency does not have."""
    for number, line in enumerate(lines):
        place = ("lines", str(number))
        yield from _outside(line.quantity, MOST, 3, (*place, "quantity"))
        yield from _outside(line.unit_price, MOST, SCALE, (*place, "unitPrice"))
        yield from _outside(line.discount_pct, _ALL, 2, (*place, "discountPct"))
        yield from _outside(line.tax_rate_pct, _ALL, 2, (*place, "taxRatePct"))
    yield from _outside(discount, MOST, places(currency), ("discount",))
    yield from _outside(shipping, MOST, places(currency), ("shipping",))


def _outside(value: Decimal, most: Decimal, scale: int, place: Place) -> Iterator[UserError]:
    if not value.is_finite():
        yield Invalid("no_number", place)
    elif value < 0:
        yield Invalid("too_small", place, min=0)
    elif value > most:
        yield Invalid("too_great", place, max=most)
    elif decimals(value) > scale:
        yield Invalid("too_many_decimals", place, scale=scale)


def unstorable(each: Sequence[Decimal], subtotal: Fraction, discount: Fraction, total: Fraction) -> Iterator[UserError]:
    """Sums that are too great, and a discount of more than there is."""
    great = [number for number, amount in enumerate(each) if amount > MOST]
    yield from (Invalid("too_great", ("lines", str(number), "lineTotal"), max=MOST) for number in great)
    if discount > subtotal:
        yield Invalid("exceeds", ("discount",), other="subtotal")
    elif not great and max(subtotal, total) > Fraction(MOST):
        yield Invalid("too_great", ("total",), max=MOST)
