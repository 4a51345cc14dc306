"""Deals of a small company, and what the analyses should make of them, computed in Python."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import asyncpg

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, opportunity, product, stage, store

STAGES = {
    "PROSPECTING": ("OPEN", "PIPELINE", "10"),
    "PROPOSAL": ("OPEN", "BEST_CASE", "33.33"),
    "LIKELY": ("OPEN", "MOST_LIKELY", "65"),
    "NEGOTIATION": ("OPEN", "FORECAST", "80"),
    "LEFT_OUT": ("OPEN", "OMITTED", "50"),
    "CLOSED_WON": ("WON", "CLOSED", "100"),
    "CLOSED_LOST": ("LOST", "OMITTED", "0"),
}
DAY = dt.date(2026, 2, 10)


@dataclass(frozen=True)
class Deal:
    """A deal in words."""

    stage: str
    amount: str | None
    owner: str = "rep"
    region: str = "germany"
    currency: str = "EUR"
    rate: str | None = "1"
    expected: dt.date = DAY
    probability: str | None = None
    category: str | None = None
    type: str = "OPPORTUNITY"
    sku: str | None = "hammer"
    tier: str = "KEY"


DEALS = (
    Deal("PROSPECTING", "100"),
    Deal("PROSPECTING", "1000.5", owner="colleague", region="france", sku="nail"),
    Deal("PROPOSAL", "0.0003", tier="BASIC"),
    Deal("PROPOSAL", "300", currency="CNY", rate="0.125", owner="colleague", region="china"),
    Deal("LIKELY", "50", probability="12.50", sku=None),
    Deal("NEGOTIATION", "75", currency="USD", rate=None),
    Deal("NEGOTIATION", "25", currency="USD", rate="0.9", expected=dt.date(2026, 2, 1)),
    Deal("NEGOTIATION", None, expected=dt.date(2026, 2, 28)),
    Deal("LEFT_OUT", "7777"),
    Deal("PROPOSAL", "8888", category="OMITTED"),
    Deal("PROSPECTING", "40", category="FORECAST", probability="0"),
    Deal("CLOSED_WON", "500", probability="20", category="PIPELINE"),
    Deal("CLOSED_WON", "600", owner="colleague", region="france", sku="nail", expected=dt.date(2026, 3, 1)),
    Deal("CLOSED_LOST", "9999", category="FORECAST"),
    Deal("CLOSED_WON", "4444", type="LEAD"),
    Deal("PROSPECTING", "3333", expected=dt.date(2026, 1, 31)),
    Deal("PROSPECTING", "2222", expected=dt.date(2026, 4, 1)),
)
PERIOD = 'period: {from: "2026-02-01", to: "2026-03-31"}'
FIRST, LAST = dt.date(2026, 2, 1), dt.date(2026, 3, 31)


async def store_deals(connection: asyncpg.Connection, company: Company) -> None:
    """Stores the deals, each with a customer of its own."""
    stages = {
        code: stage(code, i, outcome=outcome, forecast_category=category, probability_pct=Decimal(chance))
        for i, (code, (outcome, category, chance)) in enumerate(STAGES.items(), 1)
    }
    products = {sku: product(sku, category_path=f"/tools/{sku}/") for sku in ("hammer", "nail")}
    await store(connection, *stages.values(), *products.values())
    for deal in DEALS:
        of = customer(region=getattr(company, deal.region), owner=getattr(company, deal.owner), tier=deal.tier)
        await store(connection, of, _row(deal, of, stages[deal.stage], products))


def _row(deal: Deal, of: Row, at: Row, products: Mapping[str, Row]) -> Row:
    about: dict[str, Any] = {"product": products[deal.sku]} if deal.sku else {}
    return opportunity(
        of,
        at,
        type=deal.type,
        amount=deal.amount and Decimal(deal.amount),
        currency=deal.currency,
        fx_rate=deal.rate and Decimal(deal.rate),
        fx_date=deal.rate and DAY,
        expected_close_date=deal.expected,
        probability_pct=deal.probability and Decimal(deal.probability),
        forecast_category=deal.category,
        **about,
    )


def outcome(deal: Deal) -> str:
    return STAGES[deal.stage][0]


def category(deal: Deal) -> str:
    return deal.category or STAGES[deal.stage][1]


def chance(deal: Deal) -> Decimal:
    if outcome(deal) == "WON":
        return Decimal(1)
    return Decimal(deal.probability if deal.probability is not None else STAGES[deal.stage][2]) / 100


def counts(deal: Deal) -> bool:
    """Whether a deal counts in a forecast of the period."""
    forecast = outcome(deal) != "LOST" and category(deal) != "OMITTED" and deal.type == "OPPORTUNITY"
    return forecast and FIRST <= deal.expected <= LAST


def money(
    deals: Iterable[Deal], which: Callable[[Deal], bool], times: Callable[[Deal], Decimal] = lambda _: Decimal(1)
) -> dict[str, Any]:
    """The sum in the base currency of those that have a rate, and the sums by currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    bases = []
    for deal in deals:
        if deal.amount is not None and which(deal):
            amount = Decimal(deal.amount)
            sums[deal.currency] += amount * times(deal)
            if deal.rate is not None:
                bases.append(rounded(amount * Decimal(deal.rate)) * times(deal))
    return {
        "base": str(rounded(sum(bases, Decimal()))) if bases else None,
        "byCurrency": [{"currency": name, "amount": str(rounded(sums[name]))} for name in sorted(sums)],
    }


def rounded(value: Decimal, scale: str = "0.0001") -> Decimal:
    """Half away from zero."""
    return value.quantize(Decimal(scale), ROUND_HALF_UP)


def open_in(*categories: str) -> Callable[[Deal], bool]:
    return lambda deal: outcome(deal) == "OPEN" and category(deal) in categories


def won(deal: Deal) -> bool:
    return outcome(deal) == "WON"


def forecast(deals: Iterable[Deal]) -> dict[str, Any]:
    """What a group of deals should come to."""
    found = [deal for deal in deals if counts(deal)]
    likely = ("FORECAST", "CLOSED", "MOST_LIKELY")
    return {
        "openCount": sum(outcome(deal) == "OPEN" for deal in found),
        "wonCount": sum(won(deal) for deal in found),
        "closedWon": money(found, won),
        "committed": money(found, lambda deal: won(deal) or open_in("FORECAST", "CLOSED")(deal)),
        "mostLikely": money(found, lambda deal: won(deal) or open_in(*likely)(deal)),
        "bestCase": money(found, lambda deal: won(deal) or open_in(*likely, "BEST_CASE")(deal)),
        "pipeline": money(found, open_in(*likely, "BEST_CASE", "PIPELINE")),
        "weighted": money(found, lambda _: True, chance),
    }
