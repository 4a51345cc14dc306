"""Every field of every type, over a made-up company: what comes is what the schema promises."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from graphql import (
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
    print_ast,
    validate,
)

from app.services.demo import load_demo
from app.services.policies.store import ensure_policy
from app.settings import Settings
from graphql_schema.entities import Amount, Computed, Entity, Key, Many, Member, One, Rights, Subject
from graphql_schema.schema import SCHEMA
from graphql_schema.types import GRAPH
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.answers import faults_of_data
from tests.graphql_schema.rows import Row, user
from tests.http.asking import Asking, asking

CORE = SCHEMA._schema
EXAMPLES = Path(__file__).parents[2] / "app" / "graphiql" / "examples.graphql"


@pytest.fixture(scope="module")
async def demo(database: TemporaryDatabase, settings: Settings) -> AsyncIterator[Asking]:
    """A small made-up company, served."""
    connection = await asyncpg.connect(database.dsn)
    await ensure_policy(connection)
    await connection.close()
    await load_demo(database.dsn, 40)
    async with asking(database.dsn, settings) as served:
        yield served


@pytest.fixture(scope="module")
async def people(demo: Asking) -> Mapping[str, Row]:
    """The demo's users by e-mail address."""
    row = await demo.database.read(
        "SELECT json_object_agg(email, id)::text AS found FROM users WHERE email IS NOT NULL"
    )
    assert row is not None
    return {email: user("x", id=UUID(key)) for email, key in json.loads(row["found"]).items()}


def _whole(type_: Any) -> str:
    """All of an object that takes no arguments; of a row its id."""
    named = get_named_type(type_)
    if is_leaf_type(named):
        return ""
    if not isinstance(named, GraphQLObjectType):
        return " { __typename }"
    if named.name in GRAPH.entities:
        return " { id }"
    if named.name.endswith("Measures"):
        return " { count }"
    asked = (of for of in named.fields.items() if not any(map(is_required_argument, of[1].args.values())))
    return f" {{ __typename {' '.join(name + _whole(field.type) for name, field in asked)} }}"


def _computed(entity: Entity, member: Computed) -> str:
    """A computed field with all that is in it; nothing where it takes what is not known here."""
    of = CORE.type_map[entity.name]
    assert isinstance(of, GraphQLObjectType)
    field = of.fields[member.name]
    if str(field.type).endswith("Aggregate"):
        return f"{member.name} {{ nodes {{ count }} hasMore }}"
    return "" if any(map(is_required_argument, field.args.values())) else member.name + _whole(field.type)


def _selection(name: str, member: Member, entity: Entity) -> str:
    if isinstance(member, Computed):
        return _computed(entity, member)
    if isinstance(member, Amount):
        return f"{name} {{ amount currency base }}"
    if isinstance(member, (One, Subject)):
        return f"{name} {{ __typename ...on Node {{ id }} }}"
    if isinstance(member, Many):
        return f"{name}(first: 1) {{ nodes {{ id }} }}"
    if isinstance(member, Rights):
        return f"{name} {{ masked withheld }}"
    return name


def _everything(entity: Entity) -> str:
    fields = " ".join(_selection(name, member, entity) for name, member in entity.members.items())
    return f"{{ {entity.plural}(first: 5) {{ totalCount nodes {{ __typename {fields} }} }} }}"


def _aggregate(entity: Entity) -> str:
    name = f"{entity.plural}Aggregate"
    return f"{{ {name} {_whole(CORE.type_map[f'{entity.name}Aggregate'])} }}"


ASKING = ["admin@example.com", "jonas.weber@example.com", "ingrid.berg@example.com"]
"""The administrator, a representative and the auditor."""


@pytest.mark.parametrize("email", ASKING)
async def test_every_field_is_what_the_schema_promises(demo: Asking, people: Mapping[str, Row], email: str) -> None:
    seen: dict[str, int] = {}
    if email == "admin@example.com":  # whose look as somebody is noted in the audit trail
        me = (await demo.data(people[email], "{ viewer { id } }"))["viewer"]["id"]
        await demo.data(people[email], f'{{ effectiveAccess(as: "{me}") {{ __typename }} }}')
    for entity in GRAPH:
        query = _everything(entity)
        data = await demo.data(people[email], query)
        assert faults_of_data(CORE, query, data) == []
        seen[entity.name] = data[entity.plural]["totalCount"]
        query = _aggregate(entity)
        data = await demo.data(people[email], query)
        assert faults_of_data(CORE, query, data) == []
        assert [group["count"] for group in data[f"{entity.plural}Aggregate"]["nodes"]] == [seen[entity.name]]
    if email == "admin@example.com":
        assert [name for name, many in seen.items() if not many] == []


async def test_a_row_is_the_same_by_its_id_and_in_its_list(demo: Asking, people: Mapping[str, Row]) -> None:
    admin = people["admin@example.com"]
    for entity in GRAPH:
        fields = " ".join(
            _selection(name, member, entity)
            for name, member in entity.members.items()
            if not isinstance(member, (Many, Key))
        )
        listed = (await demo.data(admin, f"{{ {entity.plural}(first: 2) {{ nodes {{ id {fields} }} }} }}"))[
            entity.plural
        ]
        ids = [node["id"] for node in listed["nodes"]]
        query = f"""query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ...on {entity.name} {{ id {fields} }} }} }}"""
        assert (await demo.data(admin, query, {"ids": ids}))["nodes"] == listed["nodes"]
        one = f"query($id: ID!) {{ {entity.single}(id: $id) {{ id {fields} }} }}"
        for node in listed["nodes"]:
            assert (await demo.data(admin, one, {"id": node["id"]}))[entity.single] == node


def test_the_examples_are_valid() -> None:
    assert validate(CORE, parse(EXAMPLES.read_text("utf-8"))) == []


async def test_the_examples_answer(demo: Asking, people: Mapping[str, Row]) -> None:
    admin = people["admin@example.com"]
    everyone, *others = re.split(r"^#### .+\n", EXAMPLES.read_text("utf-8"), flags=re.MULTILINE)[1:]
    for operation in parse(everyone).definitions:
        for email in ASKING:
            data = await demo.data(people[email], print_ast(operation))
            assert faults_of_data(CORE, print_ast(operation), data) == []
            if email == "admin@example.com":
                assert all(data.values())
                assert all(found.get("nodes", True) for found in data.values())
    (customer,) = (await demo.data(admin, "{ customers(first: 1) { nodes { id version } } }"))["customers"]["nodes"]
    person = (await demo.data(admin, "{ viewer { id } }"))["viewer"]["id"]
    new: Any = {"displayName": "Nordlicht", "kind": "ORGANIZATION", "email": "nordlicht@example.com", "currency": "EUR"}
    variables: dict[str, Any] = {"TryAnUpdate": {"customer": customer["id"], "version": customer["version"]}}
    variables["SendCustomers"] = {"customers": [new]}
    variables["Why"] = {"person": person, "record": customer["id"], "field": "taxId"}
    for operation in parse("".join(others)).definitions:
        assert isinstance(operation, OperationDefinitionNode)
        assert operation.name is not None
        data = await demo.data(admin, print_ast(operation), variables.get(operation.name.value))
        assert None not in data.values()
        assert all(found.get("userErrors", []) == [] for found in data.values() if isinstance(found, dict))
