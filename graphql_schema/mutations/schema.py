"""The type Mutation, and the resolvers of what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import strawberry
from graphql import GraphQLObjectType, GraphQLResolveInfo, get_named_type

from graphql_schema.auditing import unmasking
from graphql_schema.building import EntityTypes
from graphql_schema.clients.mutations import mutations as clients
from graphql_schema.entities import Graph
from graphql_schema.making import REQUIRED, Part, empty, fill_type
from graphql_schema.mutations import entities, merging
from graphql_schema.mutations.declaring import RESULTS, Mutation
from graphql_schema.mutations.previewing import preview
from graphql_schema.mutations.processes import BEGINNINGS, STEPS
from graphql_schema.policies.mutations import mutations as policies

MUTATION = "Mutation"


def all_mutations(graph: Graph, types: Mapping[str, EntityTypes]) -> Mapping[str, Mutation]:
    """All mutations, by name."""
    of_entities = entities.mutations(graph, types)
    of_processes = (step.mutation(graph.entities, types) for step in (*STEPS, *BEGINNINGS))
    of_merging = merging.mutations(graph.entities, types)
    others = (*clients(), *unmasking.mutations(), *policies(graph.entities, types), preview(graph, types))
    return {each.name: each for each in (*of_entities, *of_processes, *of_merging, *others)}


def mutation_type(mutations: Iterable[Mutation]) -> type:
    """The type Mutation."""
    made = empty(MUTATION)
    fill_type(made, "Everything that can be written.", [_part(mutation) for mutation in mutations])
    return made


def _part(mutation: Mutation) -> Part:
    given = Part("input", mutation.input, "What is to be done.", default=REQUIRED)
    return Part(mutation.name, mutation.payload | None, mutation.description, (given,))


def resolve(schema: strawberry.Schema, mutations: Mapping[str, Mutation]) -> None:
    """Has the fields of Mutation written, and those of payloads taken from what came of it."""
    root = schema._schema.mutation_type
    assert root is not None
    for name, of in root.fields.items():
        of.resolve = _writes(mutations[name])
        payload = get_named_type(of.type)
        assert isinstance(payload, GraphQLObjectType)
        _take_by_key(payload)
        for listed in payload.fields.keys() & {RESULTS, *mutations[name].beside}:
            result = get_named_type(payload.fields[listed].type)
            assert isinstance(result, GraphQLObjectType)
            _take_by_key(result)
    for told in ("UserError", "DuplicateEvidence", "Client", "PolicyFinding"):
        type_ = schema._schema.type_map[told]
        assert isinstance(type_, GraphQLObjectType)
        for inner in type_.fields.values():
            inner.resolve = _of_name


def _take_by_key(type_: GraphQLObjectType) -> None:
    for of in type_.fields.values():
        of.resolve = _of_key


def _writes(mutation: Mutation) -> Any:
    async def write(_source: object, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        return await info.context.write(info, mutation, arguments["input"])

    return write


def _of_key(source: Mapping[str, Any], info: GraphQLResolveInfo[Any], **_arguments: object) -> Any:
    return source[str(info.path.key)]


def _of_name(source: Mapping[str, Any], info: GraphQLResolveInfo[Any], **_arguments: object) -> Any:
    return source[info.field_name]
