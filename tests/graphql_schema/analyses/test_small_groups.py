"""`minGroup`: analyses tell nothing of few rows, neither by showing them nor by leaving them out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app import models
from app.services.policies.store import activate
from app.settings import Settings
from policies.loading import DEFAULT_RULES, read_folder
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import NOON, customer, order, owned, row, store
from tests.http.asking import Asking, asking

PERIOD = 'period: {from: "2026-01-01", to: "2026-01-31"}'
ORDERS = {("EMAIL", "EUR"): 4, ("EMAIL", "USD"): 1, ("WEB", "EUR"): 3, ("WEB", "USD"): 3, ("PHONE", "EUR"): 2}
"""Orders of ten euros or dollars by channel and currency: without those by phone there are eleven."""


@pytest.fixture(scope="module")
async def shy(
    database: TemporaryDatabase, company: Company, writer: asyncpg.Connection, settings: Settings
) -> AsyncIterator[Asking]:
    """An auditor sees nothing of fewer than three rows."""
    texts = dict(read_folder(DEFAULT_RULES))
    name = next(name for name in texts if name.endswith("auditor.yaml"))
    texts[name] = texts[name].replace("name: Auditor\n", "name: Auditor\nminGroup: 3\n")
    await activate(writer, texts)
    campaigns = [row(models.Campaign, code=code, name=code, type="EMAIL") for code in ("FEW", "MANY")]
    of = customer("one")
    await store(writer, of, *campaigns)
    for (channel, currency), number in ORDERS.items():
        for i in range(number):
            money = {"subtotal": Decimal(10), "currency": currency, "fx_rate": Decimal(1), "fx_date": NOON.date()}
            await store(
                writer, order(of, channel=channel, status="FULFILLED", number=f"{channel}-{currency}-{i}", **money)
            )
    for campaign, number in zip(campaigns, (2, 5), strict=True):
        for i in range(number):
            member = customer(f"member {i}")
            status = "OPENED" if i == 0 else "DELIVERED"
            await store(writer, member, owned(models.CampaignMember, member, campaign=campaign, status=status))
    async with asking(database.dsn, settings) as served:
        yield served


async def ask(shy: Asking, who: Any, arguments: str) -> Any:
    query = f"{{ channelPerformance({PERIOD} {arguments}) {{ orders orderedRevenue {{ base byCurrency {{ amount currency }} }} }} }}"
    return (await shy.data(who, query))["channelPerformance"]


async def test_what_is_large_enough_is_shown(shy: Asking, company: Company) -> None:
    euros, dollars = {"amount": "90.0000", "currency": "EUR"}, {"amount": "40.0000", "currency": "USD"}
    assert await ask(shy, company.auditor, "") == [
        {"orders": 13, "orderedRevenue": {"base": "130.0000", "byCurrency": [euros, dollars]}}
    ]
    assert await ask(shy, company.auditor, 'where: {displayName: {eq: "nobody"}}') == []


async def test_small_groups_and_small_sums_are_left_out(shy: Asking, company: Company) -> None:
    """Of two orders by phone nothing is told, nor is what would tell of them; nor of a single order in dollars."""
    found = await ask(shy, company.auditor, "groupBy: CHANNEL")
    assert found == [
        {
            "orders": 6,
            "orderedRevenue": {
                "base": "60.0000",
                "byCurrency": [{"amount": "30.0000", "currency": "EUR"}, {"amount": "30.0000", "currency": "USD"}],
            },
        }
    ]
    whole = await ask(shy, company.admin, "groupBy: CHANNEL")
    assert [group["orders"] for group in whole] == [5, 2, 6]
    mail = 'where: {displayName: {eq: "one"}} groupBy: CHANNEL'
    assert await ask(shy, company.auditor, mail) == found


async def test_a_span_of_few_rows_looks_like_one_of_none(shy: Asking, company: Company) -> None:
    for period, values in (
        ('from: "2026-01-01", to: "2026-02-28"', ["13", None]),
        ('from: "2026-01-01", to: "2026-01-30"', [None]),
    ):
        query = f"{{ metricTrend(metric: ORDERS, bucket: MONTH, period: {{{period}}}) {{ value }} }}"
        found = (await shy.data(company.auditor, query))["metricTrend"]
        assert [point["value"] for point in found] == values


async def test_figures_of_one_row_are_as_shy(shy: Asking, company: Company) -> None:
    query = "{ campaigns(orderBy: [{field: CODE}]) { nodes { code metrics { targeted opened openRate } } } }"
    assert (await shy.data(company.auditor, query))["campaigns"]["nodes"] == [
        {"code": "FEW", "metrics": None},
        {"code": "MANY", "metrics": {"targeted": 5, "opened": None, "openRate": None}},
    ]
    assert (await shy.data(company.admin, query))["campaigns"]["nodes"] == [
        {"code": "FEW", "metrics": {"targeted": 2, "opened": 1, "openRate": "0.5000"}},
        {"code": "MANY", "metrics": {"targeted": 5, "opened": 1, "openRate": "0.2000"}},
    ]
