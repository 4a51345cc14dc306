"""The schema: Query, Mutation, Subscription, and every entity's types."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

import strawberry
from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLResolveInfo

from graphql_schema import telling
from graphql_schema.building import EntityTypes, build, list_arguments, words
from graphql_schema.common import Node
from graphql_schema.entities import Graph
from graphql_schema.execution import PassingThrough
from graphql_schema.history.past import AS_OF
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, maybe
from graphql_schema.mutations.declaring import Mutation
from graphql_schema.mutations.schema import all_mutations, mutation_type, resolve
from graphql_schema.scalars import CONFIG, EmailAddress
from graphql_schema.subscriptions.schema import subscription_type
from graphql_schema.tailoring.schemas import Complete
from graphql_schema.types import GRAPH


def answer(_source: object, info: GraphQLResolveInfo[Any], **_arguments: object) -> Awaitable[Any]:
    """Resolves a field of Query or Subscription: planned by the compiler, answered with its siblings by one statement.

    The compiler reads the arguments as they are written, so they are not made into Strawberry's inputs first.
    """
    found: Awaitable[Any] = info.context.answer(info)
    return found


def _roots(graph: Graph, made: dict[str, EntityTypes]) -> list[Part]:
    one = Part("id", strawberry.ID, "Its id.", default=REQUIRED)
    many = Part("ids", listed(strawberry.ID), "Up to 100 ids.", default=REQUIRED)
    parts = [
        Part("node", maybe(Node), "Anything by its id; null where there is none in view.", (one,)),
        Part("nodes", maybe(listed(maybe(Node))), "Things by their ids, in that order.", (many,)),
        Part("viewer", maybe(VIEWER), "Who asks."),
    ]
    for entity in graph:
        types = made[entity.name]
        what = words(entity.single)
        given = (one, AS_OF) if entity.as_of else (one,)
        told = f"One {what} by its id; null where it is not in view."
        parts.append(Part(entity.single, maybe(types.object), told, given))
        parts.append(
            Part(
                entity.plural,
                maybe(types.connection),
                f"All {words(entity.plural)} in view.",
                list_arguments(types, 20),
            )
        )
    return parts + [computed.part(made) for computed in graph.roots.values()]


VIEWER = empty("Viewer")


def _build() -> tuple[strawberry.Schema, dict[str, EntityTypes], Mapping[str, Mutation]]:
    made = build(GRAPH)
    client = empty("ViewerClient")
    fill_type(
        client,
        "The client through which somebody asks.",
        [
            Part("code", str, "Its `client_id`."),
            Part("name", str, "Its name."),
            Part("roles", listed(str), "Codes of the roles that it holds; who it acts for has no more than these."),
        ],
    )
    fill_type(
        VIEWER,
        "Who asks: the user, or the client that asks for itself, and what decides what the answers hold.",
        [
            Part("id", strawberry.ID, "The user's id."),
            Part("displayName", maybe(str), "The user's name, where the scopes tell it."),
            Part("email", maybe(EmailAddress), "The user's e-mail address, where the scopes tell it."),
            Part("user", maybe(made["User"].object), "The user's own record, as far as it is in view."),
            Part("roles", list[str], "Codes of the roles in force now; none where the scopes or the client have none."),
            Part("client", maybe(client), "The client; null for a token of the house itself."),
            Part("scopes", maybe(listed(str)), "What was granted; null for a token of the house itself."),
        ],
    )
    query = empty("Query")
    fill_type(query, "Everything that can be read.", _roots(GRAPH, made))
    types = [entity.object for entity in made.values()]
    mutations = all_mutations(GRAPH, made)
    schema = strawberry.Schema(
        query=query,
        mutation=mutation_type(mutations.values()),
        subscription=subscription_type(VIEWER, made),
        types=types,
        config=CONFIG,
        execution_context_class=PassingThrough,
    )
    resolve(schema, mutations)
    for name in ("Query", "Subscription"):
        for field in _type_of(schema, name).fields.values():
            field.resolve = answer
    telling.resolve(schema._schema, GRAPH)
    _type_of(schema, "__Type").fields["isOneOf"].resolve = is_one_of
    return schema, made, mutations


def _type_of(schema: strawberry.Schema, name: str) -> GraphQLObjectType:
    found = schema._schema.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return found


def is_one_of(type_: object, _info: GraphQLResolveInfo[Any]) -> bool | None:
    """Resolves `__Type.isOneOf` of every type; Strawberry's own fails on lists and on what is not null."""
    return type_.is_one_of if isinstance(type_, GraphQLInputObjectType) else None


SCHEMA, TYPES, MUTATIONS = _build()
COMPLETE = Complete(SCHEMA._schema, GRAPH, TYPES, MUTATIONS)
