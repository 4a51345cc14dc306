"""Plans: made once for each shape of request and rights, never shared between shapes, always one statement."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.planned import Rows
from tests.http.asking import Asking
from tests.http.hearing import Heard, overheard


@pytest.fixture(scope="module")
async def one_connection(
    database: TemporaryDatabase, company: Company, settings: Settings
) -> AsyncIterator[tuple[Asking, Heard]]:
    """A process with a single connection, and what is said on it."""
    async with overheard(database.dsn, settings) as found:
        yield found


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


async def test_operations_of_one_text_have_plans_of_their_own(graph: Asking, company: Company, rows: Rows) -> None:
    query = "query a { x: customers { totalCount } } query b { x: orders { nodes { number } } }"
    for _ in range(3):
        assert await graph.data(company.rep, query, operationName="a") == {"x": {"totalCount": 1}}
        assert await graph.data(company.rep, query, operationName="b") == {"x": {"nodes": [{"number": "G"}]}}
