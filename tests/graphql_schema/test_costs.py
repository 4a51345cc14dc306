"""What an operation costs is told before it runs, and one that costs too much does not run."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.settings import Settings
from benchmarks.contenders import text_of
from graphql_schema.budgets.counting import Here
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking, asking

DOCUMENTED = Path(__file__).parents[2] / "docs" / "limits.md"
NESTED = "{ customers(first: 50) { nodes { contacts(first: 5) { nodes { id } } } } }"
SIZES = "query($a: Int, $b: Int) { customers(first: $a) { nodes { orders(last: $b) { edges { node { id } } } } } }"
FORECAST = '{ salesForecast(period: {from: "2026-01-01", to: "2026-01-31"} %s) { openCount } }'
LOOKS = "query($w: CustomerWhere) { customers(first: 10, where: $w) { nodes { id } } }"

COSTS: list[tuple[str, Any, int]] = [
    ("{ __typename }", None, 0),
    ('{ __type(name: "User") { fields { name } } }', None, 0),
    ("{ viewer { id displayName roles } }", None, 0),
    ("{ viewer { user { id manager { id } } } }", None, 2),
    ("{ customers { nodes { id displayName annualRevenue { amount } access { masked } } } }", None, 20),
    ("{ customers { edges { cursor node { id } } pageInfo { hasNextPage } } }", None, 20),
    ("{ customers { edges { node { id } } nodes { id } } }", None, 40),
    ("{ customers { pageInfo { hasNextPage } } }", None, 0),
    ("{ customers { totalCount } }", None, 10),
    ("{ customers(first: 5) { totalCount nodes { orders { totalCount } } } }", None, 10 + 5 * 11),
    (NESTED, None, 50 * 6),
    ("{ customers(first: 2) { nodes { orders { nodes { id } } } } }", None, 2 * 11),
    ("{ customers(last: 3) { nodes { id } } a: customers(first: 4) { nodes { owner { id } } } }", None, 3 + 8),
    ("{ customers(first: 5) { nodes { ...f } } } fragment f on Customer { owner { id } id }", None, 10),
    ("{ customers(first: 5) { nodes { owner @skip(if: true) { id } } } }", None, 5),
    ("query($b: Boolean!) { customers(first: 5) { nodes { owner @include(if: $b) { id } } } }", {"b": True}, 10),
    ("query($b: Boolean!) { customers(first: 5) { nodes { owner @include(if: $b) { id } } } }", {"b": False}, 5),
    (SIZES, {"a": 7, "b": 3}, 7 * 4),
    (SIZES, {"a": 3, "b": 7}, 3 * 8),
    (SIZES, {"a": 7}, 7 * 11),
    (SIZES, {"a": None, "b": 1}, 20 * 2),
    ("query($a: Int = 6) { customers(first: $a) { nodes { id } } }", None, 6),
    ('{ nodes(ids: ["x", "y", "z"]) { id ... on Customer { owner { id } } ... on Order { id } } }', None, 6),
    ("query($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["x"] * 5}, 5),
    ("{ tasks(first: 5) { nodes { about { ... on Campaign { id } ... on Order { customer { id } } } } } }", None, 15),
    ("{ customers(first: 10, where: {displayName: {eq: \"x\"}, OR: [{tier: {eq: KEY}}]}) { nodes { id } } }", None, 10),
    ("{ customers(first: 10, where: {owner: {isNull: true}}) { nodes { id } } }", None, 20),
    ('{ customer(id: "x") { timeline { nodes { ... on Order { id } } } } }', None, 1 + 10 + 10),
    ('{ customer(id: "x") { timeline(first: 4) { nodes { ... on Order { customer { id } } } } } }', None, 1 + 10 + 8),
    ('{ customer(id: "x") { overview { __typename } } }', None, 11),
    ("{ ordersAggregate { nodes { count } } }", None, 10 + 100),
    ("{ ordersAggregate(first: 7) { nodes { keys { owner { id } status } lines { count } } } }", None, 10 + 7 * 2),
    ("{ ordersAggregate { nodes { lines { count } } } }", None, 10 + 100),
    ('{ customer(id: "x") { ordersAggregate { nodes { lines { count } } } } }', None, 1 + 10 + 10),
    ('{ analyze(dataset: ORDERS, measures: [{aggregate: COUNT}]) { rows } }', None, 10),
    (FORECAST % "", None, 10 + 100),
    (FORECAST % "where: {customer: {tier: {eq: KEY}}}", None, 10 + 100 * 2),
    ('{ metricTrend(metric: ORDERS, bucket: MONTH, period: {from: "2026-01-01", to: "2026-01-31"} where: {owner: {}}) { value } }', None, 10 + 10 * 1),
    ('{ analyze(dataset: ORDERS, measures: [{aggregate: COUNT}], where: {orders: {customer: {owner: {}}}}) { rows } }', None, 10 + 100 * 2),
    ("{ ordersAggregate(first: 7) { nodes { lines(where: {order: {}}) { count } } } }", None, 10 + 7 * 2),
    (LOOKS, {"w": {"owner": {"manager": {"manager": {}}}}}, 40),
    (LOOKS, {"w": {"orders": {"some": {"lines": {"none": {}}}, "every": {}}}}, 40),
    (LOOKS, {"w": {"NOT": {"AND": [{"owner": {}}, {"OR": [{"orders": {"some": {}}}]}]}}}, 30),
]  # fmt: skip


@pytest.mark.parametrize(("query", "variables", "points"), COSTS, ids=range(len(COSTS)))
async def test_a_cost_is_what_the_pages_may_hold(
    graph: Asking, company: Company, query: str, variables: Any, points: int
) -> None:
    for _ in range(2):
        answer = await graph.ask(company.admin, query, variables)
        assert answer["extensions"]["cost"]["requested"] == points
    explained = await _explained(graph, company.admin, query, variables)
    assert explained["requested"] == points


async def _explained(graph: Asking, who: Row, query: str, variables: Any = None) -> Any:
    answer = await graph.ask(who, query, variables, extensions={"explainCost": True})
    assert answer["data"] is None
    return answer["extensions"]["cost"]


@pytest.mark.parametrize(("selection", "points"), [("one", 171), ("list", 2_550)])
async def test_what_the_benchmark_asks_is_within_the_limit(
    graph: Asking, company: Company, selection: str, points: int
) -> None:
    query = text_of(selection, "ours")
    found = await _explained(graph, company.admin, query, {"id": "x"} if selection == "one" else None)
    assert (found["requested"], found["limit"]) == (points, 5_000)


async def test_explaining_says_which_field_costs_what_and_runs_nothing(graph: Asking, company: Company) -> None:
    before = graph.engine.statements
    found = await _explained(graph, company.admin, SIZES, {"a": 100, "b": 100})
    assert graph.engine.statements == before + 1  # the proof of the caller's rights
    assert found == {
        "requested": 10_100,
        "limit": 5_000,
        "budget": None,
        "remaining": None,
        "restoreRate": None,
        "fields": [
            {"path": "customers", "cost": 10_100},
            {"path": "customers.nodes", "cost": 10_100},
            {"path": "customers.nodes.orders", "cost": 10_000},
            {"path": "customers.nodes.orders.edges", "cost": 10_000},
            {"path": "customers.nodes.orders.edges.node", "cost": 10_000},
        ],
    }


EXACT = "query($n: Int) { customers(first: 50) { nodes { orders(first: $n) { nodes { id } } } } }"
"""5,000 for 99 orders of each of fifty customers."""


@pytest.mark.parametrize("literal", [True, False])
async def test_what_costs_more_than_the_limit_is_refused_before_it_runs(
    graph: Asking, company: Company, *, literal: bool
) -> None:
    def asked(size: int) -> tuple[str, Any]:
        return (EXACT.replace("($n: Int)", "").replace("$n", str(size)), None) if literal else (EXACT, {"n": size})

    for size in (99, 100, 99, 100):
        before = graph.engine.statements
        answer = await graph.ask(company.admin, *asked(size))
        assert graph.engine.statements == before + 1  # the proof, where nothing else runs
        if size == 99:
            assert answer["extensions"]["cost"]["requested"] == 5_000
            assert answer["data"] == {"customers": {"nodes": []}}
        else:
            (error,) = answer["errors"]
            assert "data" not in answer
            assert error["message"] == "the operation costs 5050 points, at most 5000 are allowed"
            assert error["extensions"].items() >= {
                "code": "COST_EXCEEDED", "requested": 5_050, "limit": 5_000,
            }.items()  # fmt: skip


@pytest.mark.parametrize(
    ("query", "variables", "place"),
    [
        ("{ customers(first: %s) { nodes { id } } }", None, "first"),
        ("{ customers(last: %s) { nodes { id } } }", None, "last"),
        ("{ customers { nodes { contacts(first: %s) { totalCount } } } }", None, "nodes.contacts.first"),
        ("query($n: Int) { customers(first: $n) { edges { node { id } } } }", "n", "first"),
        ("query($n: Int) { customers { nodes { contacts(last: $n) { nodes { id } } } } }", "n", "nodes.contacts.last"),
    ],
)
@pytest.mark.parametrize("size", [0, -1, 101, 2**31 - 1, -(2**31)])
async def test_a_page_of_no_possible_size_is_refused_where_it_stands(
    graph: Asking, company: Company, query: str, variables: str | None, place: str, size: int
) -> None:
    text = query if variables else query % size
    before = graph.engine.statements
    assert await graph.faults(company.admin, text, {variables: size} if variables else None) == [
        ("BAD_USER_INPUT", place)
    ]
    assert graph.engine.statements == before + 1  # the proof


@pytest.fixture(scope="module")
async def frugal(database: TemporaryDatabase, company: Company, settings: Settings) -> AsyncIterator[Asking]:
    """The graph where callers have a budget, in a minute that does not pass."""
    given = settings.model_copy(update={"cost_per_minute": 100})
    async with asking(database.dsn, given) as served:
        served.engine.budgets.counters = Here(clock=lambda: 0)
        yield served


async def test_a_caller_whose_budget_is_spent_waits_and_nobody_else(frugal: Asking, company: Company) -> None:
    query = "{ customers(first: 40) { nodes { id } } }"
    told = [(await frugal.ask(company.admin, query))["extensions"]["cost"] for _ in range(2)]
    assert told[0] == {"requested": 40, "limit": 100, "budget": 100, "remaining": 60, "restoreRate": 1.67}
    assert told[1]["remaining"] == 20
    before = frugal.engine.statements
    response = await frugal.post(company.admin, query)
    assert (response.status_code, response.headers["retry-after"]) == (429, "75")
    assert response.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert "requestId" in response.json()["errors"][0]["extensions"]
    assert frugal.engine.statements == before
    assert (await frugal.ask(company.rep, query))["extensions"]["cost"]["remaining"] == 60


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("{ customers(first: 0) { nodes { orders { nodes { id } } } } }", 200),
        ("{ customers(first: 30, after: \"x\") { nodes { id } } }", 200),
        ("{ customers(first: 100) { nodes { orders { nodes { id } } } } }", 200),
        ("{ customers { nodes { nothing } } }", 200),
        ("{ customers", 200),
    ],
)  # fmt: skip
async def test_what_comes_to_no_answer_is_not_charged(
    frugal: Asking, company: Company, query: str, status: int
) -> None:
    who = company.auditor
    before = (await frugal.ask(who, "{ __typename }"))["extensions"]["cost"]["remaining"]
    response = await frugal.post(who, query)
    assert response.status_code == status
    assert "errors" in response.json()
    assert (await frugal.ask(who, "{ __typename }"))["extensions"]["cost"]["remaining"] == before


async def test_what_the_documentation_counts_is_counted_so(graph: Asking, company: Company) -> None:
    text = DOCUMENTED.read_text("utf-8")
    (query,) = re.findall(r"```graphql\n(.*?)```", text, re.DOTALL)
    points = re.search(r"= (\d+)\n", query)
    assert points is not None
    assert (await _explained(graph, company.admin, query))["requested"] == int(points[1])
    asked = json.loads(
        next(found for found in re.findall(r"```json\n(.*?)```", text, re.DOTALL) if "explainCost" in found)
    )
    answer = await graph.ask(company.admin, **asked)
    assert answer["extensions"]["cost"]["fields"][0] == {"path": "customers", "cost": 100}


async def test_a_longer_answer_than_any_may_be_is_not_sent_but_of_a_change(
    database: TemporaryDatabase, company: Company, writer: asyncpg.Connection, settings: Settings
) -> None:
    long, query = customer("x" * 200), "{ customers { nodes { displayName } } }"
    await store(writer, *(customer("x" * 200) for _ in range(10)), long)
    rename = f"""mutation {{ customerUpdate(input: {{id: "{long.node}", displayName: "{"y" * 200}"}})
        {{ customer {{ {" ".join(f"n{i}: displayName" for i in range(10))} }} userErrors {{ code }} }} }}"""
    async with asking(database.dsn, settings.model_copy(update={"longest_answer": 1_500})) as small:
        for _new_and_known in range(2):
            answer = await small.ask(company.admin, query)
            assert answer["data"] is None
            (error,) = answer["errors"]
            assert error["message"] == "the answer has more than 1500 bytes: ask for fewer rows or fields"
            assert (error["extensions"]["code"], error["extensions"]["limit"]) == ("COST_EXCEEDED", 1_500)
        few = await small.data(company.admin, query.replace("{ nodes", "(first: 5) { nodes"))
        assert [len(node["displayName"]) for node in few["customers"]["nodes"]] == [200] * 5
        assert (await small.data(company.admin, rename))["customerUpdate"]["customer"]["n9"] == "y" * 200
