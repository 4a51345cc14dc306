"""Connections: sizes of pages and cursors that are refused, whatever is asked of the page."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.paging import KEY, NAMES, encoded, first_cursor, forged
from tests.graphql_schema.rows import Row
from tests.http.asking import Asking

BY_NAME = "orderBy: [{field: DISPLAY_NAME}]"
PARTS = [
    "nodes { id }",
    "edges { cursor }",
    "pageInfo { hasNextPage }",
    "totalCount",
    "__typename",
    "id: totalCount nodes @skip(if: true) { id }",
]
WRONG_SIZES = [
    ("first: 0", "first"),
    ("first: -1", "first"),
    ("first: 101", "first"),
    ("first: 2147483647", "first"),
    ("last: 0", "last"),
    ("last: -2147483648", "last"),
    ("last: 101", "last"),
    ("first: 1, last: 1", "last"),
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("arguments", "argument"), WRONG_SIZES)
async def test_a_wrong_page_size_is_refused_whatever_is_asked_of_the_page(
    graph: Asking, company: Company, customers: list[Row], arguments: str, argument: str, part: str
) -> None:
    inside = f"{{ customers {{ nodes {{ contacts({arguments}) {{ {part} }} }} }} }}"
    assert await graph.faults(company.admin, f"{{ customers({arguments}) {{ {part} }} }}") == [
        ("BAD_USER_INPUT", argument)
    ]
    assert await graph.faults(company.admin, inside) == [("BAD_USER_INPUT", f"nodes.contacts.{argument}")]


@pytest.mark.parametrize("part", PARTS)
async def test_a_wrong_page_size_in_a_variable_is_refused_by_a_known_plan_too(
    graph: Asking, company: Company, customers: list[Row], part: str
) -> None:
    query = f"query($n: Int) {{ customers(first: $n) {{ {part} }} }}"
    await graph.data(company.admin, query, {"n": 3})
    await graph.data(company.admin, query, {"n": 4})
    assert await graph.faults(company.admin, query, {"n": 0}) == [("BAD_USER_INPUT", "first")]
    assert await graph.faults(company.admin, query, {"n": 101}) == [("BAD_USER_INPUT", "first")]
    await graph.data(company.admin, query, {"n": None})
    await graph.data(company.admin, query)


@pytest.mark.parametrize("part", PARTS)
async def test_a_wrong_operand_is_refused_whatever_is_asked_of_the_page(
    graph: Asking, company: Company, customers: list[Row], part: str
) -> None:
    query = f"query($t: String) {{ customers(where: {{NOT: {{displayName: {{eq: $t}}}}}}) {{ {part} }} }}"
    for _ in range(2):
        await graph.data(company.admin, query, {"t": "x"})
        assert await graph.faults(company.admin, query, {"t": "\0"}) == [("BAD_USER_INPUT", "where.NOT.displayName.eq")]


FORGED: list[tuple[str, tuple[Any, ...]]] = [
    ("DISPLAY_NAME", (1, KEY)),
    ("DISPLAY_NAME", (None, KEY)),
    ("DISPLAY_NAME", (True, KEY)),
    ("DISPLAY_NAME", (["Ada"], KEY)),
    ("DISPLAY_NAME", ({"a": 1}, KEY)),
    ("DISPLAY_NAME", ("a\0b", KEY)),
    ("DISPLAY_NAME", ("\ud800", KEY)),
    ("DISPLAY_NAME", ("Ada", None)),
    ("DISPLAY_NAME", ("Ada", 5)),
    ("DISPLAY_NAME", ("Ada", "no key")),
    ("DISPLAY_NAME", ("Ada", ["x"])),
    ("DISPLAY_NAME", ("Ada",)),
    ("DISPLAY_NAME", ("Ada", KEY, KEY)),
    ("DISPLAY_NAME", ()),
    ("VERSION", ("1", KEY)),
    ("VERSION", (10**41, KEY)),
    ("VERSION", (None, KEY)),
    ("VERSION", (True, KEY)),
    ("ANNUAL_REVENUE", ("12", KEY)),
    ("ANNUAL_REVENUE", (10**41, KEY)),
    ("ANNUAL_REVENUE", ([], KEY)),
    ("LEGAL_HOLD", ("true", KEY)),
    ("LEGAL_HOLD", (1, KEY)),
    ("LEGAL_HOLD", (None, KEY)),
    ("CREATED_AT", ("2026-01-31", KEY)),
    ("CREATED_AT", ("2026-01-31T12:00:00", KEY)),
    ("CREATED_AT", ("0001-01-01T00:00:00+14:00", KEY)),
    ("CREATED_AT", ("9999-12-31T23:59:59-14:00", KEY)),
    ("CREATED_AT", ("infinity", KEY)),
    ("CREATED_AT", (0, KEY)),
    ("BIRTH_DATE", ("yesterday", KEY)),
    ("BIRTH_DATE", (20260131, KEY)),
    ("BIRTH_DATE", ({}, KEY)),
    ("KIND", (3, KEY)),
]
RAW_NUMBERS = [
    "9" * 6000,
    "0e-99999",
    "0e99999",
    "-0e-20000",
    "1e-41",
    "1e41",
    "1e999999999",
    "-1e-999999999",
    "1e99999999999999999999",
    "-1e-99999999999999999999",
    "NaN",
    "Infinity",
    "-Infinity",
]


@pytest.mark.parametrize("argument", ["after", "before"])
@pytest.mark.parametrize(("field", "values"), FORGED)
async def test_a_forged_cursor_is_refused_where_it_stands(
    graph: Asking, company: Company, customers: list[Row], field: str, values: tuple[Any, ...], argument: str
) -> None:
    cursor = forged(*values, of=await first_cursor(graph, company, field))
    query = f"query($c: String) {{ customers({argument}: $c, orderBy: [{{field: {field}}}]) {{ nodes {{ id }} }} }}"
    assert await graph.faults(company.admin, query, {"c": cursor}) == [("BAD_USER_INPUT", argument)]


@pytest.mark.parametrize("field", ["ANNUAL_REVENUE", "FX_RATE", "VERSION"])
@pytest.mark.parametrize("number", RAW_NUMBERS)
async def test_a_number_of_no_sane_length_in_a_cursor_is_refused(
    graph: Asking, company: Company, customers: list[Row], field: str, number: str
) -> None:
    head = json.loads(base64.urlsafe_b64decode(await first_cursor(graph, company, field)))[0]
    cursor = encoded(f'["{head}", {number}, "{KEY}"]')
    query = f"query($c: String) {{ customers(after: $c, orderBy: [{{field: {field}}}]) {{ nodes {{ id }} }} }}"
    assert await graph.faults(company.admin, query, {"c": cursor}) == [("BAD_USER_INPUT", "after")]


MALFORMED = {
    "nothing": "",
    "no base64": "§§",
    "bad padding": "YWJj ZA",
    "no JSON": encoded("abc"),
    "a text": encoded('"abc"'),
    "a number": encoded("12"),
    "an object": encoded('{"a": 1}'),
    "an empty list": encoded("[]"),
    "null": encoded("null"),
    "deep lists": encoded("[" * 5000 + "]" * 5000),
    "deep objects": encoded('{"a":' * 5000 + "1" + "}" * 5000),
    "no UTF-8": base64.urlsafe_b64encode(b"\xff\xfe[1]").decode(),
    "half a pair": encoded("\ud800"),
    "long": "A" * 600_000,
    "a number beyond all": encoded('["00000000", 1e99999999999999999999]'),
    "an unknown order": encoded('["00000000", "Ada", "x"]'),
    "the order is a list": encoded('[["00000000"], "Ada", "x"]'),
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", MALFORMED)
async def test_a_malformed_cursor_is_refused_whatever_is_asked_of_the_page(
    graph: Asking, company: Company, customers: list[Row], kind: str, part: str
) -> None:
    query = f"query($c: String) {{ customers(after: $c) {{ {part} }} }}"
    assert await graph.faults(company.admin, query, {"c": MALFORMED[kind]}) == [("BAD_USER_INPUT", "after")]


async def test_a_malformed_cursor_is_refused_by_a_known_plan_too(
    graph: Asking, company: Company, customers: list[Row]
) -> None:
    good = await first_cursor(graph, company, "DISPLAY_NAME")
    query = f"query($c: String) {{ customers(after: $c, {BY_NAME}) {{ nodes {{ displayName }} }} }}"
    rest = [{"displayName": name} for name in NAMES[1:]]
    for _ in range(2):
        assert await graph.data(company.admin, query, {"c": good}) == {"customers": {"nodes": rest}}
        for cursor in MALFORMED.values():
            assert await graph.faults(company.admin, query, {"c": cursor}) == [("BAD_USER_INPUT", "after")]


@pytest.mark.parametrize(
    "order",
    [
        "",
        "orderBy: [{field: DISPLAY_NAME, direction: DESC}]",
        "orderBy: [{field: DISPLAY_NAME, nulls: FIRST}]",
        "orderBy: [{field: LEGAL_NAME}]",
        "orderBy: [{field: DISPLAY_NAME}, {field: KIND}]",
        "orderBy: [{field: KIND}, {field: DISPLAY_NAME}]",
    ],
)
async def test_a_cursor_of_another_order_is_refused(
    graph: Asking, company: Company, customers: list[Row], order: str
) -> None:
    cursor = await first_cursor(graph, company, "DISPLAY_NAME")
    query = f"query($c: String) {{ customers(after: $c, {order}) {{ nodes {{ id }} }} }}"
    answer = await graph.ask(company.admin, query, {"c": cursor})
    assert answer["errors"][0]["message"] == "this cursor belongs to another order"
    assert answer["errors"][0]["extensions"]["argument"] == "after"


async def test_a_cursor_of_another_type_is_refused(graph: Asking, company: Company, customers: list[Row]) -> None:
    cursor = await first_cursor(graph, company, "DISPLAY_NAME")
    query = f"query($c: String) {{ users(after: $c, {BY_NAME}) {{ nodes {{ id }} }} }}"
    assert await graph.faults(company.admin, query, {"c": cursor}) == [("BAD_USER_INPUT", "after")]
