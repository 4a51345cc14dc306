"""Whether an answer is one that the schema allows: what graphql-core cannot check of JSON that is passed through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    is_abstract_type,
    is_composite_type,
)

from graphql_schema.compiler.documents import Documents
from graphql_schema.compiler.selection import Operation, Selected, select

Fault = str


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _form(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


SCALARS: Mapping[str, Callable[[Any], bool]] = {
    "String": _text,
    "ID": _form(r"[A-Za-z0-9+/]{24}|[A-Za-z0-9+/]{44}"),
    "Int": lambda value: type(value) is int and -(2**31) <= value < 2**31,
    "Boolean": lambda value: isinstance(value, bool),
    "DateTime": _form(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00"),
    "Date": _form(r"\d{4}-\d\d-\d\d"),
    "Decimal": _form(r"-?\d+(\.\d+)?"),
    "CurrencyCode": _form(r"[A-Z]{3}"),
    "CountryCode": _form(r"[A-Z]{2}"),
    "EmailAddress": _form(r"[^@\s]+@[^@\s]+|•••|[^@\s]+"),
    "PhoneNumber": _form(r"\+[1-9]\d{1,14}|\+\d\d•••\d\d|•••"),
    "JSON": lambda value: True,
}


@dataclass(frozen=True)
class _Checker:
    schema: GraphQLSchema

    def value(self, type_: GraphQLOutputType, found: Any, selected: Selected, at: str) -> Iterator[Fault]:
        if isinstance(type_, GraphQLNonNull):
            if found is None:
                yield f"{at}: null where {type_} is promised"
            type_ = type_.of_type
        if found is not None:
            yield from self.present(type_, found, selected, at)

    def present(self, type_: Any, found: Any, selected: Selected, at: str) -> Iterator[Fault]:
        if isinstance(type_, GraphQLList):
            if not isinstance(found, list):
                yield f"{at}: no list"
                return
            for i, item in enumerate(found):
                yield from self.value(type_.of_type, item, selected, f"{at}[{i}]")
        elif is_composite_type(type_):
            yield from self.object(type_, found, selected, at)
        elif found not in type_.values if isinstance(type_, GraphQLEnumType) else not SCALARS[type_.name](found):
            yield f"{at}: {found!r} is no {type_}"

    def object(self, type_: Any, found: Any, selected: Selected, at: str) -> Iterator[Fault]:
        if not isinstance(found, dict):
            yield f"{at}: no object"
            return
        actual = self.schema.type_map[found["__typename"]] if is_abstract_type(type_) else type_
        assert isinstance(actual, GraphQLObjectType)
        yield from self.fields(actual, found, selected.children(actual), at)

    def fields(self, type_: GraphQLObjectType, found: Any, asked: list[Selected], at: str) -> Iterator[Fault]:
        if list(found) != [item.key for item in asked]:
            yield f"{at}: {list(found)} where {[item.key for item in asked]} was asked"
            return
        for item in asked:
            inside = f"{at}.{item.key}"
            if item.name == "__typename":
                if found[item.key] != type_.name:
                    yield f"{inside}: {found[item.key]!r}"
            else:
                yield from self.value(item.definition.type, found[item.key], item, inside)


def faults_of_data(
    schema: GraphQLSchema, query: str, data: Any, variables: Mapping[str, Any] | None = None
) -> list[Fault]:
    """What of an answer's data the schema does not allow. Nodes of abstract types are to be asked for `__typename`."""
    prepared = Documents().prepare(schema, query, None)
    operation: Operation = prepared.operation(prepared.coerce(variables or {}))
    assert schema.query_type is not None
    asked = select(operation, schema.query_type, [prepared.node.selection_set])
    return list(_Checker(schema).fields(schema.query_type, data, asked, "data"))
