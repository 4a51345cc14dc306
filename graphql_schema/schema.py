"""The schema: Query, and every entity's types."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import strawberry
from strawberry.types.field import StrawberryField

from graphql_schema.building import EntityTypes, build, list_arguments, words
from graphql_schema.common import Node
from graphql_schema.entities import Graph
from graphql_schema.execution import PassingThrough
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, maybe
from graphql_schema.scalars import CONFIG, EmailAddress
from graphql_schema.types import GRAPH


class RootField(StrawberryField):
    """A field of Query: planned by the compiler, answered together with its siblings by one statement."""

    @property
    def is_basic_field(self) -> bool:
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Awaitable[Any]:
        found: Awaitable[Any] = info.context.answer(info._raw_info)
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
        parts.append(
            Part(entity.single, maybe(types.object), f"One {what} by its id; null where it is not in view.", (one,))
        )
        parts.append(
            Part(
                entity.plural,
                maybe(types.connection),
                f"All {words(entity.plural)} in view.",
                list_arguments(types, 20),
            )
        )
    return parts


VIEWER = empty("Viewer")


def _build() -> tuple[strawberry.Schema, dict[str, EntityTypes]]:
    made = build(GRAPH)
    fill_type(
        VIEWER,
        "Who asks: the user that the token names, and the roles that decide what the answers hold.",
        [
            Part("id", strawberry.ID, "The user's id."),
            Part("displayName", str, "The user's name."),
            Part("email", maybe(EmailAddress), "The user's e-mail address."),
            Part("user", maybe(made["User"].object), "The user's own record, as far as it is in view."),
            Part("roles", list[str], "Codes of the roles held now."),
        ],
    )
    query = empty("Query")
    fill_type(query, "Everything that can be read.", _roots(GRAPH, made), RootField)
    types = [entity.object for entity in made.values()]
    schema = strawberry.Schema(query=query, types=types, config=CONFIG, execution_context_class=PassingThrough)
    return schema, made


SCHEMA, TYPES = _build()
