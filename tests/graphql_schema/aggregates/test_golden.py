"""Aggregates over public data sets, against totals computed from their files with csv alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from tests.graphql_schema.data_sets import AUDITOR, graph, needs_data, read
from tests.http.asking import Asking

__all__ = ["graph"]
pytestmark = needs_data


def won_by_region() -> dict[str, tuple[int, Decimal]]:
    office = {row["sales_agent"]: row["regional_office"] for row in read("crm_maven", "sales_teams")}
    count, value = Counter[str](), defaultdict[str, Decimal](Decimal)
    for deal in read("crm_maven", "sales_pipeline"):
        if deal["deal_stage"] == "Won":
            count[office[deal["sales_agent"]]] += 1
            value[office[deal["sales_agent"]]] += Decimal(deal["close_value"])
    return {name: (count[name], value[name]) for name in sorted(value)}


WON = """{
  all: opportunitiesAggregate(where: {stage: {outcome: {eq: WON}}}) { nodes { sum { amount { base byCurrency { currency amount } } } } }
  opportunitiesAggregate(where: {stage: {outcome: {eq: WON}}}, groupBy: [{field: REGION}],
      orderBy: [{aggregate: SUM, field: AMOUNT}]) { nodes { keys { region { name } } count sum { amount { base } } } } }"""


async def test_what_was_won_is_what_the_files_say(graph: Asking) -> None:
    regions = won_by_region()
    assert {name: value for name, (_, value) in regions.items()} == {
        "Central": Decimal(3_346_293),
        "East": Decimal(3_090_594),
        "West": Decimal(3_568_647),
    }
    data = await graph.data(AUDITOR, WON)
    whole = "10005534.0000"
    assert data["all"]["nodes"] == [
        {"sum": {"amount": {"base": whole, "byCurrency": [{"currency": "USD", "amount": whole}]}}}
    ]
    assert [
        (node["keys"]["region"]["name"], node["count"], node["sum"]["amount"]["base"])
        for node in data["opportunitiesAggregate"]["nodes"]
    ] == [(name, regions[name][0], f"{regions[name][1]}.0000") for name in ("East", "Central", "West")]


def net_revenue_by_year() -> dict[str, tuple[int, Decimal]]:
    """Each line's price times quantity less discount, to four decimals."""
    year = {row["orderID"]: row["orderDate"][:4] for row in read("erp_northwind", "orders")}
    lines, value = Counter[str](), defaultdict[str, Decimal](Decimal)
    for row in read("erp_northwind", "order_details"):
        net = Decimal(row["unitPrice"]) * Decimal(row["quantity"]) * (1 - Decimal(row["discount"]))
        lines[year[row["orderID"]]] += 1
        value[year[row["orderID"]]] += net.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
    return {name: (lines[name], value[name]) for name in sorted(value)}


REPORT: dict[str, Any] = {
    "query": """query ($year: [Dimension!]) { analyze(dataset: ORDER_LINES, dimensions: $year,
        measures: [{aggregate: COUNT}, {aggregate: SUM, path: "lineTotal", currency: "USD"}]) { rows } }""",
    "variables": {"year": [{"path": "order.orderedAt", "bucket": "YEAR"}]},
}


async def test_net_revenue_by_year_is_what_the_files_say(graph: Asking) -> None:
    years = net_revenue_by_year()
    assert len(years) == 3
    assert sum((value for _, value in years.values()), Decimal()).quantize(Decimal("0.01")) == Decimal("1265793.04")
    data = await graph.data(AUDITOR, REPORT["query"], REPORT["variables"])
    assert data["analyze"]["rows"] == [[f"{year}-01-01", lines, str(value)] for year, (lines, value) in years.items()]


async def test_orders_by_year_have_the_sums_of_their_lines(graph: Asking) -> None:
    query = """{ ordersAggregate(groupBy: [{field: ORDERED_AT, bucket: YEAR}]) { nodes { keys { orderedAt { label } }
        sum { subtotal { byCurrency { amount } } } lines { count sum { lineTotal { byCurrency { amount } } } } } } }"""
    nodes = (await graph.data(AUDITOR, query))["ordersAggregate"]["nodes"]
    found = {
        node["keys"]["orderedAt"]["label"]: (
            node["lines"]["count"],
            node["lines"]["sum"]["lineTotal"]["byCurrency"][0]["amount"],
            node["sum"]["subtotal"]["byCurrency"][0]["amount"],
        )
        for node in nodes
    }
    assert found == {year: (lines, str(value), str(value)) for year, (lines, value) in net_revenue_by_year().items()}
