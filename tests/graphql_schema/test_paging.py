"""Page by page, in either direction and any order, a list is what Python's sort makes of its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import models
from app.models.base import Record
from app.models.enums import CustomerTier
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, interaction, owned, product, store, task
from tests.http.asking import Asking

UTC = dt.UTC
NAMES = ["Ada", "ada", "Äda", "", "客户", "a'b", "\u2028", "🜁", "Zoë", '"\\']


@dataclass(frozen=True)
class Column:
    """What a list can be ordered by: its enum value, the table's column, and values that rows may have."""

    order: str
    name: str
    values: Sequence[Any]
    more: Callable[[Any], Mapping[str, Any]] = lambda value: {}
    """Columns that go with a value."""
    sorted_by: Callable[[Any], Any] = lambda value: value

    def __repr__(self) -> str:
        return self.order


TIMES = [
    dt.datetime(2026, 1, 31, 12, tzinfo=UTC),
    dt.datetime(2026, 1, 31, 12, 0, 0, 1, tzinfo=UTC),
    dt.datetime(1, 1, 2, tzinfo=UTC),
    dt.datetime(9999, 12, 30, tzinfo=UTC),
    dt.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
]
DAYS = [dt.date(1, 1, 2), dt.date(2000, 2, 29), dt.date(9999, 12, 30), dt.date(1969, 12, 31)]
AMOUNTS = [Decimal(0), Decimal("0.0001"), Decimal("12.5"), Decimal("12.50"), Decimal("999999999999999.9999")]
RATED = [
    (None, None),
    (Decimal(2), None),
    (Decimal(2), Decimal(1)),
    (Decimal(4), Decimal("0.5")),
    (Decimal(3), Decimal(1)),
]


def _priced(value: Any) -> Mapping[str, Any]:
    amount, rate = value
    day = dt.date(2026, 1, 1) if rate else None
    return {"annual_revenue": amount, "currency": "EUR", "fx_rate": rate, "fx_date": day}


def _base(value: Any) -> Decimal | None:
    amount, rate = value
    return None if amount is None or rate is None else Decimal(amount * rate)


COLUMNS: dict[str, list[Column]] = {
    "customers": [
        Column("DISPLAY_NAME", "display_name", NAMES),
        Column("LEGAL_NAME", "legal_name", [None, *NAMES, None]),
        Column("TIER", "tier", [None, *CustomerTier]),
        Column("CATEGORY_PATH", "category_path", [None, "/", "/a/", "/a/b/", "/客/"]),
        Column("LEGAL_HOLD", "legal_hold", [True, False]),
        Column("LAST_INTERACTION_AT", "last_interaction_at", [None, *TIMES]),
        Column("ANNUAL_REVENUE", "", RATED, _priced, _base),
        Column("VERSION", "version", [1, 2, 2147483647]),
    ],
    "interactions": [
        Column("DURATION_SECONDS", "duration_seconds", [None, None, 0, 1, 2147483647]),
        Column("OCCURRED_AT", "occurred_at", TIMES),
        Column("SUBJECT", "subject", NAMES),
        Column("KIND", "kind", ["CALL", "EMAIL", "VISIT"]),
    ],
    "products": [
        Column("AVAILABLE_QUANTITY", "available_quantity", [None, Decimal(0), Decimal("0.001"), Decimal("2.5")]),
        Column("LIST_PRICE", "list_price", [None, *AMOUNTS], lambda value: {"currency": "EUR"}),
        Column("ACTIVE", "active", [True, False]),
        Column("NAME", "name", NAMES),
    ],
    "tasks": [
        Column("DUE_AT", "due_at", [None, *TIMES]),
        Column("TITLE", "title", NAMES),
        Column("PRIORITY", "priority", ["LOW", "HIGH"]),
    ],
    "contracts": [
        Column("END_DATE", "end_date", [None, *DAYS]),
        Column("NUMBER", "number", NAMES),
    ],
}
MODELS: Mapping[str, type[Record]] = {
    "customers": models.Customer,
    "interactions": models.Interaction,
    "products": models.Product,
    "tasks": models.Task,
    "contracts": models.Contract,
}
HOLDER = customer("Holder")


def _row(root: str, values: Mapping[str, Any]) -> Row:
    if root == "customers":
        return customer(**{"name": "x", **_named(values)})
    if root == "products":
        return product(f"sku-{next(NUMBERS)}", **values)
    if root == "contracts":
        return owned(models.Contract, HOLDER, **values)
    return (interaction if root == "interactions" else task)(HOLDER, **values)


def _named(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"name" if name == "display_name" else name: value for name, value in values.items()}


NUMBERS = iter(range(10**9))


@dataclass(frozen=True)
class Term:
    """One step of an order."""

    column: Column
    direction: str | None
    nulls: str | None

    @property
    def descending(self) -> bool:
        return self.direction == "DESC"

    @property
    def nulls_first(self) -> bool:
        return self.nulls == "FIRST" if self.nulls else self.descending

    @property
    def variable(self) -> dict[str, str]:
        """As a variable's value."""
        given = {"field": self.column.order, "direction": self.direction, "nulls": self.nulls}
        return {name: value for name, value in given.items() if value is not None}

    def compare(self, one: Any, other: Any) -> int:
        """-1, 0 or 1: how two values stand in this order."""
        if one is None or other is None:
            return (one is not None) - (other is not None) if self.nulls_first else (one is None) - (other is None)
        found = int(one > other) - int(one < other)
        return -found if self.descending else found


@dataclass(frozen=True)
class Case:
    """A list, its rows' values by column, and an order."""

    root: str
    rows: Sequence[Mapping[str, Any]]
    terms: Sequence[Term]
    size: int


@st.composite
def cases(draw: st.DrawFn) -> Case:
    root = draw(st.sampled_from(sorted(COLUMNS)))
    columns = COLUMNS[root]
    row = st.fixed_dictionaries({column.order: st.sampled_from(column.values) for column in columns})
    term = st.builds(
        Term, st.sampled_from(columns), st.sampled_from([None, "ASC", "DESC"]), st.sampled_from([None, "FIRST", "LAST"])
    )
    rows = draw(st.lists(row, max_size=12))
    return Case(root, rows, draw(st.lists(term, max_size=3)), draw(st.integers(1, 5)))


def _stored(case: Case) -> list[Row]:
    found = []
    for row in case.rows:
        values: dict[str, Any] = {}
        for column in COLUMNS[case.root]:
            if column.name:
                values[column.name] = row[column.order]
            values |= column.more(row[column.order])
        found.append(_row(case.root, values))
    return found


def _sorted(case: Case, rows: Sequence[Row]) -> list[str]:
    """The ids of the rows in the order of the case; equal ones by key, in the direction of the last term that counts."""
    named: dict[str, Term] = {}
    for term in case.terms:
        named.setdefault(term.column.order, term)
    terms = [*named.values()]

    def compare(one: int, other: int) -> int:
        for term in terms:
            found = term.compare(*(term.column.sorted_by(case.rows[i][term.column.order]) for i in (one, other)))
            if found:
                return found
        keys = (rows[one].key > rows[other].key) - (rows[one].key < rows[other].key)
        return -keys if terms and terms[-1].descending else keys

    return [rows[i].node for i in sorted(range(len(rows)), key=cmp_to_key(compare))]


def _query(root: str, arguments: str, declared: str) -> str:
    type_ = root.removesuffix("s").title()
    parts = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } }"
    return (
        f"query($o: [{type_}Order!], {declared}) {{ {root}(orderBy: $o, {arguments}) {{ {parts} totalCount }}"
        f" plain: {root}(orderBy: $o, {arguments}) {{ nodes {{ id }} }} }}"
    )


async def _walk(graph: Asking, who: Row, case: Case, *, forward: bool) -> list[str]:
    """All ids, page by page from one end to the other, in the order of the list."""
    size, cursor = ("first", "after") if forward else ("last", "before")
    query = _query(case.root, f"{size}: $n, {cursor}: $c", "$n: Int, $c: String")
    variables: dict[str, Any] = {"o": [term.variable for term in case.terms], "n": case.size}
    found: list[str] = []
    while True:
        data = await graph.data(who, query, variables)
        page = data[case.root]
        ids = [edge["node"]["id"] for edge in page["edges"]]
        assert [node["id"] for node in data["plain"]["nodes"]] == ids
        assert page["totalCount"] == len(case.rows)
        info = page["pageInfo"]
        assert info["startCursor"] == (page["edges"][0]["cursor"] if ids else None)
        assert info["endCursor"] == (page["edges"][-1]["cursor"] if ids else None)
        assert info["hasPreviousPage" if forward else "hasNextPage"] is bool(found)
        found = [*found, *ids] if forward else [*ids, *found]
        if not info["hasNextPage" if forward else "hasPreviousPage"]:
            return found
        assert len(ids) == case.size
        variables["c"] = info["endCursor" if forward else "startCursor"]


@pytest.fixture(scope="module")
async def holder(writer: asyncpg.Connection, company: Company) -> Row:
    await store(writer, HOLDER)
    return HOLDER


async def _put(writer: asyncpg.Connection, holder: Row, case: Case) -> list[Row]:
    """Makes the rows of a case the only ones of their table in view."""
    rows = _stored(case)
    await writer.execute(f"DELETE FROM {MODELS[case.root].__tablename__} WHERE id <> $1", holder.key)
    hidden = "now()" if case.root == "customers" else "NULL"
    await writer.execute(f"UPDATE customers SET deleted_at = {hidden} WHERE id = $1", holder.key)
    await store(writer, *rows)
    return rows


@settings(max_examples=60, deadline=None, derandomize=True)
@given(case=cases(), masked=st.booleans())
async def test_pages_make_the_whole_list_without_gap_or_repeat(
    graph: Asking, company: Company, holder: Row, writer: asyncpg.Connection, case: Case, *, masked: bool
) -> None:
    expected = _sorted(case, await _put(writer, holder, case))
    who = company.auditor if masked else company.admin
    assert await _walk(graph, who, case, forward=True) == expected
    assert await _walk(graph, who, case, forward=False) == expected


ORDERS = [(None, None), ("ASC", "FIRST"), ("DESC", None), ("DESC", "LAST")]


@pytest.mark.parametrize(("root", "column"), [(root, column) for root in COLUMNS for column in COLUMNS[root]], ids=str)
async def test_every_kind_of_column_pages_in_every_order(
    graph: Asking, company: Company, holder: Row, writer: asyncpg.Connection, root: str, column: Column
) -> None:
    rows = [
        {each.order: each.values[i % len(each.values)] for each in COLUMNS[root]} for i in (0, 5, 1, 4, 2, 3, 0, 1, 11)
    ]
    case = Case(root, rows, [], 4)
    stored = await _put(writer, holder, case)
    for direction, nulls in ORDERS:
        ordered = replace(case, terms=[Term(column, direction, nulls)])
        expected = _sorted(ordered, stored)
        assert await _walk(graph, company.admin, ordered, forward=True) == expected
        assert await _walk(graph, company.admin, ordered, forward=False) == expected


LONG = "\u0001" * 200


async def test_the_longest_values_go_into_a_cursor(
    graph: Asking, company: Company, holder: Row, writer: asyncpg.Connection
) -> None:
    columns = [column for column in COLUMNS["customers"] if column.order in ("DISPLAY_NAME", "LEGAL_NAME")]
    names = [
        {column.order: column.values[0] for column in COLUMNS["customers"]} | {"DISPLAY_NAME": LONG} for _ in "abc"
    ]
    case = Case("customers", [{**row, "LEGAL_NAME": LONG} for row in names], [Term(c, None, None) for c in columns], 1)
    expected = _sorted(case, await _put(writer, holder, case))
    assert await _walk(graph, company.admin, case, forward=True) == expected
    again = replace(case, terms=[*case.terms] * 20)
    assert await _walk(graph, company.admin, again, forward=True) == expected
    lines = Case("interactions", [{"SUBJECT": "\u0001" * 500, "KIND": "CALL"}] * 3, [], 1)
    rows = [interaction(HOLDER, subject="\u0001" * 500, body="x" * 100_000) for _ in lines.rows]
    await writer.execute("DELETE FROM interactions")
    await store(writer, *rows)
    by_subject = replace(lines, terms=[Term(COLUMNS["interactions"][2], "DESC", None)])
    assert await _walk(graph, company.admin, by_subject, forward=False) == [row.node for row in reversed(rows)]


async def test_texts_of_any_length_are_nothing_to_order_by(graph: Asking, company: Company) -> None:
    query = """{ a: __type(name: "InteractionOrderField") { enumValues { name } } }"""
    found = (await graph.data(company.admin, query))["a"]["enumValues"]
    assert {"SUBJECT", "OCCURRED_AT"} <= {value["name"] for value in found}
    assert "BODY" not in {value["name"] for value in found}
