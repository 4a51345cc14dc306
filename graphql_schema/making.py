"""Strawberry types, inputs and enums made from data: names, annotations and descriptions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import or_
from typing import Annotated, Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

REQUIRED = dataclasses.MISSING
"""The default of what must be given."""


@dataclass(frozen=True, slots=True)
class Part:
    """A field or argument: its GraphQL name, Python annotation and description."""

    name: str
    annotation: Any
    description: str
    arguments: tuple[Part, ...] = ()
    default: object = strawberry.UNSET


def maybe(of: Any) -> Any:
    """The annotation of what may be null or absent."""
    return of | None


def listed(of: Any) -> Any:
    """The annotation of a list."""
    return list[of]


def union(types: Iterable[type], name: str, description: str) -> Any:
    """The annotation of one of several types."""
    return Annotated[reduce(or_, types), strawberry.union(name, description=description)]


def empty(name: str, base: type = object) -> type:
    """A class to be filled later, so that types can refer to each other."""
    return type(name, (base,), {"__module__": __name__})


def _python(name: str) -> str:
    """A name that can be a Python attribute and that Strawberry does not change."""
    return f"{name}_"


def fill_type(cls: type, description: str, parts: Iterable[Part]) -> None:
    """Makes an object type of an empty class."""
    annotations = {}
    for part in parts:
        made = StrawberryField(
            python_name=_python(part.name),
            graphql_name=part.name,
            type_annotation=StrawberryAnnotation(part.annotation),
            description=part.description,
        )
        made.arguments = [argument(inner) for inner in part.arguments]
        annotations[_python(part.name)] = part.annotation
        setattr(cls, _python(part.name), made)
    cls.__annotations__ = annotations
    strawberry.type(cls, name=cls.__name__, description=description)


def fill_input(cls: type, description: str, parts: Iterable[Part]) -> None:
    """Makes an input type of an empty class."""
    annotations = {}
    for part in parts:
        annotations[_python(part.name)] = part.annotation
        made = strawberry.field(name=part.name, description=part.description, default=part.default)
        setattr(cls, _python(part.name), made)
    cls.__annotations__ = annotations
    strawberry.input(cls, name=cls.__name__, description=description)


def argument(part: Part) -> StrawberryArgument:
    """An argument of a field."""
    return StrawberryArgument(
        python_name=_python(part.name),
        graphql_name=part.name,
        type_annotation=StrawberryAnnotation(part.annotation),
        description=part.description,
        default=strawberry.UNSET if part.default is REQUIRED else part.default,
    )


def make_enum(enum: type[Enum], description: str, describe: Callable[[Any], str]) -> type[Enum]:
    """An enum of the schema, each value described."""
    made = strawberry.enum(enum, name=enum.__name__, description=description)
    for value, member in zip(made.__strawberry_definition__.values, enum, strict=True):  # type: ignore[attr-defined]
        value.description = describe(member)
    return made


def name_enum(name: str, members: Mapping[str, str], description: str, describe: Callable[[Any], str]) -> type[Enum]:
    """An enum made of names and values."""
    made = Enum(name, dict(members))  # type: ignore[misc]
    return make_enum(made, description, describe)
