"""Connections: what each part says, under any alias, and which arguments are refused."""

from __future__ import annotations

import base64
import json
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, product, store
from tests.http.asking import Asking

NAMES = ["Ada", "Bea", "Cleo", "Dora", "Edda"]
BY_NAME = "orderBy: [{field: DISPLAY_NAME}]"


@pytest.fixture(scope="module")
async def customers(writer: asyncpg.Connection, company: Company) -> list[Row]:
    """Five customers; the first has contacts."""
    rows = [customer(name, region=company.germany) for name in NAMES]
    await store(writer, *rows, *(contact(rows[0], f"Contact {i:02}") for i in range(12)))
    return rows


async def _cursors(graph: Asking, company: Company) -> dict[str, str]:
    query = f"{{ customers({BY_NAME}) {{ edges {{ cursor node {{ displayName }} }} }} }}"
    found = await graph.data(company.admin, query)
    return {edge["node"]["displayName"]: edge["cursor"] for edge in found["customers"]["edges"]}


async def _page(graph: Asking, company: Company, arguments: str, variables: Any = None, declared: str = "") -> Any:
    parts = "totalCount nodes { displayName } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    query = f"query{declared} {{ customers({arguments}) {{ {parts} }} }}"
    return (await graph.data(company.admin, query, variables))["customers"]


@pytest.mark.parametrize(
    ("arguments", "names", "following", "preceding"),
    [
        ("", "Ada Bea Cleo Dora Edda", False, False),
        ("first: 5,", "Ada Bea Cleo Dora Edda", False, False),
        ("first: 4,", "Ada Bea Cleo Dora", True, False),
        ("first: 1,", "Ada", True, False),
        ("first: 2, after: $bea,", "Cleo Dora", True, True),
        ("first: 3, after: $bea,", "Cleo Dora Edda", False, True),
        ("after: $edda,", "", False, True),
        ("first: 2, before: $bea,", "Ada", False, False),
        ("last: 5,", "Ada Bea Cleo Dora Edda", False, False),
        ("last: 4,", "Bea Cleo Dora Edda", False, True),
        ("last: 1,", "Edda", False, True),
        ("last: 2, before: $dora,", "Bea Cleo", True, True),
        ("last: 3, before: $dora,", "Ada Bea Cleo", True, False),
        ("before: $ada,", "", False, False),
        ("last: 1, before: $ada,", "", True, False),
        ("last: 2, after: $dora,", "Edda", False, False),
        ("first: 2, after: $ada, before: $edda,", "Bea Cleo", True, True),
        ("first: 3, after: $ada, before: $edda,", "Bea Cleo Dora", False, True),
        ("last: 2, after: $ada, before: $edda,", "Cleo Dora", True, True),
        ("first: 2, after: $dora, before: $bea,", "", False, True),
    ],
)
async def test_a_page_says_where_it_stands(
    graph: Asking,
    company: Company,
    customers: list[Row],
    arguments: str,
    names: str,
    *,
    following: bool,
    preceding: bool,
) -> None:
    cursors = await _cursors(graph, company)
    asked = arguments
    for name, cursor in cursors.items():
        asked = asked.replace(f"${name.lower()}", json.dumps(cursor))
    expected = names.split()
    assert await _page(graph, company, f"{asked} {BY_NAME}") == {
        "totalCount": 5,
        "nodes": [{"displayName": name} for name in expected],
        "pageInfo": {
            "hasNextPage": following,
            "hasPreviousPage": preceding,
            "startCursor": cursors[expected[0]] if expected else None,
            "endCursor": cursors[expected[-1]] if expected else None,
        },
    }


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ("pageInfo { hasNextPage }", {"pageInfo": {"hasNextPage": True}}),
        ("pageInfo { hasPreviousPage }", {"pageInfo": {"hasPreviousPage": False}}),
        ("pageInfo { __typename }", {"pageInfo": {"__typename": "PageInfo"}}),
        ("pageInfo { hasNextPage @skip(if: true) }", {"pageInfo": {}}),
        (
            "a: pageInfo { x: hasNextPage } b: pageInfo { y: hasPreviousPage }",
            {"a": {"x": True}, "b": {"y": False}},
        ),
        ("totalCount", {"totalCount": 5}),
        ("n: totalCount m: totalCount", {"n": 5, "m": 5}),
        ("nodes { displayName }", {"nodes": [{"displayName": "Ada"}, {"displayName": "Bea"}]}),
        (
            "a: nodes { x: displayName } b: nodes { y: kind }",
            {"a": [{"x": "Ada"}, {"x": "Bea"}], "b": [{"y": "ORGANIZATION"}, {"y": "ORGANIZATION"}]},
        ),
        (
            "a: edges { n: node { x: displayName } } b: edges { n: node { y: kind } m: node { displayName } }",
            {
                "a": [{"n": {"x": "Ada"}}, {"n": {"x": "Bea"}}],
                "b": [
                    {"n": {"y": "ORGANIZATION"}, "m": {"displayName": "Ada"}},
                    {"n": {"y": "ORGANIZATION"}, "m": {"displayName": "Bea"}},
                ],
            },
        ),
        (
            "__typename t: totalCount nodes { __typename } edges { __typename node { __typename } } "
            "pageInfo { __typename ...on PageInfo { hasNextPage } }",
            {
                "__typename": "CustomerConnection",
                "t": 5,
                "nodes": [{"__typename": "Customer"}] * 2,
                "edges": [{"__typename": "CustomerEdge", "node": {"__typename": "Customer"}}] * 2,
                "pageInfo": {"__typename": "PageInfo", "hasNextPage": True},
            },
        ),
        ("totalCount @skip(if: true)", {}),
        ("nodes { displayName @skip(if: true) }", {"nodes": [{}, {}]}),
        ("edges { cursor @skip(if: true) }", {"edges": [{}, {}]}),
        ("edges { node { id @skip(if: true) } }", {"edges": [{"node": {}}] * 2}),
    ],
)
async def test_each_part_answers_alone_and_together(
    graph: Asking, company: Company, customers: list[Row], selected: str, expected: Any
) -> None:
    query = f"{{ customers(first: 2, {BY_NAME}) {{ {selected} }} }}"
    assert (await graph.data(company.admin, query))["customers"] == expected


EMPTY_PAGE = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}


@pytest.mark.parametrize("arguments", ["first: 1", "last: 1", "first: 100"])
async def test_an_empty_list_is_an_empty_page(
    graph: Asking, company: Company, customers: list[Row], arguments: str
) -> None:
    parts = "totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    query = f"""{{
        tasks({arguments}) {{ {parts} }}
        customers {{ nodes {{ tasks({arguments}) {{ {parts} }} }} }}
    }}"""
    data = await graph.data(company.admin, query)
    empty = {"totalCount": 0, "nodes": [], "edges": [], "pageInfo": EMPTY_PAGE}
    assert data == {"tasks": empty, "customers": {"nodes": [{"tasks": empty}] * 5}}


@pytest.mark.parametrize("selected", ["nodes { id }", "edges { cursor }"])
async def test_a_page_has_twenty_items_at_the_root_and_ten_inside(
    graph: Asking, company: Company, customers: list[Row], selected: str
) -> None:
    query = f"{{ contacts {{ {selected} }} customer(id: $id) {{ contacts {{ {selected} }} }} }}"
    data = await graph.data(company.admin, f"query($id: ID!) {query}", {"id": customers[0].node})
    name = selected.split()[0]
    assert len(data["contacts"][name]) == 12
    assert len(data["customer"]["contacts"][name]) == 10


async def test_twenty_is_the_default_at_the_root(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    await store(writer, *(product(f"sku-{i}") for i in range(21)))
    query = "{ products { totalCount nodes { id } } all: products(first: 100) { nodes { id } } }"
    data = await graph.data(company.admin, query)
    assert data["products"]["totalCount"] == 21
    assert len(data["products"]["nodes"]) == 20
    assert len(data["all"]["nodes"]) == 21


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


def _forged(*values: Any, of: str) -> str:
    """A cursor of the same order as another, with other values."""
    head = json.loads(base64.urlsafe_b64decode(of))[0]
    return _encoded(json.dumps([head, *values]))


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode()


async def _first_cursor(graph: Asking, company: Company, field: str) -> str:
    query = f"{{ customers(first: 1, orderBy: [{{field: {field}}}]) {{ edges {{ cursor }} }} }}"
    found = await graph.data(company.admin, query)
    cursor: str = found["customers"]["edges"][0]["cursor"]
    return cursor


KEY = "00000000-0000-0000-0000-000000000001"
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
    cursor = _forged(*values, of=await _first_cursor(graph, company, field))
    query = f"query($c: String) {{ customers({argument}: $c, orderBy: [{{field: {field}}}]) {{ nodes {{ id }} }} }}"
    assert await graph.faults(company.admin, query, {"c": cursor}) == [("BAD_USER_INPUT", argument)]


@pytest.mark.parametrize("field", ["ANNUAL_REVENUE", "FX_RATE", "VERSION"])
@pytest.mark.parametrize("number", RAW_NUMBERS)
async def test_a_number_of_no_sane_length_in_a_cursor_is_refused(
    graph: Asking, company: Company, customers: list[Row], field: str, number: str
) -> None:
    head = json.loads(base64.urlsafe_b64decode(await _first_cursor(graph, company, field)))[0]
    cursor = _encoded(f'["{head}", {number}, "{KEY}"]')
    query = f"query($c: String) {{ customers(after: $c, orderBy: [{{field: {field}}}]) {{ nodes {{ id }} }} }}"
    assert await graph.faults(company.admin, query, {"c": cursor}) == [("BAD_USER_INPUT", "after")]


MALFORMED = {
    "nothing": "",
    "no base64": "§§",
    "bad padding": "YWJj ZA",
    "no JSON": _encoded("abc"),
    "a text": _encoded('"abc"'),
    "a number": _encoded("12"),
    "an object": _encoded('{"a": 1}'),
    "an empty list": _encoded("[]"),
    "null": _encoded("null"),
    "deep lists": _encoded("[" * 5000 + "]" * 5000),
    "deep objects": _encoded('{"a":' * 5000 + "1" + "}" * 5000),
    "no UTF-8": base64.urlsafe_b64encode(b"\xff\xfe[1]").decode(),
    "half a pair": _encoded("\ud800"),
    "long": "A" * 600_000,
    "a number beyond all": _encoded('["00000000", 1e99999999999999999999]'),
    "an unknown order": _encoded('["00000000", "Ada", "x"]'),
    "the order is a list": _encoded('[["00000000"], "Ada", "x"]'),
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
    good = await _first_cursor(graph, company, "DISPLAY_NAME")
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
    cursor = await _first_cursor(graph, company, "DISPLAY_NAME")
    query = f"query($c: String) {{ customers(after: $c, {order}) {{ nodes {{ id }} }} }}"
    answer = await graph.ask(company.admin, query, {"c": cursor})
    assert answer["errors"][0]["message"] == "this cursor belongs to another order"
    assert answer["errors"][0]["extensions"]["argument"] == "after"


async def test_a_cursor_of_another_type_is_refused(graph: Asking, company: Company, customers: list[Row]) -> None:
    cursor = await _first_cursor(graph, company, "DISPLAY_NAME")
    query = f"query($c: String) {{ users(after: $c, {BY_NAME}) {{ nodes {{ id }} }} }}"
    assert await graph.faults(company.admin, query, {"c": cursor}) == [("BAD_USER_INPUT", "after")]


async def test_a_cursor_goes_on_where_its_row_was_though_the_row_is_gone(
    graph: Asking, company: Company, customers: list[Row]
) -> None:
    good = await _first_cursor(graph, company, "DISPLAY_NAME")
    gone = _forged("Bob", KEY, of=good)
    page = await _page(graph, company, f"after: $c, {BY_NAME}", {"c": gone}, "($c: String)")
    assert [node["displayName"] for node in page["nodes"]] == ["Cleo", "Dora", "Edda"]


async def test_inserts_do_not_shift_the_pages_that_follow(
    graph: Asking, company: Company, customers: list[Row], writer: asyncpg.Connection
) -> None:
    first = await _page(graph, company, f"first: 2, {BY_NAME}")
    early, late = customer("Abba", region=company.germany), customer("Coco", region=company.germany)
    await store(writer, early, late)
    try:
        variables = {"c": first["pageInfo"]["endCursor"]}
        second = await _page(graph, company, f"first: 2, after: $c, {BY_NAME}", variables, "($c: String)")
        back = await _page(graph, company, f"last: 9, before: $c, {BY_NAME}", variables, "($c: String)")
    finally:
        await writer.execute("DELETE FROM customers WHERE id = ANY($1)", [early.key, late.key])
    assert [node["displayName"] for node in second["nodes"]] == ["Cleo", "Coco"]
    assert [node["displayName"] for node in back["nodes"]] == ["Abba", "Ada"]
