"""Laws of the schema as a text: it is the committed one, everything is described and named alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    validate_schema,
)

from graphql_schema.schema import SCHEMA
from tests.graphql_schema.parts import CORE, Part, parts

ROOT = Path(__file__).parents[2]
RENEW = "renew it with: c360 schema print > schema.graphql"


def test_the_schema_is_sound() -> None:
    assert validate_schema(CORE) == []


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    committed = ROOT / "schema.graphql"
    assert committed.read_text("utf-8") == SCHEMA.as_str() + "\n", RENEW
    assert set(build_schema(committed.read_text("utf-8")).type_map) == set(CORE.type_map)


def test_everything_is_described_in_a_sentence() -> None:
    described = dict(parts())
    assert len(described) > 4_000
    assert [
        name
        for name, part in described.items()
        if not re.fullmatch(r"[A-Z0-9`].*\.", part.description or "", re.DOTALL)
    ] == []


def test_names_have_one_form() -> None:
    forms = {
        GraphQLEnumValue: r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*",
        GraphQLField: r"[a-z][A-Za-z0-9]*",
        GraphQLArgument: r"[a-z][A-Za-z0-9]*",
        GraphQLInputField: r"[a-z][A-Za-z0-9]*|AND|OR|NOT",
    }

    def form(part: Part) -> str:
        return next((found for kind, found in forms.items() if isinstance(part, kind)), r"[A-Z][A-Za-z0-9]*")

    last = {name: re.split(r"[.(]", name.rstrip(")"))[-1] for name, _ in parts()}
    assert [name for name, part in parts() if not re.fullmatch(form(part), last[name])] == []
    assert max(map(len, last.values())) <= 63


@pytest.mark.parametrize("name", ["Node", "PageInfo", "Money", "Access", "Viewer"])
def test_shared_types_keep_their_form(name: str) -> None:
    found = CORE.type_map[name]
    assert isinstance(found, (GraphQLObjectType, GraphQLInterfaceType))
    assert {field: str(of.type) for field, of in found.fields.items()} == {
        "Node": {"id": "ID!"},
        "PageInfo": {
            "hasNextPage": "Boolean!",
            "hasPreviousPage": "Boolean!",
            "startCursor": "String",
            "endCursor": "String",
        },
        "Money": {"amount": "Decimal!", "currency": "CurrencyCode", "base": "Decimal"},
        "Access": {
            "canUpdate": "Boolean!",
            "canDelete": "Boolean!",
            "masked": "[String!]!",
            "withheld": "[String!]!",
            "updatable": "[String!]!",
        },
        "Viewer": {
            "id": "ID!",
            "displayName": "String",
            "email": "EmailAddress",
            "user": "User",
            "roles": "[String!]!",
            "client": "ViewerClient",
            "scopes": "[String!]",
        },
    }[name]
