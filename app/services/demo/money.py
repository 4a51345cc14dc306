"""Amounts in hundredths, prices in every currency, and exchange rates by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from uuid import UUID

BASE = "USD"
RATES = {"EUR": 108_000_000, "GBP": 127_000_000, "CAD": 73_000_000, "CNY": 13_900_000, "JPY": 660_000}
"""Hundred-millionths of the base currency for one unit."""
SWING = (0, 35, 80, 110, 60, 10, -40, -95, -120, -70, -30, 15)
"""By how many ten-thousandths a rate differs in each month of the year."""
FIRST_YEAR, LAST_MONTH = 2022, (2026, 11)


@cache
def rate(currency: str, year: int, month: int) -> Decimal:
    """Base currency for one unit in a month."""
    if currency == BASE:
        return Decimal(1)
    drift = (year - FIRST_YEAR) * 40 + SWING[month - 1]
    return Decimal(RATES[currency] * (10_000 + drift) // 10_000).scaleb(-8)


def months() -> list[dt.date]:
    """The first day of each month that has rates."""
    every = [dt.date(year, month, 1) for year in range(FIRST_YEAR, LAST_MONTH[0] + 1) for month in range(1, 13)]
    return [day for day in every if (day.year, day.month) <= LAST_MONTH]


def exchange(currency: str, on: dt.date) -> dict[str, object]:
    """The currency columns of a row whose business date is given."""
    return {"currency": currency, "fx_rate": rate(currency, on.year, on.month), "fx_date": on.replace(day=1)}


def smallest(currency: str) -> int:
    """The smallest amount in use, in hundredths."""
    return 100 if currency == "JPY" else 1


def share_of(hundredths: int, ten_thousandths: int, currency: str) -> int:
    """A share of an amount, rounded half up to what the currency can express."""
    unit = smallest(currency)
    return (hundredths * ten_thousandths * 2 + 10_000 * unit) // (20_000 * unit) * unit


def amount(hundredths: int) -> Decimal:
    """As it is stored."""
    return Decimal(hundredths).scaleb(-2)


@dataclass(frozen=True, slots=True)
class Product:
    """Something to sell; `price` in hundredths of the base currency."""

    id: UUID
    name: str
    category: str
    price: int

    def price_in(self, currency: str) -> int:
        """The price in hundredths of a currency."""
        return _price(self.price, currency)


@cache
def _price(base: int, currency: str) -> int:
    if currency == BASE:
        return base
    unit = smallest(currency)
    return max(unit, base * 100_000_000 // RATES[currency] // unit * unit)


@dataclass(frozen=True, slots=True)
class Item:
    """A line before it is a row; amounts in hundredths, percentages whole."""

    product: Product
    quantity: int
    price: int
    discount: int
    total: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a quote or an order, in hundredths."""

    subtotal: int
    discount: int
    tax: int
    shipping: int

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.subtotal - self.discount + self.tax + self.shipping

    def columns(self) -> dict[str, object]:
        """As they are stored."""
        return {
            "subtotal": amount(self.subtotal),
            "discount": amount(self.discount),
            "tax": amount(self.tax),
            "shipping": amount(self.shipping),
            "total": amount(self.total),
        }


def item(product: Product, quantity: int, discount: int, currency: str) -> Item:
    """A line at the list price less a discount in per cent."""
    price = product.price_in(currency)
    return Item(product, quantity, price, discount, share_of(quantity * price, (100 - discount) * 100, currency))


def add_up(items: Sequence[Item], discount: int, tax: int, shipping: int, currency: str) -> Totals:
    """The sums of lines: a discount in per cent on the whole, then tax in ten-thousandths, then shipping."""
    subtotal = sum(line.total for line in items)
    off = share_of(subtotal, discount * 100, currency)
    return Totals(subtotal, off, share_of(subtotal - off, tax, currency), shipping)
