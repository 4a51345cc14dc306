"""`minGroup`: groups that are too small are not shown, nor those by whose difference they would be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal
from itertools import count
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.models.catalogue import CATALOGUE
from app.services.policies.store import activate
from app.settings import Settings
from graphql_schema.aggregates.grouping import CURRENCY, Grouping
from graphql_schema.aggregates.measures import Aggregate, Measure
from policies.fragments import DIALECT
from policies.loading import DEFAULT_RULES, load, read_folder
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import customer, order, store
from tests.http.asking import Asking, asking

SIZES = [
    ("a" * 5 + "b" * 4 + "c" * 3, 3, "abc"),
    ("a" * 5 + "b" * 4 + "c" * 2, 3, "a"),  # b goes with c: of the sum, c alone could be told
    ("a" * 5 + "b" * 2 + "c" * 2, 3, "a"),  # together they are enough
    ("a" * 5 + "b" * 2 + "c" * 1, 3, "a"),
    ("a" * 5 + "b" * 1 + "c" * 1, 3, ""),
    ("a" * 5 + "b" * 2, 3, ""),  # more than N - k
    ("a" * 5 + "b" * 3, 3, "ab"),
    ("a" * 5, 3, "a"),  # there is no other
    ("a" * 2, 3, ""),
    ("a" * 3 + "b" * 3 + "c" * 2, 3, "b"),  # of two that are as small, the first goes
    ("", 3, ""),
    ("a" * 2 + "b", 1, "ab"),
]


async def _fetch(writer: asyncpg.Connection, groups: sa.Subquery, *arguments: Any) -> list[Any]:
    compiled = sa.select(groups).compile(dialect=DIALECT, compile_kwargs={"literal_binds": True})
    return list(await writer.fetch(str(compiled), *arguments))


def _rows(*columns: str) -> sa.Subquery:
    arrays = [sa.literal_column(f"${i}::text[]", ARRAY(sa.Text())) for i, _ in enumerate(columns, 1)]
    found = sa.func.unnest(*arrays).table_valued(*(sa.column(name, sa.Text()) for name in columns)).render_derived()
    return sa.select(*(found.c[name] for name in columns)).subquery("s")


def _grouping(rows: sa.Subquery, least: int, **measures: Measure) -> Grouping:
    numbers = count(1)
    return Grouping(rows, ["k0"], measures, lambda prefix: f"{prefix}{next(numbers)}", least)


@pytest.mark.parametrize(("rows", "least", "expected"), SIZES, ids=[f"{row[0]}-{row[1]}" for row in SIZES])
async def test_no_group_of_fewer_rows_can_be_told(
    writer: asyncpg.Connection, rows: str, least: int, expected: str
) -> None:
    found = await _fetch(writer, _grouping(_rows("k0"), least).groups(), list(rows))
    assert "".join(sorted(row["k0"] for row in found)) == expected
    left_out = sum(size for key, size in Counter(rows).items() if key not in expected)
    assert left_out == 0 or left_out >= least or not expected


async def test_amounts_by_currency_are_as_shy(writer: asyncpg.Connection) -> None:
    """Of a group of nine, three are in one currency, four in another and two in a third."""
    rows = _rows("k0", CURRENCY, "x")
    numbers = sa.select(rows.c.k0, rows.c[CURRENCY], sa.cast(rows.c.x, sa.Numeric()).label("x")).subquery("t")
    made = _grouping(numbers, 3, each=Measure(Aggregate.SUM, "x", by_currency=True), all=Measure(Aggregate.SUM, "x"))
    currencies = ["A"] * 3 + ["B"] * 4 + ["C"] * 2
    found = await _fetch(writer, made.groups(), ["g"] * 9, currencies, ["1"] * 9)
    assert [(row["k0"], row["n"], row["all"], row["each"]) for row in found] == [
        ("g", 9, Decimal(9), '[{"currency" : "B", "amount" : "4"}]')
    ]


def _amounts(rows: sa.Subquery, *names: str) -> sa.Subquery:
    """The rows with amounts as numbers."""
    amounts = [sa.cast(rows.c[name], sa.Numeric()).label(name) for name in names]
    return sa.select(rows.c.k0, rows.c[CURRENCY], *amounts).subquery("t")


async def test_rows_without_an_amount_hide_no_currency(writer: asyncpg.Connection) -> None:
    """Of nine, five are in one currency and one in another; the three without an amount are no third one."""
    numbers = _amounts(_rows("k0", CURRENCY, "x"), "x")
    made = _grouping(numbers, 3, each=Measure(Aggregate.SUM, "x", by_currency=True))
    found = await _fetch(writer, made.groups(), ["g"] * 9, ["A"] * 5 + ["B"] + [None] * 3, ["1"] * 6 + [None] * 3)
    assert [(row["n"], row["each"]) for row in found] == [(9, "[]")]


@pytest.mark.parametrize(("rated", "base"), [(6, 6), (5, None), (4, None), (3, 3), (2, None)])
async def test_a_base_amount_tells_of_no_few_rows_without_a_rate(
    writer: asyncpg.Connection, rated: int, base: int | None
) -> None:
    numbers = _amounts(_rows("k0", CURRENCY, "x", "y"), "x", "y")
    made = _grouping(
        numbers,
        3,
        each=Measure(Aggregate.SUM, "x", by_currency=True),
        base=Measure(Aggregate.SUM, "y", beside="x"),
    )
    rates = ["1"] * rated + [None] * (6 - rated)
    found = await _fetch(writer, made.groups(), ["g"] * 6, ["A"] * 6, ["1"] * 6, rates)
    assert [(row["base"], row["each"]) for row in found] == [
        (None if base is None else Decimal(base), '[{"currency" : "A", "amount" : "6"}]')
    ]


async def test_a_measure_of_fewer_values_is_not_told(writer: asyncpg.Connection) -> None:
    rows = _rows("k0", "x")
    made = _grouping(rows, 3, most=Measure(Aggregate.MAX, "x"), different=Measure(Aggregate.COUNT_DISTINCT, "x"))
    few = await _fetch(writer, made.groups(), ["g"] * 5, ["1", "2", None, None, None])
    enough = await _fetch(writer, made.groups(), ["g"] * 5, ["1", "2", "3", None, None])
    assert [(row["n"], row["most"], row["different"]) for row in few + enough] == [(5, None, None), (5, "3", 3)]


@pytest.fixture(scope="module")
async def shy(
    database: TemporaryDatabase, company: Company, writer: asyncpg.Connection, settings: Settings
) -> AsyncIterator[Asking]:
    """Finance sees no groups of fewer than three. Of eleven orders five are drafts, four fulfilled and two canceled."""
    texts = dict(read_folder(DEFAULT_RULES))
    name = next(name for name in texts if name.endswith("finance.yaml"))
    texts[name] = texts[name].replace("name: Finance\n", "name: Finance\nminGroup: 3\n")
    assert load(texts, CATALOGUE).roles["finance"].min_group == 3
    await activate(writer, texts)
    one, other = customer("one", tier="KEY"), customer("other", tier="BASIC")
    await store(writer, one, other)
    sizes = {"DRAFT": 5, "FULFILLED": 4, "CANCELED": 2}
    rows = [
        order(one if i < 2 else other, status=status, total=Decimal(10), number=f"{status}-{i}")
        for status, size in sizes.items()
        for i in range(size)
    ]
    await store(writer, *rows)
    async with asking(database.dsn, settings) as served:
        yield served


HIDDEN = [
    ("groupBy: [{field: STATUS}]", [("DRAFT", 5)]),
    ("", [(None, 11)]),
    ("where: {status: {neq: CANCELED}}", []),  # it would tell of the two that are left out
    ("where: {status: {eq: DRAFT}}", [(None, 5)]),
    ("where: {status: {eq: CANCELED}}", []),
    ("where: {status: {in: [DRAFT, FULFILLED]}}, groupBy: [{field: STATUS}]", []),
    ('where: {number: {neq: "DRAFT-0"}}', []),
    ("groupBy: [{field: STATUS}], having: [{aggregate: COUNT, value: {lt: 5}}]", []),
    ("groupBy: [{field: STATUS}], orderBy: [{aggregate: COUNT}], first: 1", [("DRAFT", 5)]),
]


@pytest.mark.parametrize(("arguments", "expected"), HIDDEN, ids=[row[0] for row in HIDDEN])
async def test_small_groups_are_left_out_before_all_else(
    shy: Asking, company: Company, arguments: str, expected: list[Any]
) -> None:
    given = f"({arguments})" if arguments else ""
    query = f"{{ ordersAggregate{given} {{ hasMore nodes {{ keys {{ status }} count }} }} }}"
    found = (await shy.data(company.finance, query))["ordersAggregate"]
    assert [(node["keys"]["status"], node["count"]) for node in found["nodes"]] == expected
    assert found["hasMore"] is False


async def test_others_see_small_groups(shy: Asking, company: Company) -> None:
    query = "{ ordersAggregate(groupBy: [{field: STATUS}]) { nodes { keys { status } count } } }"
    found = (await shy.data(company.admin, query))["ordersAggregate"]["nodes"]
    assert {node["keys"]["status"]: node["count"] for node in found} == {"DRAFT": 5, "FULFILLED": 4, "CANCELED": 2}


async def test_lists_and_measures_of_few_rows_are_not_shown(shy: Asking, company: Company) -> None:
    """One customer has six orders, two of each status; the other has five: three drafts and two fulfilled."""
    query = """{ customers(orderBy: [{field: DISPLAY_NAME}]) { nodes { displayName ordersAggregate { nodes { count } }
        few: ordersAggregate(where: {status: {eq: CANCELED}}) { nodes { count } } } } }"""
    assert await shy.data(company.finance, query) == {
        "customers": {
            "nodes": [
                {"displayName": "one", "ordersAggregate": {"nodes": [{"count": 6}]}, "few": {"nodes": []}},
                {"displayName": "other", "ordersAggregate": {"nodes": [{"count": 5}]}, "few": {"nodes": []}},
            ]
        }
    }


async def test_related_rows_are_measured_where_they_are_enough(shy: Asking, company: Company, writer: Any) -> None:
    more = [customer(f"more {i}", tier="KEY") for i in range(3)]
    await store(writer, *more)
    query = """{ customersAggregate(where: {tier: {eq: KEY}}) { nodes { count orders { count sum { total { byCurrency { amount } } } }
        few: orders(where: {status: {eq: CANCELED}}) { count }
        but: orders(where: {number: {neq: "DRAFT-0"}}) { count } } } }"""
    answer = await shy.data(company.finance, query)
    assert answer == {"customersAggregate": {"nodes": []}}, "one more customer is left out"
    await store(writer, *[customer(f"basic {i}", tier="BASIC") for i in range(2)])
    orders = {"count": 6, "sum": {"total": {"byCurrency": [{"amount": "60.0000"}]}}}
    assert await shy.data(company.finance, query) == {
        "customersAggregate": {"nodes": [{"count": 4, "orders": orders, "few": None, "but": None}]}
    }
