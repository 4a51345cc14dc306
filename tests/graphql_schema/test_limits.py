"""How much one document may ask."""

from __future__ import annotations

import pytest
from graphql import get_introspection_query

from graphql_schema.entities import Value
from graphql_schema.types import GRAPH
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
    return "{ users " + "{ edges { node { reports(first: 1) " * levels + "{ nodes { id } }" + " } } }" * levels + " }"


def _types(levels: int) -> str:
    return '{ __type(name: "User") { ' + "ofType { " * (levels - 2) + "name" + " }" * (levels - 2) + " } }"


def _aliased(name: str, many: int) -> str:
    return "{ viewer { user { " + " ".join(f"a{i}: {name}" for i in range(many)) + " } } }"


def _plain(name: str, many: int) -> str:
    return "{ viewer { user { " + f"{name} " * many + " } } }"


def _spread(many: int) -> str:
    """So many fragments in one place, few of which have a field in common."""
    names = [name for name, member in GRAPH["Customer"].members.items() if isinstance(member, Value)] * 2
    spread = " ".join(f"...f{i}" for i in range(many))
    fragments = (f"fragment f{i} on Customer {{ {name} }}" for i, name in enumerate(names[:many]))
    return f"{{ customers {{ nodes {{ {spread} }} }} }} " + " ".join(fragments)


def _roots(many: int) -> str:
    return "{ " + "viewer { id } " * many + "}"


def _operations(many: int) -> str:
    return " ".join(f"query q{i} {{ __typename }}" for i in range(many))


DEEP = "fields are nested deeper than 10 levels"
DEEP_SCHEMA = "introspection is nested deeper than 16 levels"
MANY = "more than 1000 fields, or 200 with fields of their own, are asked for"
LONG = "a response key has at most 63 characters"
AGAIN = "the same fields are asked for again and again"
CYCLE = "a fragment is spread within itself"
UNUSED = "a fragment is defined and not used"
ROOTS = "an operation has more than 20 root fields"
ALIASES = "more than 30 aliases are used"
DIRECTIVES = "more than 50 directives are used"
OPERATIONS = "a document has at most 10 operations"


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
        (_aliased("id", 30), []),
        (_aliased("id", 31), [ALIASES]),
        ("{ viewer { ...f ...f } } fragment f on Viewer { " + " ".join(f"a{i}: id" for i in range(15)) + " }", []),
        ("{ viewer { ...f ...f } } fragment f on Viewer { " + " ".join(f"a{i}: id" for i in range(16)) + " }",
         [ALIASES]),
        ("query q0 { " + " ".join(f"a{i}: __typename" for i in range(15)) + " } query b { "
         + " ".join(f"a{i}: __typename" for i in range(16)) + " }", [ALIASES]),
        (_roots(20), []),
        (_roots(21), [ROOTS]),
        ("{ ...f ...f } fragment f on Query { ... { " + "__typename " * 10 + "} }", []),
        ("{ ...f ...f } fragment f on Query { ... { " + "__typename " * 11 + "} }", [ROOTS]),
        ("query q0 { " + "__typename " * 20 + "} query b { " + "__typename " * 20 + "}", []),
        ("query q0 { " + "__typename " * 20 + "} query b { " + "__typename " * 21 + "}", [ROOTS]),
        ("{ " + "viewer @skip(if: false) { ... @include(if: true) { id } } " * 16 + "...f @skip(if: false) } "
         "fragment f on Query { " + "__typename " * 2 + "a: __typename @skip(if: false) }", []),
        ("{ " + "viewer @skip(if: false) { id @skip(if: false) ... @include(if: true) { id } } " * 16 + "...f ...f } "
         "fragment f on Query { a: __typename @skip(if: false) }", []),
        ("{ " + "viewer @skip(if: false) { id @skip(if: false) ... @include(if: true) { id } } " * 16
         + "...f ...f @skip(if: false) } fragment f on Query { a: __typename @skip(if: false) }", [DIRECTIVES]),
        ("query q0($a: Int " + "@x " * 25 + ") " + "@x " * 26 + "{ __typename }", [DIRECTIVES]),
        ("{ ...f } fragment f on Query " + "@x " * 51 + "{ __typename }", [DIRECTIVES]),
        (_operations(10), []),
        (_operations(11), [OPERATIONS]),
        (_plain("id", 63), []),
        (_plain("id", 64), [AGAIN]),
        (_plain("manager { id }", 45), []),
        (_plain("manager { id }", 46), [AGAIN]),
        (_plain("id", 998), [AGAIN]),
        (_plain("id", 999), [MANY]),
        (_plain("manager { id }", 198), [AGAIN]),
        (_plain("manager { id }", 199), [MANY]),
        (_spread(32), []),
        (_spread(33), [AGAIN]),
        ("{ ...f0 } " + " ".join(f"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }}" for i in range(60))
         + " fragment f60 on Query { }", [MANY]),
        ("{ viewer { id } } fragment a on Viewer { id }", [UNUSED]),
        ("{ viewer { ...a } } fragment a on Viewer { user { ...b } } fragment b on User { ...b }", [CYCLE]),
        (_doubled(4), []),
        (_doubled(5), [ALIASES]),
        (_doubled(60), [DEEP, ALIASES, MANY]),
        (f"{{ {'a' * 63}: viewer {{ {'b' * 63}: id }} }}", []),
        (f"{{ {'a' * 64}: viewer {{ id }} }}", [LONG]),
        (f"{{ viewer {{ {'a' * 64}: id }} }}", [LONG]),
        (f"{{ {'a' * 64}: __typename viewer {{ id }} }}", [LONG]),
        (f"{{ viewer {{ ...v }} }} fragment v on Viewer {{ ... {{ {'a' * 64}: id }} }}", [LONG]),
        (f"{{ customers {{ pageInfo {{ {'a' * 64}: hasNextPage }} }} }}", [LONG]),
        (f"{{ customers {{ nodes {{ access {{ {'a' * 64}: masked }} }} }} }}", [LONG]),
        (f"query a {{ {'a' * 64}: __typename }} query b {{ __typename }}", [LONG]),
        ("{ __typename" + " " * (32_768 - 14) + " }", []),
        ("{ __typename" + " " * (32_768 - 13) + " }", ["a document has at most 32768 characters"]),
        ("{ " + "__typename ,,, ...{ " * 4 + "__typename " + "} " * 4 + "} # " + "x" * 2_100, []),
        (get_introspection_query(input_value_deprecation=True), []),
    ],
)  # fmt: skip
async def test_what_asks_too_much_is_refused(graph: Asking, company: Company, query: str, faults: list[str]) -> None:
    name = "b" if query.startswith("query a") else "q0" if query.startswith("query q0") else None
    before = graph.engine.statements
    answer = await graph.ask(company.admin, query, operationName=name)
    assert [error["message"] for error in answer.get("errors", ())] == faults
    assert graph.engine.statements == before + (not faults)
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


@pytest.mark.parametrize(("many", "fits"), [(1_988, True), (1_989, False)])
async def test_a_document_has_so_many_tokens_and_no_more(
    graph: Asking, company: Company, many: int, *, fits: bool
) -> None:
    answer = await graph.ask(company.admin, '{ nodes(ids: ["' + '", "' * (many - 1) + '"]) { id } }')
    assert ("data" in answer) is fits
    assert ("2000 tokens" in answer["errors"][0]["message"]) is not fits


async def test_ten_faults_of_a_document_are_told(graph: Asking, company: Company) -> None:
    for many, told in ((9, 9), (10, 10), (11, 10), (40, 10)):
        answer = await graph.ask(company.admin, "{ viewer { " + " ".join(f"x{i}" for i in range(many)) + " } }")
        assert len(answer["errors"]) == told
