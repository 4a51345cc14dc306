"""Connections: what each part says, under any alias, and which arguments are refused."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.paging import KEY, first_cursor, forged
from tests.graphql_schema.rows import Row, customer, product, store
from tests.http.asking import Asking

BY_NAME = "orderBy: [{field: DISPLAY_NAME}]"


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


async def test_a_cursor_goes_on_where_its_row_was_though_the_row_is_gone(
    graph: Asking, company: Company, customers: list[Row]
) -> None:
    good = await first_cursor(graph, company, "DISPLAY_NAME")
    gone = forged("Bob", KEY, of=good)
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
