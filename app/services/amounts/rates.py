"""The exchange rate of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple


class Rate(NamedTuple):
    """What one unit of a currency costs in another, as of a day."""

    currency: str
    base_currency: str
    rate_date: dt.date
    rate: Decimal


def rate_on(rates: Iterable[Rate], currency: str, base: str, day: dt.date) -> Rate | None:
    """The latest rate of a currency that was known on a day; None where there was none yet. A currency costs one of itself."""
    if currency == base:
        return Rate(currency, base, day, Decimal(1))
    known = (one for one in rates if (one.currency, one.base_currency) == (currency, base) and one.rate_date <= day)
    return max(known, key=lambda one: one.rate_date, default=None)
