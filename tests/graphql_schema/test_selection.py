"""What a selection may be made of: aliases, fragments, directives, merged fields, __typename, introspection."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, order, store
from tests.http.asking import Asking


@pytest.fixture(scope="module")
async def ada(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer with an owner, a contact and two orders."""
    ada = customer("Ada", region=company.germany, owner=company.rep, email="ada@example.com")
    await store(writer, ada, contact(ada, "Bo"), order(ada, number="1"), order(ada, number="2"))
    return ada


SELECTIONS: list[tuple[str, Any]] = [
    ("__typename", {"__typename": "Customer"}),
    ("a: __typename b: __typename", {"a": "Customer", "b": "Customer"}),
    ("x: displayName y: displayName", {"x": "Ada", "y": "Ada"}),
    ("id: displayName displayName: kind", {"id": "Ada", "displayName": "ORGANIZATION"}),
    ("...on Customer { displayName }", {"displayName": "Ada"}),
    ("...on Node { __typename }", {"__typename": "Customer"}),
    ("... { displayName ... { kind } }", {"displayName": "Ada", "kind": "ORGANIZATION"}),
    ("...C displayName ...C", {"displayName": "Ada", "kind": "ORGANIZATION"}),
    ("kind ...C", {"kind": "ORGANIZATION", "displayName": "Ada"}),
    ("owner { displayName } owner { email }", {"owner": {"displayName": "Rep", "email": "rep@example.com"}}),
    (
        "owner { displayName } ...O",
        {"owner": {"displayName": "Rep", "status": "ACTIVE", "manager": {"displayName": "Manager"}}},
    ),
    (
        "orders { totalCount } orders { n: totalCount nodes { __typename } } orders { nodes { currency } }",
        {"orders": {"totalCount": 2, "n": 2, "nodes": [{"__typename": "Order", "currency": "EUR"}] * 2}},
    ),
    (
        'a: orders(where: {number: {eq: "1"}}) { totalCount } b: orders { totalCount }',
        {"a": {"totalCount": 1}, "b": {"totalCount": 2}},
    ),
    ("displayName @skip(if: true) kind", {"kind": "ORGANIZATION"}),
    ("displayName @include(if: false) kind", {"kind": "ORGANIZATION"}),
    ("displayName @skip(if: false) @include(if: true)", {"displayName": "Ada"}),
    ("displayName @skip(if: true) @include(if: true)", {}),
    ("displayName @skip(if: false) @include(if: false)", {}),
    ("displayName @skip(if: $yes) kind @include(if: $yes)", {"kind": "ORGANIZATION"}),
    ("displayName @skip(if: $no) kind @include(if: $no)", {"displayName": "Ada"}),
    ("displayName @include(if: $default)", {"displayName": "Ada"}),
    ("displayName @skip(if: true) displayName", {"displayName": "Ada"}),
    ("...C @skip(if: true) locale", {"locale": None}),
    ("...C @include(if: $yes)", {"displayName": "Ada", "kind": "ORGANIZATION"}),
    ("...C @skip(if: true) ...C", {"displayName": "Ada", "kind": "ORGANIZATION"}),
    ("... @include(if: false) { displayName } kind", {"kind": "ORGANIZATION"}),
    ("...on Customer @skip(if: true) { displayName }", {}),
    ("id @skip(if: true)", {}),
    ("owner { id @skip(if: true) }", {"owner": {}}),
    ("owner @skip(if: true) { id }", {}),
    ("mergedInto { id @skip(if: true) }", {"mergedInto": None}),
    ("access { masked @skip(if: true) }", {"access": {}}),
    ("access { __typename }", {"access": {"__typename": "Access"}}),
    ("orders { totalCount @skip(if: true) }", {"orders": {}}),
    ("orders { nodes { id @skip(if: true) } }", {"orders": {"nodes": [{}, {}]}}),
    (
        "orders(first: 1) { nodes { total { amount currency base __typename } t: total { amount @skip(if: true) } } }",
        {
            "orders": {
                "nodes": [
                    {"total": {"amount": "0.0000", "currency": "EUR", "base": None, "__typename": "Money"}, "t": {}}
                ]
            }
        },
    ),
]
DECLARED = "query($id: ID!, $yes: Boolean = true, $no: Boolean!, $default: Boolean = true)"
FRAGMENTS = """
    fragment C on Customer { displayName kind }
    fragment O on Customer { owner { status manager { ...U } } }
    fragment U on User { displayName }
"""


def _fragments(selection: str) -> str:
    used = {"C"} if "...C" in selection else {"O", "U"} if "...O" in selection else set()
    return "\n".join(line for line in FRAGMENTS.splitlines() if line.split()[1:2] and line.split()[1] in used)


@pytest.mark.parametrize(("selection", "expected"), SELECTIONS)
async def test_a_selection_answers_as_the_specification_says(
    graph: Asking, company: Company, ada: Row, selection: str, expected: Any
) -> None:
    used = "".join(f"{n}: __typename @include(if: ${n}) " for n in ("yes", "no", "default") if f"${n}" not in selection)
    query = f"""
        {DECLARED} {{
            customer(id: $id) {{ {selection} }}
            node(id: $id) {{ ...on Customer {{ {selection} }} }}
            nodes(ids: [$id]) {{ ...on Customer {{ {selection} }} }}
            customers(where: {{eq: $id}}) {{ nodes {{ {selection} }} edges {{ node {{ {selection} }} }} }}
            {used}
        }}
        {_fragments(selection)}
    """
    data = await graph.data(company.admin, query, {"id": ada.node, "no": False})
    answers = [data["customer"], data["node"], data["nodes"][0], data["customers"]["nodes"][0]]
    for answer in (*answers, data["customers"]["edges"][0]["node"]):
        assert answer == expected
        assert list(answer) == list(expected)


INTERNAL = [f"{letter}{i}" for letter in "fnpqruv" for i in range(12)] + ["n", "cursor", "position", "tag", "key"]
SQL = ["select", "SELECT", "order", "user", "null", "true", "_", "__x", "_1", "count", "row_to_json"]


@pytest.mark.parametrize("names", [INTERNAL, SQL], ids=["our own", "SQL's"])
@pytest.mark.parametrize("part", ["nodes { %s }", "edges { node { %s } }", "b: nodes { %s } c: nodes { id }"])
async def test_an_alias_may_be_any_name(
    unlimited: Asking, company: Company, ada: Row, names: list[str], part: str
) -> None:
    aliased = " ".join(f"{name}: displayName" for name in names)
    query = f"{{ customers(orderBy: [{{field: DISPLAY_NAME}}]) {{ {part % aliased} }} }}"
    found = next(iter((await unlimited.data(company.admin, query))["customers"].values()))[0]
    assert found.get("node", found) == dict.fromkeys(names, "Ada")


@pytest.mark.parametrize("names", [INTERNAL, SQL], ids=["our own", "SQL's"])
async def test_an_object_may_stand_under_any_alias(
    unlimited: Asking, company: Company, ada: Row, names: list[str]
) -> None:
    roots = " ".join(f"{name}: viewer {{ {name}: user {{ {name}: displayName }} }}" for name in names[:60])
    lists = " ".join(
        f"{name}: orders {{ {name}: nodes {{ {name}: total {{ {name}: currency }} }} }}" for name in names[:40]
    )
    expected = {name: {name: {name: "Admin"}} for name in names[:60]}
    assert await unlimited.data(company.admin, f"{{ {roots} }}") == expected
    data = await unlimited.data(
        company.admin, f"query($id: ID!) {{ customer(id: $id) {{ {lists} }} }}", {"id": ada.node}
    )
    assert data["customer"] == {name: {name: [{name: {name: "EUR"}}] * 2} for name in names[:40]}


async def test_an_object_may_have_a_hundred_fields(unlimited: Asking, company: Company, ada: Row) -> None:
    wide = " ".join(f"f{i}: displayName" for i in range(100))
    query = (
        f"query($id: ID!) {{ customer(id: $id) {{ {wide} }} viewer {{ {wide} }} customers {{ nodes {{ {wide} }} }} }}"
    )
    data = await unlimited.data(company.admin, query, {"id": ada.node})
    expected = {f"f{i}": "Ada" for i in range(100)}
    assert data == {
        "customer": expected,
        "viewer": dict.fromkeys(expected, "Admin"),
        "customers": {"nodes": [expected]},
    }


SMALL = [
    ("orders(first: 1) {{ nodes {{ total {{ {} }} }} }}", "amount", "orders"),
    ("orders(first: 1) {{ nodes {{ access {{ {} }} }} }}", "masked", "orders"),
    ("orders(first: 1) {{ edges {{ {} }} }}", "__typename", "orders"),
    ("orders(first: 1) {{ pageInfo {{ {} }} }}", "hasNextPage", "orders"),
]


@pytest.mark.parametrize(("query", "name", "root"), SMALL)
async def test_a_small_object_has_fifty_fields_at_most(
    unlimited: Asking, company: Company, ada: Row, query: str, name: str, root: str
) -> None:
    def aliased(many: int) -> str:
        return "{ " + query.format(" ".join(f"m{i}: {name}" for i in range(many))) + " viewer { displayName } }"

    found = (await unlimited.data(company.admin, aliased(50)))[root]
    while len(found) == 1:
        found = found[0] if isinstance(found, list) else next(iter(found.values()))
    assert list(found) == [f"m{i}" for i in range(50)]
    answer = await unlimited.ask(company.admin, aliased(51))
    assert answer["data"] == {root: None, "viewer": {"displayName": "Admin"}}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_root_fields_answer_in_their_order(graph: Asking, company: Company, ada: Row) -> None:
    query = """{
        t: __typename z: viewer { id @skip(if: true) } ...Q a: orders { totalCount } z: viewer { displayName }
        gone: viewer @skip(if: true) { id } b: __typename
    } fragment Q on Query { c: customers { totalCount } a: orders { __typename } }"""
    for _ in range(3):
        response = await graph.post(company.admin, query)
        assert response.text == (
            '{"data":{"t":"Query","z":{"displayName":"Admin"},"c":{"totalCount":1},'
            '"a":{"__typename":"OrderConnection","totalCount":2},"b":"Query"},"extensions":{"cost":'
            '{"requested":20,"limit":5000,"budget":null,"remaining":null,"restoreRate":null}}}'
        )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ }", {}),
        (
            "{ viewer { } customers { nodes { } pageInfo { } } }",
            {"viewer": {}, "customers": {"nodes": [{}], "pageInfo": {}}},
        ),
        ("{ __typename }", {"__typename": "Query"}),
        ("{ a: __typename b: __typename }", {"a": "Query", "b": "Query"}),
        ("{ viewer @skip(if: true) { id } }", {}),
        ("{ ... @skip(if: true) { viewer { id } } __typename @skip(if: true) }", {}),
        ("{ viewer @include(if: false) { id } __typename }", {"__typename": "Query"}),
        ("{ viewer { id @skip(if: true) } }", {"viewer": {}}),
        (
            "query { viewer { roles user { __typename } } }",
            {"viewer": {"roles": ["admin"], "user": {"__typename": "User"}}},
        ),
        ("{ nodes(ids: []) { id } }", {"nodes": []}),
        ("{ ...on Query { __typename } }", {"__typename": "Query"}),
    ],
)
async def test_a_query_may_ask_little_or_nothing(graph: Asking, company: Company, query: str, expected: Any) -> None:
    for _ in range(2):
        assert await graph.data(company.admin, query) == expected


@pytest.mark.parametrize("where", ["viewer { email", "viewer { id email", "customer(id: $id) { id displayName"])
@pytest.mark.parametrize("directive", ["skip", "include"])
async def test_a_directive_whose_condition_is_null_is_refused(
    graph: Asking, company: Company, ada: Row, where: str, directive: str
) -> None:
    query = f"query($id: ID!, $b: Boolean = true) {{ {where} @{directive}(if: $b) }} nodes(ids: [$id]) {{ id }} }}"
    assert "errors" not in await graph.ask(company.admin, query, {"id": ada.node})
    for _ in range(2):
        answer = await graph.ask(company.admin, query, {"id": ada.node, "b": None})
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_every_type_says_whether_one_of_its_fields_is_to_be_given(graph: Asking, company: Company) -> None:
    query = """{
        a: __type(name: "CustomerOrder") { isOneOf }
        b: __type(name: "Customer") { isOneOf fields { type { isOneOf ofType { isOneOf } } } }
    }"""
    found = await graph.data(company.admin, query)
    assert found["a"] == {"isOneOf": False}
    assert found["b"]["isOneOf"] is None
    assert found["b"]["fields"][0] == {"type": {"isOneOf": None, "ofType": {"isOneOf": None}}}


async def test_introspection_and_data_come_in_one_answer(graph: Asking, company: Company, ada: Row) -> None:
    query = """{
        __schema { queryType { name } } customers { totalCount } __type(name: "Customer") { kind name } __typename
    }"""
    expected = {
        "__schema": {"queryType": {"name": "Query"}},
        "customers": {"totalCount": 1},
        "__type": {"kind": "OBJECT", "name": "Customer"},
        "__typename": "Query",
    }
    for _ in range(3):
        before = graph.engine.statements
        data = await graph.data(company.admin, query)
        assert data == expected
        assert list(data) == list(expected)
        assert graph.engine.statements == before + 1


@pytest.mark.parametrize(
    "query",
    [
        "{ customers { nodes { ...on User { id } } } }",
        "{ customers { nodes { secret } } }",
        "{ viewer }",
        "{ viewer { id { x } } }",
        "{ customer { id } }",
        "{ customers(frist: 1) { totalCount } }",
        "{ customers { nodes { a: id a: displayName } } }",
        "{ viewer { ...F } }",
        "query($x: Nothing) { viewer { id } }",
        "query($x: Int) { customers(first: $y) { totalCount } }",
        "query($x: String) { customers(first: $x) { totalCount } }",
        "{ viewer { id @defer } }",
        "{ viewer { id @unknown } }",
        "{ viewer { id @skip } }",
        "{",
        "",
        "nothing",
        "{ viewer { id } } }",
        "fragment F on User { id }",
        "query a { viewer { id } } query b { viewer { id } }",
        "query a { viewer { id } } query a { viewer { id } }",
        "mutation { x }",
        "subscription { x }",
        "type Query { a: Int }",
        "{ viewer { id \u0000 } }",
    ],
)
async def test_a_document_that_is_not_valid_is_a_bad_request(graph: Asking, company: Company, query: str) -> None:
    response = await graph.post(company.admin, query)
    answer = response.json()
    assert "data" not in answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}


async def test_errors_are_counted_to_ten(graph: Asking, company: Company) -> None:
    answer = await graph.ask(company.admin, "{ viewer { " + " ".join(f"x{i}" for i in range(100)) + " } }")
    assert len(answer["errors"]) == 10


@pytest.mark.parametrize(("name", "expected"), [("a", "Query"), ("b", "Viewer")])
async def test_an_operation_is_chosen_by_name(graph: Asking, company: Company, name: str, expected: str) -> None:
    query = "query a { x: __typename } query b { viewer { x: __typename } }"
    data = await graph.data(company.admin, query, operationName=name)
    assert data.get("x", data.get("viewer", {}).get("x")) == expected


@pytest.mark.parametrize("name", ["c", "A", "a ", "\0", "__proto__", "é" * 500])
async def test_an_operation_that_is_not_there_is_a_bad_request(graph: Asking, company: Company, name: str) -> None:
    for query in ("query a { __typename }", "{ __typename }"):
        answer = await graph.ask(company.admin, query, operationName=name)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
