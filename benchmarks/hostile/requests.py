"""The requests, by what is wrong with each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql_schema.types import GRAPH

Json = dict[str, Any]


@dataclass(frozen=True)
class Hostile:
    """A request, and the code with which it is refused; "" where it is answered."""

    query: str
    code: str = "BAD_USER_INPUT"
    variables: Mapping[str, Any] | None = None


DEAR, FINE = "COST_EXCEEDED", ""
HELD = "query($w: UserWhere) { users(where: $w) { totalCount nodes { id } } }"
TYPES = " ".join(f"... on {entity.name} {{ access {{ masked withheld }} }}" for entity in GRAPH)
LISTS = list(GRAPH.plurals)[:20]


def _nested(times: int, around: str, inside: str) -> str:
    return f"{around} {{ " * times + inside + " }" * times


def _aliased(times: int, of: str) -> str:
    return " ".join(f"a{i}: {of}" for i in range(times))


def _user(inside: str) -> str:
    return f"{{ viewer {{ user {{ {inside} }} }} }}"


def _fragments(times: int, inside: Callable[[int], str], last: str = "id") -> str:
    return " ".join(f"fragment f{i} on User {{ {inside(i)} }}" for i in range(times)) + (
        f" fragment f{times} on User {{ {last} }}"
    )


def _where(times: int, step: str) -> Any:
    found: Json = {}
    for _ in range(times):
        found = {step: {"some": found} if step == "reports" else found}
    return {"w": found}


DEEP = {
    "eleven levels": Hostile(_user(_nested(9, "manager", "id"))),
    "four hundred levels": Hostile(_user(_nested(400, "manager", "id"))),
    "six hundred and fifty inline fragments": Hostile(_user(_nested(650, "...", "id"))),
    "lists in lists": Hostile(
        "{ users " + "{ edges { node { reports " * 7 + "{ nodes { id } }" + " } } }" * 7 + " }", DEAR
    ),
    "a list in brackets": Hostile("{ nodes(ids: " + "[" * 900 + "]" * 900 + ") { id } }"),
    "a type in brackets": Hostile("query($a: " + "[" * 900 + "ID" + "]" * 900 + ") { __typename }"),
    "a written filter in filters": Hostile(
        "{ users(where: " + "{NOT: " * 480 + "{}" + "}" * 480 + ") { totalCount } }"
    ),
    "a filter in filters": Hostile(HELD, variables=_where(450, "NOT")),
    "a filter through managers": Hostile(HELD, variables=_where(21, "manager")),
    "a filter through reports": Hostile(HELD, variables=_where(20, "reports"), code=FINE),
    "objects in variables": Hostile("query($j: [ID!]!) { nodes(ids: $j) { id } }", variables={"j": _where(900, "NOT")}),
}
WIDE = {
    "a field a thousand times": Hostile(_user("id " * 990)),
    "an object two hundred times": Hostile(_user("manager { id } " * 195)),
    "a field of Query two thousand times": Hostile("{ " + "viewer " * 1_990 + "}"),
    "twelve thousand denied fields": Hostile("{ " + "denied " * 12_500 + "}"),
    "twenty lists of a hundred": Hostile("{ " + " ".join(f"{n}(first: 100) {{ nodes {{ id }} }}" for n in LISTS) + " }", FINE),
    "all types of a node": Hostile('{ nodes(ids: ["' + '", "' * 99 + '"]) { ' + TYPES + " } }"),
    "every field of the schema": Hostile("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"),
}  # fmt: skip
ALIASED = {
    "thirty-one aliases": Hostile(_user(_aliased(31, "id"))),
    "eight thousand aliases": Hostile("{ " + _aliased(8_192, "viewer { id }") + " }"),
    "names of the type under forty thousand aliases": Hostile("{ " + _aliased(40_000, "__typename") + " }"),
    "aliases in a fragment that is spread": Hostile(_user("...f0 ...f0") + f" fragment f0 on User {{ {_aliased(16, 'id')} }}"),
    "an alias of ten thousand letters": Hostile("{ " + "a" * 10_000 + ": __typename }"),
    "introspection under aliases": Hostile("{ " + _aliased(31, "__schema { types { name } }") + " }"),
}  # fmt: skip
FRAGMENTS = {
    "fragments that double": Hostile(_user("...f0") + _fragments(60, lambda i: f"a: manager {{ ...f{i + 1} }} b: manager {{ ...f{i + 1} }}")),
    "fragments that double without an alias": Hostile(_user("...f0") + _fragments(150, lambda i: f"...f{i + 1} ...f{i + 1}")),
    "fragments that double and ask nothing": Hostile(_user("...f0") + _fragments(150, lambda i: f"...f{i + 1} ...f{i + 1}", "")),
    "a circle of fragments": Hostile(_user("...f0") + _fragments(2, lambda i: f"manager {{ ...f{1 - i} }} ...f2")),
    "a circle of two hundred fragments": Hostile(_user("...f0") + _fragments(200, lambda i: f"...f{i + 1}", "...f0")),
    "a chain of fragments": Hostile(_user("...f0") + _fragments(270, lambda i: f"...f{i + 1}")),
    "fragments side by side": Hostile(_user(" ".join(f"...f{i}" for i in range(200))) + _fragments(199, lambda _: "displayName")),
    "fragments that are missing": Hostile(_user(" ".join(f"...g{i}" for i in range(30)))),
    "fragments that are not used": Hostile("{ __typename }" + _fragments(270, lambda _: "id")),
}  # fmt: skip
DIRECTED = {
    "two thousand directives": Hostile("{ __typename " + "@include(if: true) " * 330 + "}"),
    "unknown directives": Hostile("{ __typename " + "@x " * 990 + "}"),
    "fifty directives twice": Hostile(_user("...f0 ...f0") + " fragment f0 on User { id " + "@skip(if: false) " * 26 + "}"),
}  # fmt: skip
OPERATIONS = {
    "eight thousand operations": Hostile(" ".join(f"query q{i} {{ __typename }}" for i in range(2_000))),
    "eleven operations": Hostile(" ".join(f"query q{i} {{ __typename }}" for i in range(11))),
    "variables that are not used": Hostile("query(" + " ".join(f"$a{i}: Int" for i in range(490)) + ") { __typename }"),
}
SCHEMA = {
    "introspection of seventeen levels": Hostile("{ __schema { types { " + _nested(15, "ofType", "name") + " } } }"),
    "introspection that comes back to itself": Hostile("{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }"),
}  # fmt: skip
TEXTS = {
    "a text of a megabyte": Hostile('{ node(id: "' + "x" * 900_000 + '") { id } }'),
    "a text of thirty thousand letters": Hostile('{ node(id: "' + "x" * 32_000 + '") { id } }'),
    "five thousand escapes": Hostile('{ node(id: "' + "\\u0041" * 5_000 + '") { id } }'),
    "a comment of a megabyte": Hostile("{ __typename } #" + "x" * 900_000),
    "a pattern of a megabyte": Hostile(HELD, variables={"w": {"displayName": {"contains": "x" * 900_000}}}),
    "a cursor of a megabyte": Hostile(
        "query($c: String) { users(after: $c) { nodes { id } } }", variables={"c": "A" * 900_000}
    ),
    "a NUL": Hostile(HELD, variables={"w": {"displayName": {"eq": "a\0b"}}}),
}
NUMBERS = {
    "a written integer of six thousand digits": Hostile("{ users(first: " + "9" * 6_000 + ") { totalCount } }"),
    "a decimal of six thousand digits": Hostile(
        "query($w: OrderWhere) { orders(where: $w) { totalCount } }", variables={"w": {"total": {"gt": "9" * 6_000}}}
    ),
    "a decimal with a vast exponent": Hostile(
        "query($w: OrderWhere) { orders(where: $w) { totalCount } }", variables={"w": {"total": {"gt": "1e999999999"}}}
    ),
    "a page of a billion": Hostile("{ users(first: 1000000000) { nodes { id } } }"),
    "a page of minus one": Hostile("{ users(last: -1) { nodes { id } } }"),
    "pages of a hundred in pages of a hundred": Hostile(
        "{ users(first: 100) { nodes { reports(first: 100) { nodes { reports(first: 100) { nodes { id } } } } } } }",
        DEAR,
    ),
    "pages in pages by variables": Hostile(
        "query($n: Int) { users(first: $n) { nodes { reports(last: $n) { edges { node { id } } } } } }",
        DEAR,
        {"n": 100},
    ),
    "counts in pages": Hostile(
        "{ users(first: 100) { nodes { reports(first: 6) { totalCount nodes { reports { totalCount } } } } } }", DEAR
    ),
}
VARIABLES = {
    "five thousand ids": Hostile(
        "query($w: UserWhere) { users(where: $w) { nodes { id } } }", variables={"w": {"in": ["x"] * 4_990}}
    ),
    "five thousand names": Hostile(
        HELD, FINE, {"w": {"displayName": {"in": [f"name {i}" for i in range(4_990)]}}}
    ),
    "ten thousand ids": Hostile("query($i: [ID!]!) { nodes(ids: $i) { id } }", variables={"i": ["x"] * 10_000}),
    "eleven thousand names": Hostile(HELD, variables={"w": {"displayName": {"in": ["x"] * 11_000}}}),
    "nine hundred written names": Hostile(
        '{ users(where: {displayName: {in: ["' + '", "' * 950 + '"]}}) { totalCount } }', FINE
    ),
    "a thousand nodes": Hostile("query($i: [ID!]!) { nodes(ids: $i) { id } }", variables={"i": ["x"] * 1_000}),
    "a thousand conditions": Hostile(HELD, variables={"w": {"OR": [{"displayName": {"eq": "x"}}] * 700}}),
    "two thousand objects": Hostile(HELD, variables={"w": {"OR": [{}] * 2_000}}),
    "filters that each look elsewhere": Hostile(
        HELD, DEAR, {"w": {"OR": [{"reports": {"some": {"manager": {"displayName": {"eq": "x"}}}}}] * 160}}
    ),
    "an order of a thousand steps": Hostile(
        "query($o: [UserOrder!]) { users(orderBy: $o) { nodes { id } } }", FINE,
        {"o": [{"field": "DISPLAY_NAME"}] * 1_000},
    ),
}  # fmt: skip
FAULTS = {
    "nine hundred unknown fields": Hostile("{ viewer { " + " ".join(f"x{i}" for i in range(900)) + " } }"),
    "six hundred unknown arguments": Hostile("{ users(" + " ".join(f"a{i}: 1" for i in range(600)) + ") { totalCount } }"),
    "two hundred wrong operands": Hostile("{ users(where: {OR: [" + "{displayName: {eq: 1}} " * 200 + "]}) { totalCount } }"),
    "a thousand wrong variables": Hostile(HELD, variables={"w": {"OR": [{"displayName": {"eq": i}} for i in range(700)]}}),
    "half a document": Hostile("{ " + "a { " * 600),
}  # fmt: skip

AGGREGATED = (
    "query($k: [UserGroupBy!], $h: [UserHaving!]) { usersAggregate(groupBy: $k, having: $h) { nodes { count } } }"
)
REPORT = "query($d: [Dimension!]) { analyze(dataset: USERS, dimensions: $d, measures: [{aggregate: COUNT}]) { rows } }"
ABOVE = {"aggregate": "COUNT", "value": {"gt": "0"}}
ADDED_UP = {
    "groups by a thousand fields": Hostile(AGGREGATED, variables={"k": [{"field": "STATUS"}] * 1_000}),
    "groups by a field of a thousand letters": Hostile(AGGREGATED, variables={"k": [{"field": "X" * 1_000}]}),
    "nine hundred conditions on groups": Hostile(AGGREGATED, variables={"h": [ABOVE] * 900}),
    "a billion groups": Hostile("{ usersAggregate(first: 1000000000) { nodes { count } } }"),
    "a zone of ten thousand letters": Hostile(
        AGGREGATED, variables={"k": [{"field": "CREATED_AT", "timeZone": "x" * 10_000}]}
    ),
    "groups in pages in pages": Hostile(
        "{ users(first: 100) { nodes { reports(first: 100) { nodes { reportsAggregate { nodes { count } } } } } } }",
        DEAR,
    ),
    "twenty groupings": Hostile(
        "{ " + " ".join(f"{name}Aggregate {{ nodes {{ count }} }}" for name in LISTS) + " }", FINE
    ),
    "a report by a path of a thousand steps": Hostile(REPORT, variables={"d": [{"path": "manager." * 1_000 + "id"}]}),
    "a report by a thousand paths": Hostile(REPORT, variables={"d": [{"path": "status"}] * 1_000}),
}

REQUESTS: Mapping[str, Hostile] = {
    **DEEP, **WIDE, **ALIASED, **FRAGMENTS, **DIRECTED, **OPERATIONS, **SCHEMA, **TEXTS, **NUMBERS, **VARIABLES, **ADDED_UP,
    **FAULTS,
}  # fmt: skip
