"""What is left of a schema once some of it is withdrawn.

A field goes with its type and with the type of any argument that it requires; an optional argument goes alone. A type
goes with its last element, an input with any field that it requires. What no root type leads to is not left, either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_required_argument,
    is_required_input_field,
)

from graphql_schema.tailoring.closed import Closed


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a type: a field, an input field, an enum's value or a union's member.

    `needs` are the types that it cannot be without, `offers` those of arguments that may be left out. Where it is
    `vital`, its type cannot be without it.
    """

    name: str
    needs: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    vital: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """Names of the types that are left, each with its elements. Scalars have none."""

    types: Mapping[str, frozenset[str]]
    closed: frozenset[tuple[str, str]] = frozenset()
    """Arguments that are not left, each by the type of the fields that took it."""


@dataclass(frozen=True)
class Anatomy:
    """A schema as elements and what they lead to; read once, so that what is left of it is found fast."""

    schema: GraphQLSchema

    @cached_property
    def elements(self) -> Mapping[str, tuple[Element, ...]]:
        """The elements of each type that has any."""
        named = self.schema.type_map.values()
        found = {type_.name: tuple(_elements(type_)) for type_ in named if not is_introspection_type(type_)}
        return {name: elements for name, elements in found.items() if elements}

    @cached_property
    def _beside(self) -> Mapping[str, frozenset[str]]:
        """The types that come with a type: the interfaces of an object, the objects of an interface."""
        found: dict[str, frozenset[str]] = {}
        for type_ in self.schema.type_map.values():
            if isinstance(type_, GraphQLObjectType):
                found[type_.name] = frozenset(interface.name for interface in type_.interfaces)
            elif isinstance(type_, GraphQLInterfaceType):
                found[type_.name] = frozenset(of.name for of in self.schema.get_possible_types(type_))
        return found

    @cached_property
    def _roots(self) -> tuple[str, ...]:
        roots = (self.schema.query_type, self.schema.mutation_type, self.schema.subscription_type)
        arguments = (argument for directive in self.schema.directives for argument in directive.args.values())
        return (*(root.name for root in roots if root), *(get_named_type(each.type).name for each in arguments))

    def without(self, closed: Closed) -> Left:
        """What is left once something is withdrawn."""
        usable = dict(self._usable(closed))
        lost = frozenset(name for name, elements in usable.items() if not self._holds(name, elements))
        return self.without(closed | Closed(lost)) if lost else self._reached(usable, closed)

    def _usable(self, closed: Closed) -> Iterator[tuple[str, tuple[Element, ...]]]:
        for name, elements in self.elements.items():
            if name not in closed.types:
                open_ = (element for element in elements if (name, element.name) not in closed.elements)
                yield name, tuple(element for element in open_ if not element.needs & closed.types)

    def _holds(self, name: str, elements: tuple[Element, ...]) -> bool:
        """Whether these elements suffice for a type."""
        return bool(elements) and all(element in elements for element in self.elements[name] if element.vital)

    def _reached(self, usable: Mapping[str, tuple[Element, ...]], closed: Closed) -> Left:
        gone = closed.types
        reached: dict[str, frozenset[str]] = {}
        waiting = [name for name in self._roots if name not in gone]
        while waiting:
            name = waiting.pop()
            if name in reached or name in gone:
                continue
            elements = usable.get(name, ())
            reached[name] = frozenset(element.name for element in elements)
            waiting += self._beside.get(name, ())
            waiting += (type_ for element in elements for type_ in element.needs | element.offers)
        return Left(reached, closed.arguments)


def _elements(type_: GraphQLNamedType) -> Iterator[Element]:
    if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)):
        yield from (_field(name, field) for name, field in type_.fields.items())
    elif isinstance(type_, GraphQLInputObjectType):
        yield from (_input(name, field) for name, field in type_.fields.items())
    elif isinstance(type_, GraphQLUnionType):
        yield from (Element(member.name, frozenset({member.name})) for member in type_.types)
    elif isinstance(type_, GraphQLEnumType):
        yield from map(Element, type_.values)


def _field(name: str, field: GraphQLField) -> Element:
    required = (argument for argument in field.args.values() if is_required_argument(argument))
    optional = (argument for argument in field.args.values() if not is_required_argument(argument))
    return Element(name, frozenset({_named(field), *map(_named, required)}), frozenset(map(_named, optional)))


def _input(name: str, field: GraphQLInputField) -> Element:
    return Element(name, frozenset({_named(field)}), vital=is_required_input_field(field))


def _named(of: GraphQLField | GraphQLArgument | GraphQLInputField) -> str:
    return get_named_type(of.type).name
