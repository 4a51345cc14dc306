"""Plans: made once for each shape of request and rights, never shared between shapes, always one statement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from graphql.execution import execute

import graphql_schema.engine
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, order, order_line, store, ticket
from tests.http.asking import Asking, asking, faults_of
from tests.http.hearing import Heard, overheard


@pytest.fixture(scope="module")
async def one_connection(
    database: TemporaryDatabase, company: Company, settings: Settings
) -> AsyncIterator[tuple[Asking, Heard]]:
    """A process with a single connection, and what is said on it."""
    async with overheard(database.dsn, settings) as found:
        yield found


@pytest.fixture
def entered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that graphql-core was given to execute."""
    found: list[str] = []

    def counting(schema: Any, document: Any, **more: Any) -> Any:
        found.append(document.loc.source.body)
        return execute(schema, document, **more)

    monkeypatch.setattr(graphql_schema.engine, "execute", counting)
    return found


@dataclass(frozen=True)
class Rows:
    """A German and a French customer, each with an order."""

    german: Row
    french: Row
    order: Row


@pytest.fixture(scope="module")
async def rows(writer: asyncpg.Connection, company: Company) -> Rows:
    german = customer("German", region=company.germany, owner=company.rep, tier="KEY")
    french = customer("French", region=company.france, owner=company.colleague)
    placed = order(german, number="G")
    await store(writer, german, french, contact(german, "a"), contact(german, "b"), placed, order(french, number="F"))
    await store(writer, order_line(placed), ticket(german, order=placed))
    return Rows(german, french, placed)


DEEP = """query($id: ID!, $first: Int) {
    t: __typename
    viewer { user { displayName manager { displayName } } roles }
    customer(id: $id) {
        displayName access { masked withheld }
        contacts(first: $first) { totalCount edges { cursor node { displayName } } pageInfo { hasNextPage } }
        orders { nodes { number lines { nodes { quantity order { customer { displayName } } } } } }
    }
    node(id: $id) { ...on Customer { owner { department { name } } } }
    nodes(ids: [$id]) { __typename }
    customers(where: {orders: {some: {}}}, orderBy: [{field: DISPLAY_NAME}]) { totalCount nodes { displayName } }
}"""


async def test_a_known_plan_is_one_statement_and_does_not_enter_graphql_core(
    one_connection: tuple[Asking, Heard], company: Company, rows: Rows, entered: list[str]
) -> None:
    graph, heard = one_connection
    warm = DEEP.replace("t: __typename", "")
    await graph.data(company.rep, warm, {"id": rows.german.node})  # the driver learns the types
    heard.taken()
    answers = []
    for _ in range(3):
        answers.append(await graph.post(company.rep, DEEP, {"id": rows.german.node, "first": 1}))
        assert len(heard.taken()) == 1
    assert entered == [warm, DEEP]
    assert answers[0].content == answers[1].content == answers[2].content
    data = answers[0].json()["data"]
    assert data["customers"] == {"totalCount": 1, "nodes": [{"displayName": "German"}]}
    assert data["customer"]["contacts"]["totalCount"] == 2
    assert list(data) == ["t", "viewer", "customer", "node", "nodes", "customers"]


ONE_STATEMENT = [
    "{ __typename }",
    "{ viewer { id } }",
    "{ a: viewer { id } b: viewer { id } c: customers { totalCount } d: orders { nodes { id } } }",
    "{ " + " ".join(f"a{i}: customers(first: {i + 1}) {{ totalCount nodes {{ id }} }}" for i in range(20)) + " }",
    "{ __schema { queryType { name } } }",
    "{ __schema { queryType { name } } viewer { id } customers { totalCount } }",
    '{ customers(where: {taxId: {eq: "x"}}) { totalCount } }',
    '{ customers(where: {taxId: {eq: "x"}}) { totalCount } viewer { id } orders { totalCount } }',
    '{ node(id: "bad") { id } }',
    "{ viewer @skip(if: true) { id } }",
    "{ customers { nodes { orders { nodes { lines { nodes { order { customer { orders { totalCount } } } } } } } } } }",
]


@pytest.mark.parametrize("query", ONE_STATEMENT)
async def test_whatever_is_asked_is_one_statement_the_first_time_too(
    one_connection: tuple[Asking, Heard], company: Company, rows: Rows, query: str
) -> None:
    graph, heard = one_connection
    await graph.data(company.rep, "{ __typename }")
    heard.taken()
    for _ in range(2):
        await graph.ask(company.rep, query)
        assert len(heard.taken()) == 1


async def test_a_new_caller_costs_one_statement_more(
    one_connection: tuple[Asking, Heard], company: Company, rows: Rows, writer: asyncpg.Connection
) -> None:
    graph, heard = one_connection
    await graph.data(company.rep, "{ viewer { displayName } }")
    heard.taken()
    await graph.data(company.marketer, "{ viewer { displayName } }")
    assert len(heard.taken()) == 2


async def test_users_of_one_shape_share_a_plan_and_see_their_own(
    graph: Asking, company: Company, rows: Rows, entered: list[str]
) -> None:
    query = "{ viewer { displayName } customers { nodes { displayName } } orders { nodes { number } } }"
    expected = {
        "Rep": (["German"], ["G"]),
        "Colleague": (["French"], ["F"]),
    }
    for who in (company.rep, company.colleague) * 3:
        name = str(who.values["display_name"])
        customers, orders = expected[name]
        assert await graph.data(who, query) == {
            "viewer": {"displayName": name},
            "customers": {"nodes": [{"displayName": found} for found in customers]},
            "orders": {"nodes": [{"number": found} for found in orders]},
        }
    assert entered == [query]


async def test_roles_alternating_on_one_text_never_see_each_others_data(
    graph: Asking, company: Company, rows: Rows
) -> None:
    query = """query($w: CustomerWhere) {
        viewer { roles } customers(where: $w) { totalCount nodes { displayName email access { withheld } } }
        orders { totalCount nodes { number total { amount } } }
    }"""
    who = [company.admin, company.rep, company.manager, company.finance, company.marketer, company.nobody]
    alone = {}
    for caller in who:
        alone[caller.key] = await graph.data(caller, query)
    assert [alone[caller.key]["customers"]["totalCount"] for caller in who] == [2, 1, 2, 2, 2, 0]
    assert [alone[caller.key]["orders"]["totalCount"] for caller in who] == [2, 1, 2, 2, 0, 0]
    assert [alone[caller.key]["viewer"]["roles"] for caller in who] == [
        ["admin"], ["sales_rep"], ["sales_manager"], ["finance"], ["marketer"], [],
    ]  # fmt: skip
    for _ in range(3):
        for caller in (*who, *reversed(who)):
            assert await graph.data(caller, query) == alone[caller.key]


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


async def test_operations_of_one_text_have_plans_of_their_own(graph: Asking, company: Company, rows: Rows) -> None:
    query = "query a { x: customers { totalCount } } query b { x: orders { nodes { number } } }"
    for _ in range(3):
        assert await graph.data(company.rep, query, operationName="a") == {"x": {"totalCount": 1}}
        assert await graph.data(company.rep, query, operationName="b") == {"x": {"nodes": [{"number": "G"}]}}


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


def _keeps(graph: Asking, **bounds: int) -> None:
    """Has a process keep so much of each kind."""
    for kept in (graph.engine._plans, graph.engine.documents._prepared, graph.engine.documents._parsed):
        for name, bound in bounds.items():
            setattr(kept, name, bound)


async def test_plans_and_documents_are_forgotten_when_they_are_large(
    database: TemporaryDatabase, settings: Settings, company: Company, rows: Rows
) -> None:
    async with asking(database.dsn, settings) as small:
        _keeps(small, heaviest=3_000)
        for i in range(6):
            query = f"{{ a{i}: customers {{ totalCount }} }} #{'.' * 1_000}"
            for _ in range(2):
                assert await small.data(company.rep, query) == {f"a{i}": {"totalCount": 1}}
        documents = small.engine.documents
        assert (len(documents._parsed), len(documents._prepared)) == (2, 2)
        assert 1 <= len(small.engine._plans) < 6
        assert small.engine._plans.weight == sum(small.engine._plans._weights.values())


async def test_plans_and_documents_are_forgotten_when_they_are_many(
    database: TemporaryDatabase, settings: Settings, company: Company, rows: Rows
) -> None:
    async with asking(database.dsn, settings) as small:
        _keeps(small, most=5)
        for _ in range(2):
            for i in range(12):
                query = f"{{ a{i}: customers {{ totalCount }} }}"
                assert await small.data(company.rep, query) == {f"a{i}": {"totalCount": 1}}
        assert len(small.engine._plans) == 5
        assert len(small.engine.documents._prepared) == len(small.engine.documents._parsed) == 5


async def test_what_was_asked_lately_is_remembered_longest(
    database: TemporaryDatabase, settings: Settings, company: Company, rows: Rows, entered: list[str]
) -> None:
    async with asking(database.dsn, settings) as small:
        _keeps(small, most=5)
        often = "{ often: customers { totalCount } }"
        await small.data(company.rep, often)
        for i in range(20):
            await small.data(company.rep, f"{{ b{i}: customers {{ totalCount }} }}")
            await small.data(company.rep, often)
        assert entered.count(often) == 1
