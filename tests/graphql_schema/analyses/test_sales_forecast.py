"""The forecast of a small company's deals, in exact numbers, as several roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.analyses.deals import DEALS, PERIOD, Deal, counts, forecast, store_deals
from tests.graphql_schema.company import Company
from tests.http.asking import Asking

MONEY = "{ base byCurrency { currency amount } }"
FIGURES = " ".join(
    ["openCount wonCount", *(f"{name} {MONEY}" for name in ("closedWon", "committed", "mostLikely", "bestCase", "pipeline", "weighted"))]
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
async def deals(writer: asyncpg.Connection, company: Company) -> None:
    """The deals in the database."""
    await store_deals(writer, company)


def asked(arguments: str = "", keys: str = "") -> str:
    return f"{{ salesForecast({PERIOD} {arguments}) {{ {keys} {FIGURES} }} }}"


async def test_all_of_it(graph: Asking, company: Company) -> None:
    found = await graph.data(company.auditor, asked())
    assert found == {"salesForecast": [forecast(DEALS)]}
    (whole,) = found["salesForecast"]
    assert (whole["openCount"], whole["wonCount"]) == (9, 2)
    assert whole["closedWon"] == {"base": "1100.0000", "byCurrency": [{"currency": "EUR", "amount": "1100.0000"}]}
    assert whole["committed"]["base"] == "1162.5000"
    assert [each["currency"] for each in whole["committed"]["byCurrency"]] == ["EUR", "USD"]


def by(key: Callable[[Deal], str | None]) -> list[tuple[str | None, dict[str, Any]]]:
    """The groups of a key, as they should be, in the order of their keys; nothing last."""

    def place(deal: Deal) -> tuple[bool, str]:
        return key(deal) is None, key(deal) or ""

    return [
        (key(group[0]), forecast(group))
        for group in (list(g) for _, g in groupby(sorted(filter(counts, DEALS), key=place), place))
    ]


GROUPS: list[tuple[str, str, Callable[[Any], Any], Callable[[Deal], str | None]]] = [
    ("OWNER", "owner { displayName }", lambda key: key["displayName"], lambda deal: deal.owner.title()),
    ("REGION", "region { name }", lambda key: key["name"], lambda deal: {"germany": "De", "france": "Fr", "china": "Cn"}[deal.region]),
    ("PRODUCT_CATEGORY", "productCategory", lambda key: key, lambda deal: deal.sku and f"/tools/{deal.sku}/"),
    ("CUSTOMER_TIER", "customerTier", lambda key: key, lambda deal: deal.tier),
    ("MONTH", "month", lambda key: key, lambda deal: str(deal.expected.replace(day=1))),
    ("QUARTER", "quarter", lambda key: key, lambda _: "2026-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(("dimension", "keys", "told", "key"), GROUPS, ids=[group[0] for group in GROUPS])
async def test_groups(
    graph: Asking,
    company: Company,
    dimension: str,
    keys: str,
    told: Callable[[Any], Any],
    key: Callable[[Deal], str | None],
) -> None:
    rows = (await graph.data(company.auditor, asked(f"groupBy: [{dimension}]", f"keys {{ {keys} }}")))["salesForecast"]
    found = [(told(row.pop("keys")[keys.split()[0]]), row) for row in rows]
    if dimension in ("OWNER", "REGION"):  # in the order of keys that nobody sees
        found.sort(key=lambda pair: pair[0])
    assert found == by(key)


async def test_several_keys_and_a_filter(graph: Asking, company: Company) -> None:
    arguments = 'groupBy: [MONTH, OWNER, MONTH] where: {customer: {tier: {eq: KEY}}, amount: {gt: "60"}} first: 2'
    rows = await graph.data(
        company.auditor, asked(arguments, "keys { month owner { displayName } region { id } productCategory }")
    )
    whole = [
        deal
        for deal in DEALS
        if deal.tier == "KEY" and deal.amount and deal.rate and float(deal.amount) * float(deal.rate) > 60
    ]
    february = {
        owner: forecast(deal for deal in whole if deal.owner == owner and deal.expected.month == 2)
        for owner in ("rep", "colleague")
    }  # fmt: skip
    found = {row["keys"]["owner"]["displayName"].lower(): row for row in rows["salesForecast"]}
    assert {owner: row.pop("keys") for owner, row in found.items()} == {
        owner: {"month": "2026-02-01", "owner": {"displayName": owner.title()}, "region": None, "productCategory": None}
        for owner in ("rep", "colleague")
    }
    assert found == february


async def test_amounts_that_are_withheld_are_in_no_sum(graph: Asking, company: Company) -> None:
    mine = [deal for deal in DEALS if deal.region == "germany"]
    expected = forecast(mine)
    rows = await graph.data(company.rep, asked())
    assert rows == {"salesForecast": [expected]}
    seen = [
        replace(deal, amount=deal.amount if deal.owner == "colleague" else None)
        for deal in DEALS
        if deal.region == "france"
    ]
    assert await graph.data(company.colleague, asked()) == {"salesForecast": [forecast(seen)]}
    assert forecast(seen)["closedWon"] == {
        "base": "600.0000",
        "byCurrency": [{"currency": "EUR", "amount": "600.0000"}],
    }


async def test_one_who_never_sees_deals_is_refused(graph: Asking, company: Company) -> None:
    for who in (company.marketer, company.finance, company.nobody):
        assert await graph.faults(who, asked()) == [("FIELD_NOT_READABLE", "")]


FAULTS = [
    ('{ salesForecast(period: {from: "2026-03-01", to: "2026-02-28"}) { openCount } }', "period"),
    (f"{{ salesForecast({PERIOD} first: 0) {{ openCount }} }}", "first"),
    (f"{{ salesForecast({PERIOD} first: 1001) {{ openCount }} }}", "first"),
    (f"{{ salesForecast({PERIOD} where: {{name: {{eq: null}}}}) {{ openCount }} }}", "where.name.eq"),
]


@pytest.mark.parametrize(("query", "place"), FAULTS, ids=[place for _, place in FAULTS])
async def test_what_cannot_be_is_refused(graph: Asking, company: Company, query: str, place: str) -> None:
    assert await graph.faults(company.auditor, query) == [("BAD_USER_INPUT", place)]


async def test_a_thousand_groups_can_be_asked_for_their_price(graph: Asking, company: Company) -> None:
    query = (
        f"{{ salesForecast({PERIOD} groupBy: OWNER first: 1000) {{ keys {{ owner {{ displayName }} }} openCount }} }}"
    )
    assert len((await graph.data(company.auditor, query))["salesForecast"]) == 2
    dear = query.replace("displayName", "displayName manager { manager { manager { manager { id } } } }")
    assert await graph.faults(company.auditor, dear) == [("COST_EXCEEDED", None)]
