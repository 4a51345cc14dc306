"""A schema made of what is left of another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from graphql import GraphQLEnumType, GraphQLSchema, get_named_type
from graphql.utilities.map_schema_config import ConfigMapperMap, SchemaElementKind, map_schema_config
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from graphql_schema.tailoring.left import Left

Config = Any
"""A type's or schema's keyword arguments; each kind has a type of its own."""
T = TypeVar("T")
ROOTS = ("query", "mutation", "subscription")


def tailored(complete: GraphQLSchema, left: Left) -> GraphQLSchema:
    """The schema of what is left: it can be validated against, introspected and executed."""
    made = GraphQLSchema(**map_schema_config(complete.to_kwargs(), lambda _: _mappers(left)))
    for name, type_ in made.type_map.items():
        if isinstance(type_, GraphQLEnumType):
            _restore(type_, complete.type_map[name])
    return made


def _mappers(left: Left) -> ConfigMapperMap:
    def kept(parts: Mapping[str, T], of: str) -> dict[str, T]:
        return {name: part for name, part in parts.items() if name in left.types[of]}

    def fields(config: Config) -> Config:
        inner: Callable[[], Mapping[str, Any]] = config["fields"]
        return {**config, "fields": lambda: kept(inner(), config["name"])}

    def values(config: Config) -> Config:
        inner: Callable[[], Mapping[str, Any]] = config["values"]
        return {**config, "values": lambda: kept(inner(), config["name"])}

    def members(config: Config) -> Config:
        inner: Callable[[], list[Any]] = config["types"]
        return {**config, "types": lambda: [of for of in inner() if of.name in left.types[config["name"]]]}

    def arguments(config: Config, _: str) -> Config:
        of_field = get_named_type(config["type_"]).name
        given = ((name, of) for name, of in config["args"].items() if (of_field, name) not in left.closed)
        return {**config, "args": {name: of for name, of in given if get_named_type(of.type).name in left.types}}

    def reachable(config: Config) -> Config:
        roots = {kind: root for kind in ROOTS if (root := config[kind]) and root.name in left.types}
        types = tuple(of for of in config["types"] if of.name in left.types)
        return {**config, **dict.fromkeys(ROOTS), **roots, "types": types}

    return {
        SchemaElementKind.OBJECT: fields,
        SchemaElementKind.INTERFACE: fields,
        SchemaElementKind.INPUT_OBJECT: fields,
        SchemaElementKind.ENUM: values,
        SchemaElementKind.UNION: members,
        SchemaElementKind.FIELD: arguments,
        SchemaElementKind.SCHEMA: reachable,
    }


def _restore(enum: GraphQLEnumType, original: Any) -> None:
    """Gives an enum back Strawberry's class, by which its values are read, and nothing else of the original."""
    if isinstance(original, CustomGraphQLEnumType):
        enum.__class__ = CustomGraphQLEnumType
        enum.wrapped_cls = original.wrapped_cls  # type: ignore[attr-defined]
