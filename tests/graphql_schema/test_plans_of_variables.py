"""Plans and variables: what a statement depends on makes another plan, and what it does not makes none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.planned import Rows
from tests.http.asking import Asking, faults_of

SHAPES: list[tuple[str, list[tuple[Any, Any]]]] = [
    (
        "query($b: Boolean!) { viewer { displayName roles @include(if: $b) } }",
        [
            ({"b": True}, {"viewer": {"displayName": "Admin", "roles": ["admin"]}}),
            ({"b": False}, {"viewer": {"displayName": "Admin"}}),
        ],
    ),
    (
        "query($b: Boolean = false) { viewer @skip(if: $b) { displayName } t: __typename @include(if: $b) }",
        [
            ({}, {"viewer": {"displayName": "Admin"}}),
            ({"b": True}, {"t": "Query"}),
            ({"b": False}, {"viewer": {"displayName": "Admin"}}),
        ],
    ),
    (
        "query($d: OrderDirection!) { customers(orderBy: [{field: DISPLAY_NAME, direction: $d}]) { nodes { displayName } } }",
        [
            ({"d": "ASC"}, {"customers": {"nodes": [{"displayName": "French"}, {"displayName": "German"}]}}),
            ({"d": "DESC"}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
        ],
    ),
    (
        "query($f: CustomerOrderField!) { customers(orderBy: [{field: $f, direction: DESC}]) { nodes { displayName } } }",
        [
            ({"f": "DISPLAY_NAME"}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
            ({"f": "TIER"}, {"customers": {"nodes": [{"displayName": "French"}, {"displayName": "German"}]}}),
        ],
    ),
    (
        "query($n: NullsOrder) { customers(orderBy: [{field: TIER, nulls: $n}]) { nodes { displayName } } }",
        [
            ({"n": "FIRST"}, {"customers": {"nodes": [{"displayName": "French"}, {"displayName": "German"}]}}),
            ({"n": "LAST"}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
            ({"n": None}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
            ({}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
        ],
    ),
    (
        "query($o: [CustomerOrder!]) { customers(orderBy: $o) { nodes { displayName } } }",
        [
            ({}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
            ({"o": []}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
            ({"o": None}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
            (
                {"o": [{"field": "DISPLAY_NAME"}]},
                {"customers": {"nodes": [{"displayName": "French"}, {"displayName": "German"}]}},
            ),
            (
                {"o": {"field": "DISPLAY_NAME", "direction": "DESC"}},
                {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}},
            ),
            (
                {"o": [{"field": "TIER", "nulls": "FIRST"}, {"field": "DISPLAY_NAME"}]},
                {"customers": {"nodes": [{"displayName": "French"}, {"displayName": "German"}]}},
            ),
        ],
    ),
    (
        "query($w: CustomerWhere) { customers(where: $w) { totalCount } }",
        [
            ({}, {"customers": {"totalCount": 2}}),
            ({"w": None}, {"customers": {"totalCount": 2}}),
            ({"w": {}}, {"customers": {"totalCount": 2}}),
            ({"w": {"tier": {"eq": "KEY"}}}, {"customers": {"totalCount": 1}}),
            ({"w": {"tier": {"neq": "KEY"}}}, {"customers": {"totalCount": 0}}),
            ({"w": {"tier": {"eq": "BASIC"}}}, {"customers": {"totalCount": 0}}),
            ({"w": {"tier": {"isNull": True}}}, {"customers": {"totalCount": 1}}),
            ({"w": {"tier": {"isNull": False}}}, {"customers": {"totalCount": 1}}),
            ({"w": {"tier": {"in": ["KEY", "BASIC"]}}}, {"customers": {"totalCount": 1}}),
            ({"w": {"tier": {"in": []}}}, {"customers": {"totalCount": 0}}),
            ({"w": {"tier": {"notIn": ["KEY"]}}}, {"customers": {"totalCount": 0}}),
            ({"w": {"displayName": {"eq": "German"}}}, {"customers": {"totalCount": 1}}),
            ({"w": {"displayName": {"eq": "Nobody"}}}, {"customers": {"totalCount": 0}}),
            ({"w": {"displayName": {"startsWith": "g"}}}, {"customers": {"totalCount": 1}}),
            ({"w": {"legalName": {"eq": "German"}}}, {"customers": {"totalCount": 0}}),
            ({"w": {"NOT": {"displayName": {"eq": "German"}}}}, {"customers": {"totalCount": 1}}),
            ({"w": {"AND": [{"displayName": {"eq": "German"}}]}}, {"customers": {"totalCount": 1}}),
            ({"w": {"OR": [{"displayName": {"eq": "German"}}]}}, {"customers": {"totalCount": 1}}),
            (
                {"w": {"OR": [{"displayName": {"eq": "German"}}, {"displayName": {"eq": "French"}}]}},
                {"customers": {"totalCount": 2}},
            ),
            (
                {"w": {"OR": [{"displayName": {"eq": "German"}}, {"legalName": {"eq": "French"}}]}},
                {"customers": {"totalCount": 1}},
            ),
            ({"w": {"contacts": {"some": {}}}}, {"customers": {"totalCount": 1}}),
            ({"w": {"contacts": {"none": {}}}}, {"customers": {"totalCount": 1}}),
            ({"w": {"orders": {"some": {}}}}, {"customers": {"totalCount": 2}}),
            ({"w": {"owner": {"isNull": True}}}, {"customers": {"totalCount": 0}}),
            ({"w": {"owner": {"isNull": False}}}, {"customers": {"totalCount": 2}}),
            ({"w": {"owner": {"displayName": {"eq": "Rep"}}}}, {"customers": {"totalCount": 1}}),
            ({"w": {"tier": {"eq": "KEY"}, "displayName": {"eq": "German"}}}, {"customers": {"totalCount": 1}}),
            ({"w": {"displayName": {"eq": "German"}, "tier": {"eq": "BASIC"}}}, {"customers": {"totalCount": 0}}),
        ],
    ),
    (
        "query($n: Int, $c: String) { customers(first: $n, after: $c) { nodes { displayName } } }",
        [
            ({"n": 1}, {"customers": {"nodes": [{"displayName": "German"}]}}),
            ({"n": 2}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
            ({"n": None, "c": None}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
            ({}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
        ],
    ),
    (
        "query($f: Int, $l: Int) { customers(first: $f, last: $l) { nodes { displayName } } }",
        [
            ({"f": 1}, {"customers": {"nodes": [{"displayName": "German"}]}}),
            ({"l": 1}, {"customers": {"nodes": [{"displayName": "French"}]}}),
            ({"f": 1, "l": None}, {"customers": {"nodes": [{"displayName": "German"}]}}),
            ({"f": None, "l": 1}, {"customers": {"nodes": [{"displayName": "French"}]}}),
        ],
    ),
    (
        "query($n: Int! = 1) { customers(first: $n) { nodes { displayName } } }",
        [
            ({}, {"customers": {"nodes": [{"displayName": "German"}]}}),
            ({"n": 2}, {"customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}}),
            ({}, {"customers": {"nodes": [{"displayName": "German"}]}}),
        ],
    ),
]


@pytest.mark.parametrize(("query", "asked"), SHAPES, ids=[query for query, _ in SHAPES])
async def test_variables_of_every_shape_are_answered_by_their_own_plan(
    graph: Asking, company: Company, rows: Rows, query: str, asked: list[tuple[Any, Any]]
) -> None:
    for variables, expected in (*asked, *reversed(asked), *asked):
        assert await graph.data(company.admin, query, variables) == expected, variables


async def test_a_plan_for_one_type_never_serves_an_id_of_another(
    graph: Asking, company: Company, rows: Rows, entered: list[str]
) -> None:
    query = "query($id: ID!) { node(id: $id) { __typename ...on Order { number } ...on User { displayName } } }"
    asked = [
        (rows.order.node, {"__typename": "Order", "number": "G"}),
        (company.rep.node, {"__typename": "User", "displayName": "Rep"}),
        (rows.german.node, {"__typename": "Customer"}),
        (company.admin.node, {"__typename": "User", "displayName": "Admin"}),
    ]
    for _ in range(3):
        for id_, expected in asked:
            assert await graph.data(company.admin, query, {"id": id_}) == {"node": expected}
    assert len(entered) == 3


async def test_a_null_id_is_no_id_of_a_user(graph: Asking, company: Company, rows: Rows) -> None:
    query = "query($id: ID) { customers(where: {owner: {eq: $id}}) { nodes { displayName } } }"
    for _ in range(2):
        assert await graph.data(company.admin, query, {"id": company.rep.node}) == {
            "customers": {"nodes": [{"displayName": "German"}]}
        }
        assert await graph.faults(company.admin, query, {"id": None}) == [("BAD_USER_INPUT", "where.owner.eq")]
        assert await graph.faults(company.admin, query, {"id": "x"}) == [("BAD_USER_INPUT", "where.owner.eq")]
        assert await graph.data(company.admin, query) == {
            "customers": {"nodes": [{"displayName": "German"}, {"displayName": "French"}]}
        }


async def test_variables_that_are_not_declared_or_not_needed_change_nothing(
    graph: Asking, company: Company, rows: Rows, entered: list[str]
) -> None:
    query = "query($n: Int) { customers(first: $n) { totalCount } }"
    for more in ({}, {"x": 1}, {"n ": 0}, {"__proto__": None}):
        assert await graph.data(company.rep, query, {"n": 5, **more}) == {"customers": {"totalCount": 1}}
    assert len(entered) == 1


async def test_a_wrong_value_for_a_known_plan_says_where_and_leaves_the_plan(
    graph: Asking, company: Company, rows: Rows, entered: list[str]
) -> None:
    query = """query($t: String, $id: ID!) {
        customers(where: {displayName: {eq: $t}}) { totalCount } node(id: $id) { id } viewer { displayName }
    }"""
    for _ in range(2):
        await graph.data(company.rep, query, {"t": "German", "id": rows.german.node})
        answer = await graph.ask(company.rep, query, {"t": "a\0b", "id": rows.german.node})
        assert faults_of(answer) == [("BAD_USER_INPUT", "where.displayName.eq")]
        assert answer["data"] == {
            "customers": None,
            "node": {"id": rows.german.node},
            "viewer": {"displayName": "Rep"},
        }
        answer = await graph.ask(company.rep, query, {"t": "\0", "id": "x"})
        assert sorted(faults_of(answer)) == [("BAD_USER_INPUT", "id"), ("BAD_USER_INPUT", "where.displayName.eq")]
        assert answer["data"] == {"customers": None, "node": None, "viewer": {"displayName": "Rep"}}
    assert len(entered) == 5
