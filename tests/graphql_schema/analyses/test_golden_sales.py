"""Sales performance over public data sets, against totals computed from their files with csv alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.graphql_schema.data_sets import AUDITOR, graph, needs_data, read
from tests.graphql_schema.rows import Row, user
from tests.http.asking import Asking

__all__ = ["graph"]
pytestmark = needs_data

MAVEN, NORTHWIND = 'period: {from: "2016-01-01", to: "2018-12-31"}', 'period: {from: "1996-01-01", to: "1998-12-31"}'


def rounded(value: Decimal, places: int) -> str:
    return str(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def days(deal: Mapping[str, str]) -> int:
    return (dt.date.fromisoformat(deal["close_date"]) - dt.date.fromisoformat(deal["engage_date"])).days


def performance(deals: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """What some deals come to."""
    decided = list(deals)
    won = [deal for deal in decided if deal["deal_stage"] == "Won"]
    lost = sum(deal["deal_stage"] == "Lost" for deal in decided)
    value = sum((Decimal(deal["close_value"]) for deal in won), Decimal(0))

    def dollars(amount: Decimal) -> dict[str, Any]:
        return {"base": rounded(amount, 4), "byCurrency": [{"currency": "USD", "amount": rounded(amount, 4)}]}

    return {
        "wonCount": len(won),
        "lostCount": lost,
        "winRate": rounded(Decimal(len(won)) / (len(won) + lost), 4),
        "wonValue": dollars(value),
        "averageDeal": dollars(value / len(won)),
        "averageDaysToClose": rounded(Decimal(sum(map(days, won))) / len(won), 2),
    }


FIGURES = """wonCount lostCount winRate wonValue { base byCurrency { currency amount } }
             averageDeal { base byCurrency { currency amount } } averageDaysToClose"""


def deals() -> list[dict[str, str]]:
    """The deals that were decided, with what the other files say of them."""
    regions = {row["sales_agent"]: row["regional_office"] for row in read("crm_maven", "sales_teams")}
    series = {row["product"]: row["series"] for row in read("crm_maven", "products")}
    return [
        {**row, "region": regions[row["sales_agent"]], "series": series[row["product"].replace("GTXPro", "GTX Pro")]}
        for row in read("crm_maven", "sales_pipeline")
        if row["deal_stage"] in ("Won", "Lost")
    ]


def grouped(rows: Iterable[dict[str, str]], key: Callable[[dict[str, str]], str]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


BY: list[tuple[str, str, Callable[[Any], str], Callable[[dict[str, str]], str]]] = [
    ("REGION", "region { name }", lambda keys: keys["region"]["name"], lambda deal: deal["region"]),
    ("OWNER", "owner { displayName }", lambda keys: keys["owner"]["displayName"], lambda deal: deal["sales_agent"]),
    ("PRODUCT_CATEGORY", "productCategory", lambda keys: keys["productCategory"], lambda deal: f"/{deal['series'].lower()}/"),
    ("MONTH", "month", lambda keys: keys["month"], lambda deal: f"{deal['close_date'][:7]}-01"),
]  # fmt: skip


async def ask(graph: Asking, who: Row, arguments: str, selection: str) -> list[Any]:
    found: list[Any] = (await graph.data(who, f"{{ salesPerformance({arguments}) {{ {selection} }} }}"))[
        "salesPerformance"
    ]
    return found


async def test_all_that_was_won(graph: Asking) -> None:
    (found,) = await ask(graph, AUDITOR, MAVEN, FIGURES)
    assert found == performance(deals())
    assert found["wonValue"] == {
        "base": "10005534.0000",
        "byCurrency": [{"currency": "USD", "amount": "10005534.0000"}],
    }
    assert (found["wonCount"], found["lostCount"], found["winRate"]) == (4238, 2473, "0.6315")


@pytest.mark.parametrize(("dimension", "keys", "told", "key"), BY, ids=[each[0] for each in BY])
async def test_what_was_won_by(
    graph: Asking, dimension: str, keys: str, told: Callable[[Any], str], key: Callable[[dict[str, str]], str]
) -> None:
    rows = await ask(graph, AUDITOR, f"{MAVEN} groupBy: [{dimension}]", f"keys {{ {keys} }} {FIGURES}")
    found = {told(row.pop("keys")): row for row in rows}
    assert found == {name: performance(group) for name, group in grouped(deals(), key).items()}
    if dimension == "REGION":
        values = {name: row["wonValue"]["base"] for name, row in found.items()}
        assert values == {"Central": "3346293.0000", "East": "3090594.0000", "West": "3568647.0000"}


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "UTC"])
async def test_months_begin_where_the_caller_is(graph: Asking, zone: str) -> None:
    """What closes at midnight UTC closes on the day before in the west."""

    def month(deal: dict[str, str]) -> str:
        closed = dt.datetime.fromisoformat(deal["close_date"]).replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone))
        return f"{closed:%Y-%m}-01"

    rows = await ask(
        graph, AUDITOR, f'{MAVEN} timeZone: "{zone}" groupBy: [MONTH]', "keys { month } wonCount lostCount"
    )
    expected = {name: performance(group) for name, group in sorted(grouped(deals(), month).items())}
    assert [(row["keys"]["month"], row["wonCount"], row["lostCount"]) for row in rows] == [
        (name, each["wonCount"], each["lostCount"]) for name, each in expected.items()
    ]


async def test_an_agent_sees_the_deals_of_her_office_and_the_amounts_of_her_own(graph: Asking) -> None:
    key = await graph.database.read("SELECT id FROM users WHERE email = 'anna.snelling@maven.example'")
    assert key is not None
    anna = user("anna", id=key[0])
    office = [deal for deal in deals() if deal["region"] == "Central"]
    mine = [deal for deal in office if deal["sales_agent"] == "Anna Snelling"]
    (found,) = await ask(graph, anna, MAVEN, FIGURES)
    expected = performance(office) | {name: performance(mine)[name] for name in ("wonValue", "averageDeal")}
    assert found == expected
    by_office = await ask(graph, anna, f"{MAVEN} groupBy: [REGION]", "keys { region { name } } wonCount")
    assert by_office == [{"keys": {"region": {"name": "Central"}}, "wonCount": expected["wonCount"]}]


# Orders


def lines() -> list[dict[str, str]]:
    """The lines of all orders, with what the other files say of them."""
    orders = {row["orderID"]: row for row in read("erp_northwind", "orders")}
    products = {row["productID"]: row["categoryID"] for row in read("erp_northwind", "products")}
    categories = {row["categoryID"]: row["categoryName"] for row in read("erp_northwind", "categories")}
    people = {row["employeeID"]: f"{row['firstName']} {row['lastName']}" for row in read("erp_northwind", "employees")}
    found = []
    for row in read("erp_northwind", "order_details"):
        order = orders[row["orderID"]]
        category = categories[products[row["productID"]]]
        found.append({**row, "category": category, "owner": people[order["employeeID"]], "at": order["orderDate"][:10]})
    return found


def revenue(rows: Iterable[dict[str, str]]) -> str:
    amounts = (Decimal(row["unitPrice"]) * int(row["quantity"]) * (1 - Decimal(row["discount"])) for row in rows)
    return rounded(sum(amounts, Decimal(0)), 4)


async def test_what_was_ordered(graph: Asking) -> None:
    (found,) = await ask(
        graph,
        AUDITOR,
        NORTHWIND,
        "orderedRevenue { base byCurrency { amount } } wonCount winRate averageDeal { base byCurrency { amount } }",
    )
    assert found == {
        "orderedRevenue": {"base": revenue(lines()), "byCurrency": [{"amount": revenue(lines())}]},
        "wonCount": 0,
        "winRate": None,
        "averageDeal": {"base": None, "byCurrency": []},
    }
    assert revenue(lines()) == "1265793.0395"


async def test_what_was_ordered_by_owner_and_by_category(graph: Asking) -> None:
    rows = await ask(
        graph, AUDITOR, f"{NORTHWIND} groupBy: [OWNER]", "keys { owner { displayName } } orderedRevenue { base }"
    )
    assert {row["keys"]["owner"]["displayName"]: row["orderedRevenue"]["base"] for row in rows} == {
        name: revenue(group) for name, group in grouped(lines(), lambda line: line["owner"]).items()
    }
    rows = await ask(
        graph, AUDITOR, f"{NORTHWIND} groupBy: [PRODUCT_CATEGORY]", "keys { productCategory } orderedRevenue { base }"
    )
    found = {row["keys"]["productCategory"]: row["orderedRevenue"]["base"] for row in rows}
    by_category = grouped(lines(), lambda line: line["category"])
    slugs = {
        f"/{name.lower().replace('/', '-').replace(' ', '-')}/": revenue(group) for name, group in by_category.items()
    }
    assert found == slugs


async def test_what_was_ordered_by_a_customer_in_two_months(graph: Asking) -> None:
    arguments = 'period: {from: "1997-04-01", to: "1997-05-31"} where: {displayName: {eq: "Save-a-lot Markets"}}'
    (found,) = await ask(graph, AUDITOR, arguments, "orderedRevenue { base byCurrency { amount } }")
    ours = {row["orderID"] for row in read("erp_northwind", "orders") if row["customerID"] == "SAVEA"}
    expected = [line for line in lines() if line["orderID"] in ours and line["at"].startswith(("1997-04", "1997-05"))]
    assert {line["orderID"] for line in expected} == {"10510"}
    assert found == {"orderedRevenue": {"base": revenue(expected), "byCurrency": [{"amount": revenue(expected)}]}}
