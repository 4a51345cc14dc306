"""A tailored schema, asked over HTTP: what it lacks answers as what never was."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import Any

import asyncpg
import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, get_introspection_query

from graphql_schema.entities import Entity, Many
from graphql_schema.schema import COMPLETE, SCHEMA
from graphql_schema.types import GRAPH
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, order, order_line, store, ticket
from tests.graphql_schema.tailoring.shown import elements
from tests.graphql_schema.tailoring.test_laws import access_of, named
from tests.http.asking import Asking

WHOLE = named(SCHEMA._schema)
SEEN = named(COMPLETE.tailored_to(access_of("partner")))
ENTITIES = ("Customer", "Order", "OrderLine")


@dataclass(frozen=True)
class Rows:
    """A German customer with what belongs to it, and a French one."""

    german: Row
    french: Row
    contact: Row
    order: Row
    line: Row
    ticket: Row


@pytest.fixture(scope="module")
async def rows(writer: asyncpg.Connection, company: Company) -> Rows:
    german = customer("German", region=company.germany, owner=company.rep, email="german@example.com", tier="KEY")
    french = customer("French", region=company.france)
    placed = order(german, number="G")
    line = order_line(placed)
    found = Rows(german, french, contact(german), placed, line, ticket(german, order=placed))
    await store(writer, german, french, found.contact, placed, line, found.ticket)
    return found


async def _body(graph: Asking, who: Row, query: str, variables: Any = None) -> bytes:
    """The response to a request of a known id, byte by byte."""
    response = await graph.client.post(
        "/graphql",
        json={"query": query, "variables": variables},
        headers={**graph.bearer(who), "X-Request-Id": "the-same"},
    )
    return response.content


def _nonsense(name: str) -> str:
    """A name of the same length that nothing has."""
    return "".join("Z" if letter.isupper() else "z" if letter.isalpha() else letter for letter in name)


NAME = "@"
"""Stands for a name in the documents and variables below."""


@dataclass(frozen=True)
class Form:
    """A request that says a name."""

    query: str
    variables: Any = None

    def said(self, name: str) -> tuple[str, Any]:
        """The request with a name in its place."""
        return self.query.replace(NAME, name), _named(self.variables, name)


def _named(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {_named(key, name): _named(part, name) for key, part in value.items()}
    if isinstance(value, list):
        return [_named(part, name) for part in value]
    return name if value == NAME else value


def _gone(of: str) -> list[str]:
    """What of a type a partner's schema lacks."""
    return sorted(elements(WHOLE[of]) - elements(SEEN[of]))


ROOT = [Form(f"{{ {NAME} {rest} }}") for rest in ("", '(id: "x") { id }', "(first: 1) { nodes { id } }")]
TYPE = [
    Form(f"{{ nodes(ids: []) {{ ...on {NAME} {{ id }} }} }}"),
    Form(f"fragment f on {NAME} {{ id }} {{ nodes(ids: []) {{ ...f }} }}"),
    Form(f"query($x: {NAME}) {{ customers(where: $x) {{ totalCount }} }}"),
    Form(f"query($x: [{NAME}!]) {{ customers(orderBy: $x) {{ totalCount }} }}", {"x": []}),
    Form(f'{{ __type(name: "{NAME}") {{ name fields {{ name }} }} }}'),
    Form("query($n: String!) { __type(name: $n) { name kind } }", {"n": NAME}),
]


def _fields(entity: Entity) -> list[Form]:
    return [
        Form(f"{{ {entity.plural} {{ nodes {{ {NAME} }} }} }}"),
        Form(f"{{ {entity.plural} {{ edges {{ node {{ {NAME} {{ id }} }} }} }} }}"),
        Form(f'{{ node(id: "x") {{ ...on {entity.name} {{ x: {NAME}(first: 1) {{ nodes {{ id }} }} }} }} }}'),
    ]


def _conditions(entity: Entity) -> list[Form]:
    given = f"query($w: {entity.name}Where) {{ {entity.plural}(where: $w) {{ totalCount }} }}"
    return [
        Form(f"{{ {entity.plural}(where: {{{NAME}: {{eq: 1}}}}) {{ totalCount }} }}"),
        Form(f"{{ {entity.plural}(where: {{NOT: {{AND: [{{{NAME}: null}}]}}}}) {{ totalCount }} }}"),
        Form(f"query($x: String) {{ {entity.plural}(where: {{{NAME}: {{eq: $x}}}}) {{ totalCount }} }}", {"x": "y"}),
        Form(given, {"w": {NAME: {"eq": 1}}}),
        Form(given, {"w": {"OR": [{"id": {"eq": "x"}}, {"NOT": {NAME: {"some": {}}, "id": 1}}]}}),
    ]


def _terms(entity: Entity) -> list[Form]:
    steps = f"query($o: [{entity.name}Order!]) {{ {entity.plural}(orderBy: $o) {{ totalCount }} }}"
    field = f"query($f: {entity.name}OrderField!) {{ {entity.plural}(orderBy: {{field: $f}}) {{ totalCount }} }}"
    return [
        Form(f"{{ {entity.plural}(orderBy: [{{field: {NAME}}}]) {{ totalCount }} }}"),
        Form(f"{{ {entity.plural}(orderBy: [{{direction: UP, field: {NAME}}}]) {{ totalCount }} }}"),
        Form(steps, {"o": [{"field": "VERSION"}, {"field": NAME, "nulls": "x"}]}),
        Form(field, {"f": NAME}),
    ]


def _asked() -> list[tuple[str, Form]]:
    """Names that are gone, each in one of the forms in which it can be said; the forms of an entity with each."""
    found = [*_in_turn(_gone("Query"), ROOT), *_in_turn(sorted(set(WHOLE) - set(SEEN)), TYPE)]
    for entity in (GRAPH[name] for name in ENTITIES):
        found += _in_turn(_gone(entity.name), _fields(entity))
        found += _in_turn(_gone(f"{entity.name}Where"), _conditions(entity))
        found += _in_turn(_gone(f"{entity.name}OrderField"), _terms(entity))
    return found


def _in_turn(names: list[str], forms: list[Form]) -> list[tuple[str, Form]]:
    repeated = (names * len(forms))[: max(len(names), len(forms))]
    return list(zip(repeated, cycle(forms), strict=False))


async def test_what_is_gone_answers_byte_for_byte_as_what_never_was(
    graph: Asking, company: Company, rows: Rows
) -> None:
    asked = _asked()
    for name, form in asked:
        other = _nonsense(name)
        assert other not in WHOLE
        gone = await _body(graph, company.partner, *form.said(name))
        never = await _body(graph, company.partner, *form.said(other))
        assert gone.replace(name.encode(), other.encode()) == never, form.said(name)
        assert b'"errors"' in gone or gone.startswith(b'{"data":{"__type":null},'), form.said(name)
    assert len(asked) > 400


async def test_what_is_gone_costs_the_proof_alone_as_what_never_was(graph: Asking, company: Company) -> None:
    for query in ("{ contacts { totalCount } }", "{ zzzzzzzz { totalCount } }", "{ customers { nodes { email } } }"):
        before = graph.engine.statements
        await graph.ask(company.partner, query)
        assert graph.engine.statements == before + 1


def _introspected(schema: Any) -> dict[str, set[str]]:
    found = {}
    for type_ in schema["types"]:
        parts = [*(type_["fields"] or ()), *(type_["inputFields"] or ()), *(type_["enumValues"] or ())]
        members = () if type_["kind"] != "UNION" else type_["possibleTypes"]
        found[type_["name"]] = {part["name"] for part in (*parts, *members)}
    return found


@pytest.mark.parametrize("role", ["partner", "nobody"])
async def test_introspection_tells_of_what_the_caller_can_ever_see(graph: Asking, company: Company, role: str) -> None:
    schema = (await graph.data(getattr(company, role), get_introspection_query(input_value_deprecation=True)))[
        "__schema"
    ]
    types = {name: of for name, of in _introspected(schema).items() if not name.startswith("__")}
    expected = SEEN if role == "partner" else WHOLE
    assert {name for name in types if name not in ("ID", "String", "Int", "Boolean", "Float")} == set(expected)
    assert {name: of for name, of in types.items() if name in expected} == {
        name: elements(of) for name, of in expected.items()
    }
    text = str(schema)
    for word in ("Contact", "taxId", "TAX_ID", "annualRevenue", "withheldBy"):
        assert (word in text) is (role == "nobody" and word != "withheldBy")


async def test_types_told_one_by_one_are_those_of_the_callers_schema(graph: Asking, company: Company) -> None:
    query = "query($n: String!) { __type(name: $n) { fields { name } inputFields { name } enumValues { name } possibleTypes { name } } }"
    for name in ("Customer", "CustomerWhere", "CustomerOrderField", "Node", "Contact", "Money"):
        of = (await graph.data(company.partner, query, {"n": name}))["__type"]
        if name not in SEEN:
            assert of is None
            continue
        told = {part["name"] for part in of["fields"] or of["inputFields"] or of["enumValues"]}
        assert told == elements(SEEN[name])
        if name == "Node":
            assert {part["name"] for part in of["possibleTypes"]} == set(ENTITIES)


async def test_ids_of_types_that_are_gone_are_null_as_ids_of_rows_that_are_not_there(
    graph: Asking, company: Company, rows: Rows
) -> None:
    query = """query($id: ID!, $ids: [ID!]!) {
        node(id: $id) { __typename id } nodes(ids: $ids) { __typename id ...on Customer { displayName } }
        customer(id: $id) { displayName }
    }"""
    for hidden in (rows.contact, rows.ticket, company.rep, company.germany, rows.french):
        data = await graph.data(company.partner, query, {"id": hidden.node, "ids": [hidden.node, rows.german.node]})
        seen = {"__typename": "Customer", "id": rows.german.node, "displayName": "German"}
        assert data == {"node": None, "nodes": [None, seen], "customer": None}
    written = f'{{ node(id: "{rows.contact.node}") {{ id }} nodes(ids: ["{rows.contact.node}"]) {{ id }} }}'
    assert await graph.data(company.partner, written) == {"node": None, "nodes": [None]}


async def test_a_hidden_row_answers_byte_for_byte_as_one_that_is_not_there(
    graph: Asking, company: Company, rows: Rows
) -> None:
    query = """query($id: ID!, $ids: [ID!]!, $w: CustomerWhere) {
        node(id: $id) { id } nodes(ids: $ids) { id } customer(id: $id) { displayName orders { totalCount } }
        customers(where: $w) { totalCount nodes { id } edges { cursor } } orders(where: {customer: $w}) { totalCount }
    }"""

    async def answer(of: Row) -> bytes:
        variables = {"id": of.node, "ids": [of.node], "w": {"eq": of.node}}
        return await _body(graph, company.partner, query, variables)

    assert await answer(rows.french) == await answer(customer("missing"))
    assert await answer(rows.french) != await answer(rows.german)


async def test_access_names_only_fields_of_the_callers_schema(graph: Asking, company: Company, rows: Rows) -> None:
    query = (
        "query($id: ID!) { customer(id: $id) { access { masked withheld } orders { nodes { access { withheld } } } } }"
    )
    tailored = await graph.data(company.partner, query, {"id": rows.german.node})
    assert tailored["customer"] == {
        "access": {"masked": [], "withheld": []},
        "orders": {"nodes": [{"access": {"withheld": []}}]},
    }
    complete = await graph.data(company.rep, query, {"id": rows.german.node})
    assert complete["customer"]["access"]["withheld"] == ["birthDate", "taxId"]


async def test_what_is_left_is_answered_in_full(graph: Asking, company: Company, rows: Rows) -> None:
    query = """query($w: CustomerWhere, $o: [CustomerOrder!] = [{field: TIER, direction: DESC, nulls: LAST}, {field: DISPLAY_NAME}]) {
        viewer { displayName roles }
        customers(where: $w, orderBy: $o, first: 1) {
            totalCount edges { cursor node { displayName tier orders(where: {lines: {some: {quantity: {gte: "1.0"}}}}) {
                nodes { number lines(orderBy: {field: QUANTITY}) { nodes { quantity order { customer { displayName } } } } }
            } } } pageInfo { hasNextPage }
        }
    }"""
    for where in (None, {"tier": {"in": ["KEY"]}}, {"orders": {"every": {"number": {"startsWith": "g"}}}}):
        data = await graph.data(company.partner, query, {"w": where})
        (edge,) = data["customers"].pop("edges")
        assert data == {
            "viewer": {"displayName": "Partner", "roles": ["partner"]},
            "customers": {"totalCount": 1, "pageInfo": {"hasNextPage": False}},
        }
        (placed,) = edge["node"].pop("orders")["nodes"]
        assert edge["node"] == {"displayName": "German", "tier": "KEY"}
        (line,) = placed["lines"]["nodes"]
        assert (placed["number"], line["order"]) == ("G", {"customer": {"displayName": "German"}})


async def test_whatever_is_left_may_be_filtered_and_ordered_by(unlimited: Asking, company: Company, rows: Rows) -> None:
    for entity in (GRAPH[name] for name in ENTITIES):
        fields = elements(SEEN[f"{entity.name}Where"]) - {"AND", "OR", "NOT", "eq", "in", "isNull", "id"}
        many = {name for name in fields if isinstance(entity.members[name], Many)}
        filters = [f"where: {{{name}: {{{'some: {}' if name in many else 'isNull: true'}}}}}" for name in fields]
        orders = [f"orderBy: {{field: {name}}}" for name in elements(SEEN[f"{entity.name}OrderField"])]
        asked = (f"a{i}: {entity.plural}({given}) {{ totalCount }}" for i, given in enumerate((*filters, *orders)))
        assert await unlimited.data(company.partner, f"{{ {' '.join(asked)} }}")


def test_enums_keep_the_class_by_which_their_values_are_read() -> None:
    for name, type_ in SEEN.items():
        if isinstance(type_, GraphQLEnumType):
            original = WHOLE[name]
            assert type(type_) is type(original)
            for value in type_.values:
                assert type_.coerce_input_value(value) == original.coerce_input_value(value)


def test_defaults_of_inputs_are_kept() -> None:
    for name in ("CustomerOrder", "OrderOrder"):
        seen, whole = SEEN[name], WHOLE[name]
        assert isinstance(seen, GraphQLInputObjectType) and isinstance(whole, GraphQLInputObjectType)
        assert {field: of.default_value for field, of in seen.fields.items()} == {
            field: of.default_value for field, of in whole.fields.items()
        }
