"""Which parts of a schema operations reach: read off the operations themselves, not off how they were drawn."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    parse,
    type_from_ast,
    visit,
)
from graphql.type import introspection_types

from tests.leaks.operations.operation import Operation

META = {"__Schema": "Query.__schema", "__Type": "Query.__type"}
"""Types of introspection, and where Query has them."""


@dataclass(frozen=True)
class Coverage:
    """Names the parts of a schema: `Type.field`, `Type.field(argument:)`, `Input.field`, `Enum.VALUE`, `@directive`."""

    schema: GraphQLSchema

    @cached_property
    def ways(self) -> Mapping[str, frozenset[str]]:
        """By part, those that have to be asked for to come to it, by the shortest way; itself among them."""
        assert self.schema.query_type is not None
        found: dict[str, frozenset[str]] = {}
        seen: set[str] = set()
        waiting: deque[tuple[Any, frozenset[str]]] = deque([(self.schema.query_type, frozenset())])
        waiting.extend((introspection_types[name], frozenset({place})) for name, place in META.items())
        while waiting:
            type_, way = waiting.popleft()
            if type_.name not in seen:
                seen.add(type_.name)
                for place, inside in _places(type_):
                    found[place] = way | {place, place.partition("(")[0]}
                    waiting.append((inside, found[place]))
                if is_abstract_type(type_):
                    waiting.extend((each, way | {f"{type_.name}:{each.name}"}) for each in self._possible(type_))
        return found

    def _possible(self, type_: Any) -> Iterable[Any]:
        return self.schema.get_possible_types(type_)

    @cached_property
    def parts(self) -> frozenset[str]:
        """All that a query can ask for."""
        return frozenset(self.ways) | {"@include", "@skip"}

    def reached(self, operation: Operation) -> Iterable[str]:
        """The parts that an operation asks for."""
        info = TypeInfo(self.schema)
        seen = _Seen(info, self.schema, operation.variables)
        visit(parse(operation.text), TypeInfoVisitor(info, seen))
        return seen.found


def _places(type_: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a type, each with the type that it leads to; what is answered leads to no value of an enum."""
    if isinstance(type_, GraphQLEnumType):
        yield from ((f"{type_.name}.{name}", type_) for name in type_.values)
    for name, field in getattr(type_, "fields", {}).items():
        place, inside = f"{type_.name}.{name}", get_named_type(field.type)
        yield place, type_ if is_enum_type(inside) and hasattr(field, "args") else inside
        for argument, definition in getattr(field, "args", {}).items():
            yield f"{place}({argument}:)", get_named_type(definition.type)


class _Seen(Visitor):
    """Notes what it comes by."""

    def __init__(self, info: TypeInfo, schema: GraphQLSchema, variables: Mapping[str, Any]) -> None:
        super().__init__()
        self.info, self.schema, self.variables = info, schema, variables
        self.found: set[str] = set()

    def enter_field(self, node: Any, *_: Any) -> None:
        parent = self.info.get_parent_type()
        if parent is not None and not node.name.value.startswith("__"):
            self.found.add(f"{parent.name}.{node.name.value}")

    def enter_argument(self, node: Any, *_: Any) -> None:
        parent, field = self.info.get_parent_type(), self.info.get_field_def()
        directive = self.info.get_directive()
        if directive is not None:
            self.found.add(f"@{directive.name}")
        elif parent is not None and field is not None:
            self.found.add(f"{parent.name}.{_name_of(parent, field)}({node.name.value}:)")

    def enter_object_field(self, node: Any, *_: Any) -> None:
        parent = get_named_type(self.info.get_parent_input_type())
        if isinstance(parent, GraphQLInputObjectType):
            self.found.add(f"{parent.name}.{node.name.value}")

    def enter_enum_value(self, node: Any, *_: Any) -> None:
        type_ = get_named_type(self.info.get_input_type())
        if isinstance(type_, GraphQLEnumType):
            self.found.add(f"{type_.name}.{node.value}")

    def enter_variable_definition(self, node: Any, *_: Any) -> None:
        type_: Any = type_from_ast(self.schema, node.type)
        if type_ is not None and node.variable.name.value in self.variables:
            self.found.update(_in_value(type_, self.variables[node.variable.name.value]))


def _name_of(parent: Any, field: Any) -> str:
    fields = getattr(parent, "fields", {})
    return next((name for name, found in fields.items() if found is field), "")


def _in_value(type_: Any, value: Any) -> Iterator[str]:
    """The parts that a variable's value names."""
    if isinstance(type_, GraphQLNonNull):
        yield from _in_value(type_.of_type, value)
    elif isinstance(type_, GraphQLList) and isinstance(value, list):
        for part in value:
            yield from _in_value(type_.of_type, part)
    elif isinstance(type_, GraphQLInputObjectType) and isinstance(value, dict):
        for name, part in value.items():
            if name in type_.fields:
                yield f"{type_.name}.{name}"
                yield from _in_value(type_.fields[name].type, part)
    elif isinstance(type_, GraphQLEnumType) and isinstance(value, str):
        yield f"{type_.name}.{value}"
