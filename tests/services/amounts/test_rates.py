"""The exchange rate of a day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import permutations

import pytest

from app.services.amounts import Rate, rate_on


def rate(day: int, value: str, currency: str = "EUR", base: str = "USD") -> Rate:
    return Rate(currency, base, dt.date(2026, 11, day), Decimal(value))


RATES = [rate(1, "1.08"), rate(10, "1.09"), rate(20, "1.10"), rate(15, "1.27", "GBP"), rate(12, "0.85", "EUR", "GBP")]


@pytest.mark.parametrize(
    ("currency", "base", "day", "expected"),
    [
        ("EUR", "USD", dt.date(2026, 10, 31), None),
        ("EUR", "USD", dt.date(2026, 11, 1), "1.08"),
        ("EUR", "USD", dt.date(2026, 11, 9), "1.08"),
        ("EUR", "USD", dt.date(2026, 11, 10), "1.09"),
        ("EUR", "USD", dt.date(2026, 11, 19), "1.09"),
        ("EUR", "USD", dt.date(2030, 1, 1), "1.10"),
        ("GBP", "USD", dt.date(2026, 11, 19), "1.27"),
        ("EUR", "GBP", dt.date(2026, 11, 19), "0.85"),
        ("GBP", "EUR", dt.date(2026, 11, 19), None),
        ("USD", "EUR", dt.date(2026, 11, 19), None),
        ("CHF", "USD", dt.date(2026, 11, 19), None),
    ],
)
def test_the_latest_rate_that_is_not_in_the_future_counts(
    currency: str, base: str, day: dt.date, expected: str | None
) -> None:
    for rates in permutations(RATES):
        found = rate_on(rates, currency, base, day)
        assert (found and found.rate) == (Decimal(expected) if expected else None)


def test_a_currency_costs_one_of_itself() -> None:
    day = dt.date(2026, 11, 19)
    assert rate_on([], "USD", "USD", day) == Rate("USD", "USD", day, Decimal(1))
