"""How much one document may ask."""

from __future__ import annotations

import pytest
from graphql import get_introspection_query

from tests.graphql_schema.company import Company
from tests.http.asking import Asking, faults_of


def _managers(levels: int) -> str:
    """A query of so many levels of fields."""
    return "{ viewer { user { " + "manager { " * (levels - 3) + "id" + " }" * (levels - 3) + " } } }"


def _doubled(levels: int) -> str:
    """A small text that stands for two to the power of its levels."""
    fragments = [
        f"fragment f{i} on User {{ a: manager {{ ...f{i + 1} }} b: manager {{ ...f{i + 1} }} }}" for i in range(levels)
    ]
    return "\n".join(["{ viewer { user { ...f0 } } }", *fragments, f"fragment f{levels} on User {{ id }}"])


def _lists(levels: int) -> str:
    """Lists in lists, whose edges, node and nodes count for nothing."""
    return "{ users " + "{ edges { node { reports " * levels + "{ nodes { id } }" + " } } }" * levels + " }"


def _types(levels: int) -> str:
    return '{ __type(name: "User") { ' + "ofType { " * (levels - 2) + "name" + " }" * (levels - 2) + " } }"


def _aliased(name: str, many: int) -> str:
    return "{ viewer { user { " + " ".join(f"a{i}: {name}" for i in range(many)) + " } } }"


DEEP = "fields are nested deeper than 10 levels"
DEEP_SCHEMA = "introspection is nested deeper than 16 levels"
MANY = "more than 1000 fields, or more than 200 with fields of their own, are asked for"
LONG = "a response key has at most 63 characters"


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        (_managers(10), []),
        (_managers(11), [DEEP]),
        (_managers(100), [DEEP]),
        (_lists(8), []),
        (_lists(9), [DEEP]),
        (_types(16), []),
        (_types(17), [DEEP_SCHEMA]),
        (_aliased("id", 660), []),
        (_aliased("manager { id }", 198), []),
        (_aliased("manager { id }", 199), [MANY]),
        ("{ " + "viewer { id } " * 490 + " }", [MANY]),
        (_doubled(6), []),
        (_doubled(7), [MANY]),
        (_doubled(8), [DEEP, MANY]),
        (_doubled(60), [DEEP, MANY]),
        ("{ " + " ".join(f"a{i}: viewer {{ ...v }}" for i in range(90)) + " } fragment v on Viewer { "
         + " ".join(f"a{i}: id" for i in range(11)) + " }", [MANY]),
        (f"{{ {'a' * 63}: viewer {{ {'b' * 63}: id }} }}", []),
        (f"{{ {'a' * 64}: viewer {{ id }} }}", [LONG]),
        (f"{{ viewer {{ {'a' * 64}: id }} }}", [LONG]),
        (f"{{ {'a' * 64}: __typename viewer {{ id }} }}", [LONG]),
        (f"{{ viewer {{ ...v }} }} fragment v on Viewer {{ ... {{ {'a' * 64}: id }} }}", [LONG]),
        (f"{{ customers {{ pageInfo {{ {'a' * 64}: hasNextPage }} }} }}", [LONG]),
        (f"{{ customers {{ nodes {{ access {{ {'a' * 64}: masked }} }} }} }}", [LONG]),
        (f"query a {{ {'a' * 64}: __typename }} query b {{ __typename }}", [LONG]),
        (get_introspection_query(), []),
    ],
)  # fmt: skip
async def test_what_asks_too_much_is_refused(graph: Asking, company: Company, query: str, faults: list[str]) -> None:
    name = "b" if query.startswith("query a") else None
    answer = await graph.ask(company.admin, query, operationName=name)
    assert [error["message"] for error in answer.get("errors", ())] == faults
    assert ("data" in answer) is not bool(faults)
    assert {error["extensions"]["code"] for error in answer.get("errors", ())} <= {"BAD_USER_INPUT"}


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { user { ...a } } } fragment a on User { manager { ...b } } fragment b on User { manager { ...a } }",
        "{ viewer { user { ...a } } } fragment a on User { ...a }",
        "{ viewer { user { ...missing } } }",
        "{ viewer { user { ...f0 } } }"
        + "".join(f" fragment f{i} on User {{ ...f{i + 1} }}" for i in range(280))
        + " fragment f280 on User { id }",
        "{ viewer { user { " + "... { " * 300 + "id" + " }" * 300 + " } } }",
        "{ nodes(ids: " + "[" * 900 + "]" * 900 + ") { id } }",
        "{ users(where: " + "{NOT: " * 500 + "{}" + "}" * 500 + ") { totalCount } }",
        "query($a: " + "[" * 900 + "ID" + "]" * 900 + ") { __typename }",
        "{ a(b: " + "{c: " * 600 + "1" + "}" * 600 + ") }",
        "{ " + "viewer " * 1_998 + "}",
        "{ " + " ".join(f"a{i}: viewer" for i in range(12_500)) + " }",
        " ".join(f"query q{i} {{ __typename }}" for i in range(500)),
    ],
)
async def test_a_document_made_to_choke_on_is_a_bad_request(graph: Asking, company: Company, query: str) -> None:
    answer = await graph.ask(company.admin, query, operationName="q0")
    assert "data" not in answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
    assert len(answer["errors"]) <= 10


FILTER = "query($w: UserWhere) { users(where: $w) { totalCount } }"


@pytest.mark.parametrize(
    ("step", "most"),
    [
        (("NOT",), 20),
        (("AND",), 20),
        (("OR",), 20),
        (("manager",), 20),
        (("reports", "some"), 20),
        (("manager", "NOT"), 10),
    ],
)
async def test_conditions_nest_so_deep_and_no_deeper(
    graph: Asking, company: Company, step: tuple[str, ...], most: int
) -> None:
    def nested(levels: int) -> object:
        found: object = {}
        for _ in range(levels):
            for name in reversed(step):
                found = {name: found}
        return found

    assert "totalCount" in (await graph.data(company.admin, FILTER, {"w": nested(most)}))["users"]
    for levels in (most + 1, 150, 400):
        faults = await graph.faults(company.admin, FILTER, {"w": nested(levels)})
        assert [code for code, _ in faults] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("step", [("manager",), ("reports", "some"), ("NOT",), ("OR",)])
@pytest.mark.parametrize("part", ["nodes { id }", "edges { node { id } } pageInfo { endCursor }", "totalCount"])
async def test_the_deepest_conditions_in_the_deepest_list_are_answered(
    graph: Asking, company: Company, step: tuple[str, ...], part: str
) -> None:
    where: object = {}
    for name in reversed(step * 20):
        where = {name: where}
    inside = f"reports(where: $w) {{ {part} }}"
    levels = 7 if part.startswith("edges") else 8
    query = "{ users(first: 1) " + "{ nodes { reports(first: 1) " * (levels - 1) + f"{{ nodes {{ {inside} }} }}"
    whole = f"query($w: UserWhere) {query}" + " } }" * (levels - 1) + " }"
    assert "users" in await graph.data(company.admin, whole, {"w": where})


async def test_an_operation_has_so_many_conditions_and_no_more(graph: Asking, company: Company) -> None:
    one = {"displayName": {"eq": "x"}}
    assert "users" in await graph.data(company.admin, FILTER, {"w": {"OR": [one] * 499}})
    assert await graph.faults(company.admin, FILTER, {"w": {"OR": [one] * 500}}) == [("BAD_USER_INPUT", "where.OR")]
    query = "query($w: UserWhere) { a: users(where: $w) { totalCount } b: users(where: $w) { totalCount } }"
    answer = await graph.ask(company.admin, query, {"w": {"AND": [one] * 300}})
    assert faults_of(answer) == [("BAD_USER_INPUT", "where.AND")]
    assert answer["data"] == {"a": {"totalCount": 0}, "b": None}
