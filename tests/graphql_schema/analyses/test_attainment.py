"""How far targets were reached, in exact numbers, as several roles."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app import models
from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, department, order, order_line, row, store
from tests.http.asking import Asking

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 3, 31)
TARGETS: dict[str, Row] = {}


def at(day: str, time: str = "12:00") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=dt.UTC)


def target(metric: str, most: str, **values: Any) -> Row:
    measure = (
        {"target_amount": Decimal(most), "currency": "EUR"}
        if metric == "REVENUE"
        else {"target_quantity": Decimal(most)}
    )
    return row(models.SalesTarget, **{"metric": metric, "period_start": FIRST, "period_end": LAST, **measure, **values})


@pytest.fixture(scope="module", autouse=True)
async def targets(writer: asyncpg.Connection, company: Company) -> None:
    """Targets by name, and the orders that count towards them or do not."""
    inside = department("INSIDE", company.sales)
    ada = customer(
        "Ada", region=company.germany, owner=company.rep, department=inside, first_ordered_at=at("2026-01-01", "00:00")
    )
    bo = customer(
        "Bo",
        region=company.france,
        owner=company.colleague,
        department=company.sales,
        first_ordered_at=at("2026-02-01"),
    )
    cy = customer("Cy", region=company.china, owner=company.colleague, first_ordered_at=at("2025-12-31", "23:59"))
    await store(writer, inside, ada, bo, cy)
    for of, day, time, currency, status, lines in (
        (ada, "2026-01-01", "00:00", "EUR", "FULFILLED", {"/tools/": "100", "/tools/nail/": "20.5"}),
        (ada, "2026-03-31", "23:59", "EUR", "UNFULFILLED", {"/food/": "30"}),
        (ada, "2026-02-01", "12:00", "USD", "FULFILLED", {"/tools/": "1000"}),
        (bo, "2026-02-01", "12:00", "EUR", "FULFILLED", {"/toolsmith/": "7", "/tools/": "3"}),
        (ada, "2026-04-01", "00:00", "EUR", "FULFILLED", {"/tools/": "1"}),
        (ada, "2025-12-31", "23:59", "EUR", "FULFILLED", {"/tools/": "1"}),
        (ada, "2026-02-02", "12:00", "EUR", "CANCELED", {"/tools/": "5"}),
        (ada, "2026-02-02", "12:00", "EUR", "DRAFT", {"/tools/": "5"}),
        (cy, "2026-02-02", "12:00", "EUR", "FULFILLED", {"/food/": "9"}),
    ):  # fmt: skip
        total = sum(map(Decimal, lines.values()))
        placed = order(of, ordered_at=at(day, time), currency=currency, status=status, subtotal=total)
        parts = [order_line(placed, currency=currency, line_total=Decimal(value), product_category_path=path) for path, value in lines.items()]  # fmt: skip
        await store(writer, placed, *parts)
    TARGETS.update(
        everyone=target("REVENUE", "200"),
        rep=target("REVENUE", "100", owner=company.rep),
        tools=target("REVENUE", "50", owner=company.rep, product_category_path="/tools/"),
        europe=target("REVENUE", "1000", region=company.europe),
        sales=target("ORDER_COUNT", "4", department=company.sales),
        sales_in_france=target("ORDER_COUNT", "3", department=company.sales, region=company.france),
        inside=target("ORDER_COUNT", "3", department=inside),
        tool_orders=target("ORDER_COUNT", "0", product_category_path="/tools/"),
        new=target("NEW_CUSTOMERS", "3"),
        new_in_europe=target("NEW_CUSTOMERS", "1", region=company.europe),
        new_with_food=target("NEW_CUSTOMERS", "4", product_category_path="/food/"),
        dollars=target("REVENUE", "100", owner=company.rep, department=company.sales, currency="USD"),
        nothing=target("REVENUE", "100", period_start=dt.date(1, 1, 2), period_end=dt.date(1, 1, 2)),
        for_ever=target("ORDER_COUNT", "10", period_start=dt.date(1, 1, 2), period_end=dt.date(9999, 12, 30)),
    )
    await store(writer, *TARGETS.values())


async def attained(graph: Asking, who: Row, name: str) -> Any:
    query = "query($id: ID!) { salesTarget(id: $id) { attainment { actual pct gap } } }"
    found = (await graph.data(who, query, {"id": TARGETS[name].node}))["salesTarget"]
    return found and tuple(found["attainment"].values())


REACHED: dict[str, tuple[str, str | None, str]] = {
    "everyone": ("169.5000", "84.75", "30.5000"),
    "rep": ("150.5000", "150.50", "-50.5000"),
    "tools": ("120.5000", "241.00", "-70.5000"),
    "europe": ("160.5000", "16.05", "839.5000"),
    "sales": ("4", "100.00", "0.000"),
    "sales_in_france": ("1", "33.33", "2.000"),
    "inside": ("3", "100.00", "0.000"),
    "tool_orders": ("3", None, "-3.000"),
    "new": ("2", "66.67", "1.000"),
    "new_in_europe": ("2", "200.00", "-1.000"),
    "new_with_food": ("1", "25.00", "3.000"),
    "dollars": ("1000.0000", "1000.00", "-900.0000"),
    "nothing": ("0.0000", "0.00", "100.0000"),
    "for_ever": ("7", "70.00", "3.000"),
}


@pytest.mark.parametrize("name", REACHED)
async def test_what_was_reached(graph: Asking, company: Company, name: str) -> None:
    assert await attained(graph, company.admin, name) == REACHED[name]


async def test_each_role_sees_what_its_rows_come_to(graph: Asking, company: Company) -> None:
    """A manager in Europe sees European orders; an auditor all; who sees no targets sees nothing."""
    assert await attained(graph, company.manager, "europe") == REACHED["europe"]
    assert await attained(graph, company.auditor, "everyone") == REACHED["everyone"]
    assert await attained(graph, company.rep, "rep") is None
    query = "{ salesTargets { totalCount nodes { attainment { actual } } } }"
    assert await graph.data(company.manager, query) == {
        "salesTargets": {"totalCount": 6, "nodes": [{"attainment": {"actual": REACHED[name][0]}} for name in (
            "rep", "tools", "europe", "sales_in_france", "new_in_europe", "dollars"
        )]}
    }  # fmt: skip


PARTLY = """
role: finance
name: Finance
includes: [employee]
rules:
  - allow: [read]
    on: [Customer, Order, OrderLine]
    fields: {classes: [PUBLIC, BUSINESS, FINANCIAL]}
  - allow: [read]
    on: SalesTarget
    fields: {names: [metric, periodStart, periodEnd, productCategoryPath, owner, department, targetAmount, targetQuantity]}
  - allow: [read]
    on: SalesTarget
    when: {metric: {eq: REVENUE}}
    fields: {names: [region]}
"""


async def test_a_holder_that_is_not_shown_is_not_taken_for_none(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    """Of an order count the region is withheld: whether it is one of a region is not known, so nothing is told."""
    shipped = dict(read_folder(DEFAULT_RULES))
    name = next(name for name in shipped if name.endswith("finance.yaml"))
    await activate(writer, {**shipped, name: PARTLY})
    assert await attained(graph, company.finance, "europe") == REACHED["europe"]
    assert await attained(graph, company.finance, "everyone") == REACHED["everyone"]
    assert await attained(graph, company.finance, "sales_in_france") == (None, None, None)
    assert await attained(graph, company.finance, "sales") == (None, None, None)
    without = PARTLY.replace("names: [region]", "names: [currency]")
    await activate(writer, {**shipped, name: without})
    assert await attained(graph, company.finance, "everyone") == (None, None, None)
    await activate(writer, shipped)


SOME_PEOPLE = """
role: finance
name: Finance
rules:
  - allow: [read]
    on: [Customer, Order, OrderLine, SalesTarget, Department, Region]
    fields: {classes: [PUBLIC, BUSINESS, FINANCIAL]}
  - allow: [read]
    on: User
    when: {email: {eq: "rep@example.com"}}
    fields: {classes: [PUBLIC]}
"""


async def test_a_hidden_holder_looks_like_none(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    """Who sees some users alone cannot tell a target of a hidden one from everybody's, and is told nothing of either."""
    shipped = dict(read_folder(DEFAULT_RULES))
    name = next(name for name in shipped if name.endswith("finance.yaml"))
    await activate(writer, {**shipped, name: SOME_PEOPLE})
    query = "query($id: ID!) { salesTarget(id: $id) { owner { id } attainment { actual pct gap } } }"
    variables = {"id": TARGETS["rep"].node}
    await writer.execute("UPDATE sales_targets SET department_id = $1, region_id = $2 WHERE id = $3",
        company.sales.key, company.europe.key, TARGETS["rep"].key)  # fmt: skip
    answers = []
    for owner in (company.rep, company.colleague, None):
        await writer.execute(
            "UPDATE sales_targets SET owner_id = $1 WHERE id = $2", owner and owner.key, TARGETS["rep"].key
        )
        answers.append((await graph.data(company.finance, query, variables))["salesTarget"])
    await writer.execute("UPDATE sales_targets SET owner_id = $1, department_id = NULL, region_id = NULL WHERE id = $2",
        company.rep.key, TARGETS["rep"].key)  # fmt: skip
    await activate(writer, shipped)
    seen, hidden, none = answers
    assert seen["owner"] is not None
    assert seen["attainment"]["actual"] is not None
    assert hidden == none == {"owner": None, "attainment": {"actual": None, "pct": None, "gap": None}}


RATED: list[tuple[str, str, list[tuple[str, str, str | None]], str | None]] = [
    ("of the base currency, all at their rates", "USD", [("EUR", "100", "1.1"), ("USD", "10", "1")], "120.0000"),
    ("nothing in the base currency itself", "USD", [("EUR", "100", "1.1"), ("GBP", "10", "1.25")], "122.5000"),
    ("of another currency, those in it", "EUR", [("EUR", "100", "1.1"), ("USD", "10", "1")], "100.0000"),
    ("one without a rate", "USD", [("EUR", "100", None), ("USD", "10", "1")], None),
    ("one of another currency without a rate", "EUR", [("EUR", "100", "1.1"), ("GBP", "10", None)], "100.0000"),
    ("none", "EUR", [], "0.0000"),
]


@pytest.mark.parametrize(
    ("currency", "orders", "actual"), [case[1:] for case in RATED], ids=[case[0] for case in RATED]
)
async def test_in_which_currency_revenue_is_measured(
    graph: Asking,
    company: Company,
    writer: asyncpg.Connection,
    currency: str,
    orders: list[tuple[str, str, str | None]],
    actual: str | None,
) -> None:
    holder = department(f"D{len(TARGETS)}", None)
    of = customer("One", department=holder)
    await store(writer, holder, of)
    for code, amount, rate in orders:
        money = {"currency": code, "fx_rate": rate and Decimal(rate), "fx_date": rate and FIRST}
        await store(
            writer, order(of, ordered_at=at("2027-01-01"), status="FULFILLED", subtotal=Decimal(amount), **money)
        )
    year = {"period_start": dt.date(2027, 1, 1), "period_end": dt.date(2027, 12, 31)}
    name = f"rated {len(TARGETS)}"
    TARGETS[name] = target("REVENUE", "200", department=holder, **{**year, "currency": currency})
    await store(writer, TARGETS[name])
    assert (await attained(graph, company.admin, name))[0] == actual
