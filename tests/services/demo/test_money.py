"""Prices, shares and sums in hundredths."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from app.services.demo.money import Product, add_up, exchange, item, share_of

PRODUCT = Product(UUID(int=1), "Chair", "/furniture/chairs/", 329_00)


@pytest.mark.parametrize(
    ("hundredths", "share", "currency", "result"),
    [
        (100_00, 2_000, "USD", 20_00),
        (1, 5_000, "USD", 1),
        (1, 4_999, "USD", 0),
        (12_345, 825, "USD", 1_018),
        (100_00, 1_000, "JPY", 10_00),
        (150_00, 1_000, "JPY", 15_00),
        (155_00, 1_000, "JPY", 16_00),
        (154_00, 1_000, "JPY", 15_00),
    ],
)
def test_a_share_is_rounded_half_up_to_what_the_currency_expresses(
    hundredths: int, share: int, currency: str, result: int
) -> None:
    assert share_of(hundredths, share, currency) == result


def test_a_price_in_yen_is_whole() -> None:
    assert item(PRODUCT, 3, 5, "JPY").price % 100 == 0
    assert item(PRODUCT, 3, 5, "JPY").total % 100 == 0


def test_totals_add_up() -> None:
    totals = add_up([item(PRODUCT, 2, 10, "USD"), item(PRODUCT, 1, 0, "USD")], 3, 2_000, 10_00, "USD")
    assert (totals.subtotal, totals.discount, totals.tax, totals.shipping) == (92_120, 2_764, 17_871, 1_000)
    assert totals.total == 92_120 - 2_764 + 17_871 + 1_000


def test_the_rate_is_that_of_the_month() -> None:
    assert exchange("EUR", dt.date(2026, 11, 20)) == {
        "currency": "EUR",
        "fx_rate": Decimal("1.0940400"),
        "fx_date": dt.date(2026, 11, 1),
    }
    assert exchange("USD", dt.date(2026, 11, 20))["fx_rate"] == 1
