"""Has the fields of Query that Python answers told, and what is asked inside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import GraphQLNamedType, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, get_named_type

from graphql_schema.entities import Graph, Told


def resolve(schema: GraphQLSchema, graph: Graph) -> None:
    """Gives those fields, and the fields of the types that only they lead to, their resolvers."""
    query = schema.query_type
    assert query is not None
    for name, told in graph.told.items():
        query.fields[name].resolve = _tells(told)
        for type_ in _inside(get_named_type(query.fields[name].type), {}):
            assert type_.name not in graph.entities, f"{name} is told in Python, and an entity is not"
            for field in type_.fields.values():
                field.resolve = _of_name


def _inside(type_: GraphQLNamedType, found: dict[str, GraphQLObjectType]) -> Iterator[GraphQLObjectType]:
    """A type and those that it leads to, each once."""
    if isinstance(type_, GraphQLObjectType) and type_.name not in found:
        found[type_.name] = type_
        yield type_
        for field in type_.fields.values():
            yield from _inside(get_named_type(field.type), found)


def _tells(told: Told) -> Any:
    async def tell(_source: object, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        return await info.context.tell(told, arguments)

    return tell


def _of_name(source: Mapping[str, Any], info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    value = source[info.field_name]
    return value(info, **arguments) if callable(value) else value
