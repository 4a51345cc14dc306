"""What is paid back where lines of an order come back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from app.services.amounts.lines import Line, line_total
from app.services.amounts.rounding import rounded
from app.services.amounts.totals import totals

NOTHING = Decimal(0)


def refund(lines: Sequence[Line], kept: Sequence[Decimal], discount: Decimal, currency: str) -> Decimal:
    """What lines cost, less what they cost with the quantities that are kept, tax included; delivery is not paid back.

    A discount on the whole is shared in proportion: it stays with what is kept. Where all comes back all is paid back.
    """
    rest = [line._replace(quantity=quantity) for line, quantity in zip(lines, kept, strict=True)]
    whole, left = (sum((Fraction(line_total(line, currency)) for line in each), Fraction()) for each in (lines, rest))
    share = rounded(Fraction(discount) * left / whole, currency) if whole else NOTHING
    cost = totals(lines, discount, NOTHING, currency).total
    return max(cost - totals(rest, share, NOTHING, currency).total, NOTHING)
