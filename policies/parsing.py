"""Conditions as they are written in a document → `Condition`, with everything that is wrong with them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from policies.catalogue import Catalogue, Field, Kind, Reference, Resource
from policies.conditions import (
    ALWAYS,
    LISTS,
    OPERATORS,
    PURPOSE,
    And,
    Attribute,
    Compare,
    Condition,
    Constant,
    Operand,
    Operator,
    Or,
    Pair,
    Quantified,
    Quantifier,
    Single,
    Unknown,
)
from policies.marked_yaml import Path

MAX_RELATIONS = 3
"""How many relations a policy's condition may cross."""


@dataclass(frozen=True, slots=True)
class _Known:
    """An attribute that a document may name: what its values are, and whether it is a list."""

    name: str
    kind: Kind
    many: bool = False
    table: str | None = None
    """The table whose keys the values are."""
    of_list: str | None = None
    """The attribute that is compared where the field is one of a list."""


ATTRIBUTES: dict[str, _Known] = {
    "$me": _Known("me", Kind.ID, table="users"),
    "$reports": _Known("reports", Kind.ID, many=True, table="users"),
    "$assignment.departments": _Known("departments", Kind.ID, many=True, table="departments"),
    "$assignment.regions": _Known("regions", Kind.ID, many=True, table="regions"),
    "$purpose": _Known(PURPOSE[0], Kind.TEXT, of_list=PURPOSE[1]),
    "$now": _Known("now", Kind.TIME),
}
"""What a document may say of the principal and the moment."""

DIGITS = 40
"""The most digits that a number may have before and after its point; more fit no column."""

EARLIEST, LATEST = dt.date(1, 1, 2), dt.date(9999, 12, 30)
"""Bounds of every day and time, as of what is stored, so that no zone moves one out of range."""

PATH = re.compile(r"/([^/]+/)*")
"""A place in a tree. Without its last slash `/a` would hold `/ab/`, too."""


class _Wrong(ValueError):
    """An operand that is no value of the field."""


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("true or false")
    return value


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) <= value < 2**31:
        raise _Wrong("a whole number of 32 bits")
    return value


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _Wrong("a number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise _Wrong("a number") from None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or number.adjusted() >= DIGITS or exponent < -DIGITS:
        raise _Wrong(f"a number of at most {DIGITS} digits before and after its point")
    return number


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong("a text")
    return value


def _path(value: object) -> str:
    if not isinstance(value, str) or not PATH.fullmatch(value):
        raise _Wrong("a place in a tree (/a/b/)")
    return value


def _uuid(value: object) -> UUID:
    try:
        return UUID(_text(value))
    except ValueError:
        raise _Wrong("a UUID") from None


def _day(value: object) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime) or not EARLIEST <= value <= LATEST:
        raise _Wrong(f"a day from {EARLIEST} to {LATEST}")
    return value


def _time(value: object) -> dt.datetime:
    if not isinstance(value, dt.datetime) or value.tzinfo is None or not EARLIEST <= value.date() <= LATEST:
        raise _Wrong(f"a time with its offset (2026-01-31T12:00:00Z), from {EARLIEST} to {LATEST}")
    return value


_READ: dict[Kind, Callable[[object], Hashable]] = {
    Kind.ID: _uuid,
    Kind.TEXT: _text,
    Kind.ENUM: _text,
    Kind.TREE: _path,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.MONEY: _decimal,
    Kind.BOOLEAN: _boolean,
    Kind.TIME: _time,
    Kind.DATE: _day,
}


def points_to(field: Field) -> str | None:
    """The table whose keys a field holds; None where that is not known."""
    if field.column.primary_key and field.column.name == "id":
        return field.column.table.name
    reference: Reference | None = field.column.info.get("reference")
    return reference.table if reference else None


@dataclass
class Parser:
    """Reads conditions; `faults` gathers (path, message) of all that is wrong."""

    catalogue: Catalogue
    faults: list[tuple[Path, str]] = field(default_factory=list)

    def condition(self, written: object, on: Resource, path: Path, crossed: int = 0) -> Condition:
        """The condition on a resource's rows; `ALWAYS` in the place of a faulty part (the faults say so)."""
        if not isinstance(written, Mapping) or not written:
            return self._wrong(path, "a condition is a map of fields, AND or OR, and is not empty")
        parts = [self._entry(name, value, on, (*path, name), crossed) for name, value in written.items()]
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def preset(self, written: object, on: Field, path: Path) -> Operand:
        """The value that a write gives to a field: written, or one of the principal's; `null` empties it."""
        if written is None:
            return Constant(None)
        if on.spec.kind not in _READ:
            self.faults.append((path, f"{on.name!r} takes no preset"))
            return Unknown()
        if written == "$purpose":
            self.faults.append((path, "'$purpose' is compared, and no preset"))
            return Unknown()
        return self._operand(on.spec.kind, Operator.EQ, written, on, path)

    def _wrong(self, path: Path, message: str) -> Condition:
        self.faults.append((path, message))
        return ALWAYS

    def _entry(self, name: str, written: Any, on: Resource, path: Path, crossed: int) -> Condition:
        if name in ("AND", "OR"):
            return self._combined(name, written, on, path, crossed)
        if name == "NOT":
            return self._wrong(path, "a policy's condition has no NOT")
        relation = on.relations.get(name)
        if relation is not None and (relation.many or not self._compares(written)):
            if crossed == MAX_RELATIONS:
                return self._wrong(path, f"the condition crosses more than {MAX_RELATIONS} relations")
            target = self.catalogue[relation.target]
            if not relation.many:
                return Single(name, self.condition(written, target, path, crossed + 1))
            return self._quantified(name, written, target, path, crossed + 1)
        if name not in on.fields:
            return self._wrong(path, f"unknown field {name!r}")
        return self._compared(on.fields[name], written, path)

    def _compares(self, written: object) -> bool:
        """Whether a single relation is asked for its key, not for its row."""
        return isinstance(written, Mapping) and bool(written) and set(written) <= {"eq", "in", "isNull"}

    def _combined(self, name: str, written: object, on: Resource, path: Path, crossed: int) -> Condition:
        if not isinstance(written, list) or not written:
            return self._wrong(path, f"{name} takes a list of conditions that is not empty")
        parts = tuple(self.condition(part, on, (*path, i), crossed) for i, part in enumerate(written))
        return And(parts) if name == "AND" else Or(parts)

    def _quantified(self, name: str, written: object, target: Resource, path: Path, crossed: int) -> Condition:
        known = set(Quantifier)
        if not isinstance(written, Mapping) or not written or not set(written) <= known:
            return self._wrong(path, f"a list takes one of {', '.join(sorted(known))}")
        parts = tuple(
            Quantified(name, Quantifier(q), self.condition(part, target, (*path, q), crossed))
            for q, part in written.items()
        )
        return parts[0] if len(parts) == 1 else And(parts)

    def _compared(self, on: Field, written: object, path: Path) -> Condition:
        allowed = OPERATORS[on.spec.kind]
        if not isinstance(written, Mapping) or not written:
            return self._wrong(path, f"a field takes operators: {', '.join(allowed)}")
        currency = None
        if on.spec.kind is Kind.MONEY and "currency" in written:
            currency = self._operand(Kind.TEXT, Operator.EQ, written["currency"], on, (*path, "currency"))
        parts = []
        for name, operand in written.items():
            if on.spec.kind is Kind.MONEY and name == "currency":
                continue
            if name not in allowed:
                self._wrong(
                    (*path, name), f"{on.name!r} has no operator {name!r}; it has {', '.join(allowed) or 'none'}"
                )
                continue
            operator = Operator(name)
            read = self._operand(on.spec.kind, operator, operand, on, (*path, name))
            parts.append(Compare(on.name, operator, read, currency))
        if set(written) == {"currency"} and currency is not None:
            return self._wrong(path, "a currency narrows a comparison; there is none")
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _operand(self, kind: Kind, operator: Operator, written: Any, on: Field, path: Path) -> Operand:
        if isinstance(written, str) and written.startswith("$"):
            return self._attribute(kind, operator, written, on, path)
        try:
            if operator is Operator.BETWEEN:
                return self._pair(kind, written)
            return Constant(self._value(kind, operator, written, on))
        except _Wrong as wrong:
            self.faults.append((path, f"{on.name!r}: expected {wrong}"))
            return Unknown()

    def _attribute(self, kind: Kind, operator: Operator, written: str, on: Field, path: Path) -> Operand:
        if written not in ATTRIBUTES:
            self.faults.append((path, f"unknown operand {written!r}; there are {', '.join(ATTRIBUTES)}"))
            return Unknown()
        known = ATTRIBUTES[written]
        single = operator not in (*LISTS, Operator.BETWEEN, Operator.IS_NULL)
        name = known.of_list if kind is Kind.ENUM else known.name if kind is known.kind else None
        if name is None or not (operator in LISTS if known.many else single):
            self.faults.append((path, f"{written!r} does not fit {operator.value!r} of this field"))
        elif known.table is not None and points_to(on) not in (known.table, None):
            self.faults.append((path, f"{written!r} are keys of {known.table}, not of {points_to(on)}"))
        return Attribute(name or known.name)

    def _pair(self, kind: Kind, written: Any) -> Pair:
        if not isinstance(written, Mapping) or set(written) != {"from", "to"}:
            raise _Wrong("{from: …, to: …}")
        return Pair(Constant(_READ[kind](written["from"])), Constant(_READ[kind](written["to"])))

    def _value(self, kind: Kind, operator: Operator, written: Any, on: Field) -> Hashable:
        if operator is Operator.IS_NULL:
            return _boolean(written)
        if operator in LISTS:
            if not isinstance(written, list) or not written:
                raise _Wrong("a list that is not empty")
            return tuple(self._one(kind, item, on) for item in written)
        return self._one(kind, written, on)

    def _one(self, kind: Kind, written: object, on: Field) -> Hashable:
        value = _READ[kind](written)
        if on.spec.enum is not None and kind is Kind.ENUM and value not in on.spec.enum.__members__:
            raise _Wrong(f"one of {', '.join(on.spec.enum.__members__)}")
        return value
