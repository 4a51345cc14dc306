"""The parts of the schema, for laws that hold for all of them."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    is_specified_scalar_type,
)

from graphql_schema.schema import SCHEMA

CORE = SCHEMA._schema
MUTATIONS = CORE.mutation_type.fields if CORE.mutation_type else {}


Part = GraphQLNamedType | GraphQLField | GraphQLInputField | GraphQLArgument | GraphQLEnumValue


def types() -> Iterator[GraphQLNamedType]:
    """All types but those of GraphQL itself."""
    for name, type_ in CORE.type_map.items():
        if not name.startswith("__") and not is_specified_scalar_type(type_):
            yield type_


def parts() -> Iterator[tuple[str, Part]]:
    """Everything that has a name, with it."""
    for type_ in types():
        yield type_.name, type_
        if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", field
                yield from ((f"{type_.name}.{name}({of})", argument) for of, argument in field.args.items())
        elif isinstance(type_, GraphQLInputObjectType):
            yield from ((f"{type_.name}.{name}", field) for name, field in type_.fields.items())
        elif isinstance(type_, GraphQLEnumType):
            yield from ((f"{type_.name}.{name}", value) for name, value in type_.values.items())


def objects() -> Iterator[GraphQLObjectType]:
    """All types of objects."""
    return (type_ for type_ in types() if isinstance(type_, GraphQLObjectType))


def object_(name: str) -> GraphQLObjectType:
    """The type of objects of a name."""
    found = CORE.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return found
