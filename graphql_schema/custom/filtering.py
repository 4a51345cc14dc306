"""Conditions on custom fields as callers write them → conditions on entries, by definitions in view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.models.enums import FieldType
from graphql_schema.compiler.arguments import Tree
from graphql_schema.compiler.converting import number, same, text
from graphql_schema.compiler.operands import BadInput, Place
from graphql_schema.compiler.where import operand
from graphql_schema.custom.types import WHERE
from graphql_schema.entities import Filtering
from policies.catalogue import Kind
from policies.conditions import And, Compare, Condition, Constant, Entry, Operand, Operator


def _day(value: dt.date, _place: Place) -> str:
    return value.isoformat()


def _moment(value: dt.datetime, _place: Place) -> str:
    return value.isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class _Form:
    """The custom fields that a filter compares, and how."""

    kind: Kind
    types: tuple[FieldType, ...]
    convert: Callable[[Any, Place], Any]


FORMS: Mapping[str, _Form] = {
    "text": _Form(Kind.TEXT, (FieldType.TEXT, FieldType.CHOICE), text),
    "number": _Form(Kind.DECIMAL, (FieldType.INTEGER, FieldType.DECIMAL), number),
    "boolean": _Form(Kind.BOOLEAN, (FieldType.BOOLEAN,), same),
    "date": _Form(Kind.DATE, (FieldType.DATE,), _day),
    "time": _Form(Kind.TIME, (FieldType.TIME,), _moment),
}
"""By name of the filter."""


@dataclass(frozen=True)
class _Reading:
    """Reads the conditions on the custom fields of an entity, which lie in some of its fields."""

    entity: str
    fields: tuple[str, ...]

    def condition(self, tree: Tree, place: Place) -> Condition:
        """All of those that are written."""
        assert isinstance(tree, Sequence)
        parts = ((part, (*place, str(i))) for i, part in enumerate(tree))
        return And(tuple(found for part, inside in parts for found in self._of(part, inside)))

    def _of(self, tree: Tree, place: Place) -> Iterator[Condition]:
        assert isinstance(tree, Mapping)
        key = operand(text, Operator.EQ, tree["key"], (*place, "key"))
        for name, part in tree.items():
            inside = (*place, name)
            if part is None:
                raise BadInput("null is no condition; leave it out, or ask with isNull", inside)
            if name == "isNull":
                asked = operand(same, Operator.IS_NULL, part, inside)
                yield self._entry(key, Kind.JSON, Operator.IS_NULL, asked, tuple(FieldType))
            elif name == "has":
                asked = operand(text, Operator.EQ, part, inside)
                yield self._entry(key, Kind.JSON, None, asked, (FieldType.CHOICES,))
            elif name in FORMS:
                yield from self._compared(key, FORMS[name], part, inside)

    def _compared(self, key: Operand, form: _Form, tree: Tree, place: Place) -> Iterator[Condition]:
        assert isinstance(tree, Mapping)
        for name, part in tree.items():
            asked = operand(form.convert, Operator(name), part, (*place, name))
            yield self._entry(key, form.kind, Operator(name), asked, form.types)

    def _entry(
        self, key: Operand, kind: Kind, operator: Operator | None, asked: Operand, types: tuple[FieldType, ...]
    ) -> Condition:
        defined = And(
            (
                Compare("entity", Operator.EQ, Constant(self.entity)),
                Compare("key", Operator.EQ, key),
                Compare("isCustom", Operator.EQ, Constant(True)),
                Compare("filterable", Operator.EQ, Constant(True)),
                Compare("dataType", Operator.IN, Constant(tuple(each.value for each in types))),
            )
        )
        return Entry(self.fields, key, kind, operator, asked, "FieldDefinition", defined)


def filtering(entity: str, fields: tuple[str, ...]) -> Filtering:
    """How rows of an entity are found by custom fields."""
    return Filtering(WHERE, _Reading(entity, fields).condition)
