"""Inputs that filter: one for each kind of value, with the operators that the kind has."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import strawberry

from app.models.enums import description_of
from graphql_schema.making import REQUIRED, Part, empty, fill_input, listed, make_enum, maybe
from graphql_schema.scalars import CurrencyCode, Date, DateTime, Exact
from policies.catalogue import Field, Kind
from policies.conditions import LISTS, OPERATORS, Operator

OPERANDS: dict[Kind, Any] = {
    Kind.ID: strawberry.ID,
    Kind.TEXT: str,
    Kind.TREE: str,
    Kind.INTEGER: int,
    Kind.DECIMAL: Exact,
    Kind.MONEY: Exact,
    Kind.BOOLEAN: bool,
    Kind.TIME: DateTime,
    Kind.DATE: Date,
}

_NAMES: dict[Kind, tuple[str, str]] = {
    Kind.ID: ("IDFilter", "an id"),
    Kind.TEXT: ("StringFilter", "a text"),
    Kind.TREE: ("TreeFilter", "a place in a tree (`/a/b/`)"),
    Kind.INTEGER: ("IntFilter", "a whole number"),
    Kind.DECIMAL: ("DecimalFilter", "an exact number"),
    Kind.MONEY: ("MoneyFilter", "an amount of money"),
    Kind.BOOLEAN: ("BooleanFilter", "a yes or no"),
    Kind.TIME: ("DateTimeFilter", "a moment"),
    Kind.DATE: ("DateFilter", "a calendar day"),
}

MEANING: dict[Operator, str] = {
    Operator.EQ: "Equal to.",
    Operator.NEQ: "Different from. What has no value is not found.",
    Operator.IN: "Equal to one of these. An empty list finds nothing.",
    Operator.NOT_IN: "Different from all of these; what has no value is not found. An empty list finds everything.",
    Operator.GT: "Greater than, or later.",
    Operator.GTE: "At least, or not before.",
    Operator.LT: "Less than, or earlier.",
    Operator.LTE: "At most, or not after.",
    Operator.BETWEEN: "Between two values, both included.",
    Operator.STARTS_WITH: "Starts with; case does not matter.",
    Operator.CONTAINS: "Contains; case does not matter.",
    Operator.WITHIN: "This place or anywhere below it.",
    Operator.IS_NULL: "Whether there is no value to be seen.",
}


def _operand(operator: Operator, of: Any, name: str) -> Any:
    if operator is Operator.IS_NULL:
        return maybe(bool)
    if operator is Operator.BETWEEN:
        return maybe(_range(of, name))
    return maybe(listed(of)) if operator in LISTS else maybe(of)


_ranges: dict[str, type] = {}


def _range(of: Any, name: str) -> type:
    title = name.removesuffix("Filter").replace("Money", "Decimal") + "Range"
    if title not in _ranges:
        _ranges[title] = empty(title)
        ends = [
            Part("from", of, "The lower end, included.", default=REQUIRED),
            Part("to", of, "The upper end, included.", default=REQUIRED),
        ]
        fill_input(_ranges[title], "Two ends of a range.", ends)
    return _ranges[title]


def _make(kind: Kind, name: str, what: str, of: Any) -> type:
    made = empty(name)
    parts = [Part(op.value, _operand(op, of, name), MEANING[op]) for op in OPERATORS[kind]]
    if kind is Kind.MONEY:
        parts.append(
            Part("currency", maybe(CurrencyCode), "The currency of the amounts given; without it, the base currency.")
        )
    fill_input(made, f"Conditions on {what}; all that are given must hold.", parts)
    return made


FILTERS: dict[Kind, type] = {kind: _make(kind, name, what, OPERANDS[kind]) for kind, (name, what) in _NAMES.items()}
_ENUMS: dict[type[StrEnum], type] = {}


def enum_type(enum: type[StrEnum]) -> type[StrEnum]:
    """An enum of the models as one of the schema."""
    if not hasattr(enum, "__strawberry_definition__"):
        make_enum(enum, (enum.__doc__ or "").strip(), description_of)
    return enum


def filter_of(field: Field) -> type:
    """The filter input for a field."""
    enum = field.spec.enum
    if enum is None:
        return FILTERS[field.spec.kind]
    if enum not in _ENUMS:
        _ENUMS[enum] = _make(Kind.ENUM, f"{enum.__name__}Filter", f"a {enum.__name__}", enum_type(enum))
    return _ENUMS[enum]
