"""Orders of three customers, in two currencies, at both sides of a month's end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, opportunity, order, order_line, product, stage, store

RATES = {"EUR": Decimal(1), "USD": Decimal("0.9")}


@dataclass(frozen=True, repr=False)
class Scene:
    """Customers a (the representative's) and b (the colleague's) are German, c is French."""

    a: Row
    b: Row
    c: Row
    product: Row


def priced(currency: str, rate: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 a test's table is plainer so
    """Currency and rate of a row."""
    found: dict[str, Any] = {"currency": currency}
    return {**found, "fx_rate": RATES[currency], "fx_date": dt.date(2026, 1, 1)} if rate else found


def at(day: str, time: str = "12:00") -> dt.datetime:
    """A moment in UTC."""
    return dt.datetime.fromisoformat(f"{day}T{time}+00:00")


@pytest.fixture(scope="module")
async def scene(writer: asyncpg.Connection, company: Company) -> Scene:
    """
    Orders: a 100 EUR (31 January, late), a 50 USD = 45 EUR (10 February), b 30 EUR (11 February, a draft),
    c 7 EUR without a rate (31 March, a draft).
    Deals: a 1000 EUR won, a 500 USD = 450 EUR open, b 20 EUR won, c 4 EUR won.
    """
    germany = {"region": company.germany, "department": company.sales}
    a = customer("a", owner=company.rep, tier="KEY", **germany)
    b = customer("b", owner=company.colleague, tier="STANDARD", **germany)
    c = customer("c", tier="STANDARD", region=company.france)
    thing = product("lamp", category_path="/light/lamps/")
    won, open_ = stage("WON", 2, outcome="WON"), stage("OPEN", 1)
    await store(writer, a, b, c, thing, won, open_)
    first = order(a, status="FULFILLED", total=Decimal(100), ordered_at=at("2026-01-31", "23:30"), **priced("EUR"))
    await store(
        writer,
        first,
        order(a, status="FULFILLED", total=Decimal(50), ordered_at=at("2026-02-10"), **priced("USD")),
        order(b, total=Decimal(30), ordered_at=at("2026-02-11"), **priced("EUR")),
        order(c, total=Decimal(7), ordered_at=at("2026-03-31"), **priced("EUR", rate=False)),
        order_line(first, product=thing, product_category_path="/light/lamps/", quantity=Decimal(3), position=1),
        order_line(first, product_category_path="/light/bulbs/", quantity=Decimal("0.5"), position=2),
        order_line(first, quantity=Decimal(2), position=3),
    )
    for of, where, amount, currency in (
        (a, won, 1000, "EUR"),
        (a, open_, 500, "USD"),
        (b, won, 20, "EUR"),
        (c, won, 4, "EUR"),
    ):
        await store(writer, opportunity(of, where, amount=Decimal(amount), **priced(currency)))
    return Scene(a, b, c, thing)
