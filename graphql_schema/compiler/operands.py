"""Operands of a caller's operation: where each parameter of a plan gets its value.

A plan is shared by all requests of its shape, so a value that came in a variable is not in the
plan; an operand that fetches it is. Values written in the document are constants of the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from policies.conditions import Attribute, Constant, Operand, UnmaskedKeys
from policies.masks import Pad

Place: TypeAlias = tuple[str, ...]
"""Where in the operation's arguments a value stands: response keys, then argument names."""


class BadInput(Exception):
    """A value that no statement can take; found before any SQL."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message, self.place = message, place


@dataclass(frozen=True, slots=True)
class Variable(Operand):
    """A part of an operation's variable."""

    name: str
    path: tuple[str | int, ...] = ()


LANGUAGE = Variable("language of the answer")
"""The language that labels are read in; no variable of an operation has such a name."""


@dataclass(frozen=True, slots=True)
class Written(Operand):
    """A part of the key of a record that was written, by the payload's field that shows it."""

    field: str
    part: int


@dataclass(frozen=True, slots=True)
class Listed(Operand):
    """A list written in the document with variables among its items."""

    items: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Converted(Operand):
    """Another operand's value, converted. `convert` returns the value or raises BadInput."""

    inner: Operand
    convert: Callable[[Any, Place], Any]
    place: Place


def value_of(operand: Operand, principal: Mapping[Operand, Any], variables: Mapping[str, Any]) -> Any:
    """The value of an operand for one request.

    Raises BadInput where a value cannot be what it stands for.
    """
    if isinstance(operand, (Attribute, Pad, UnmaskedKeys, Written)):
        return principal[operand]
    if isinstance(operand, Constant):
        return operand.value
    if isinstance(operand, Variable):
        found: Any = variables.get(operand.name)
        for step in operand.path:
            found = found[step]
        return found
    if isinstance(operand, Converted):
        return operand.convert(value_of(operand.inner, principal, variables), operand.place)
    if isinstance(operand, Listed):
        return [value_of(item, principal, variables) for item in operand.items]
    raise TypeError(f"no value for {operand!r}")
