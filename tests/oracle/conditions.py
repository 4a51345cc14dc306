"""Conditions as written, evaluated row by row in three values.

A field against an operand is unknown where the value is NULL or the principal lacks the operand.
A condition on the one related row is unknown where there is none. Of a list, `some` is true where
the condition is true of a row, unknown where it is unknown of one and true of none; `none` is its
negation; `every` is true of no rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.oracle.description import Field, Model, Relation, Resource, Row
from tests.oracle.logic import Truth, all_of, any_of, none_of


@dataclass(frozen=True, eq=False)
class Tables:
    """Rows by resource, found by the values of some columns."""

    rows: Mapping[str, Sequence[Row]]
    _indexes: dict[Any, dict[tuple[Any, ...], list[Row]]] = field(default_factory=dict, repr=False)

    def related(self, relation: Relation, row: Row) -> list[Row]:
        """The rows at the other end that are not deleted."""
        ours, theirs = zip(*relation.pairs, strict=True)
        if not relation.many and not _says(relation, row):
            return []
        found = self._index(relation.target, theirs).get(tuple(row.get(column) for column in ours), [])
        return [there for there in found if _says(relation, there)] if relation.many else found

    def _index(self, resource: str, columns: tuple[str, ...]) -> Mapping[tuple[Any, ...], list[Row]]:
        if (resource, columns) not in self._indexes:
            index = self._indexes.setdefault((resource, columns), {})
            for row in self.rows.get(resource, ()):
                values = tuple(row.get(column) for column in columns)
                if row.get("deleted_at") is None and None not in values:
                    index.setdefault(values, []).append(row)
        return self._indexes[resource, columns]


def _says(relation: Relation, holder: Row) -> bool:
    return all(holder.get(column) == value for _, column, value in relation.fixed)


def fold(text: str) -> str:
    """Lower case, letter by letter."""
    return "".join(letter.lower()[0] for letter in text)


COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, operand: value == operand,
    "neq": lambda value, operand: value != operand,
    "in": lambda value, operand: value in operand,
    "notIn": lambda value, operand: value not in operand,
    "gt": lambda value, operand: value > operand,
    "gte": lambda value, operand: value >= operand,
    "lt": lambda value, operand: value < operand,
    "lte": lambda value, operand: value <= operand,
    "between": lambda value, operand: operand["from"] <= value <= operand["to"],
    "startsWith": lambda value, operand: fold(value).startswith(fold(operand)),
    "contains": lambda value, operand: fold(operand) in fold(value),
    "within": lambda value, operand: value.startswith(operand),
}
QUANTIFIED: dict[str, Callable[[Iterable[Truth]], Truth]] = {"some": any_of, "none": none_of, "every": all_of}
READ: dict[str, Callable[[Any], Any]] = {
    "ID": lambda written: written if isinstance(written, UUID) else UUID(written),
    "DECIMAL": lambda written: Decimal(str(written)),
    "MONEY": lambda written: Decimal(str(written)),
}
"""Kinds whose values are not what YAML gives."""


@dataclass(frozen=True)
class Conditions:
    """What conditions say, given all rows and the operands that a principal has."""

    model: Model
    tables: Tables
    operands: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, written: Mapping[str, Any], on: Resource, row: Row) -> Truth:
        """What a condition says of a row: all of its entries."""
        return all_of(self.entry(name, part, on, row) for name, part in written.items())

    def entry(self, name: str, part: Any, on: Resource, row: Row) -> Truth:
        """What one entry says: AND, OR, a relation or a field."""
        if name in ("AND", "OR"):
            return (all_of if name == "AND" else any_of)(self.holds(each, on, row) for each in part)
        relation = on.relations.get(name)
        if relation is not None and relation.many:
            return self.quantified(relation, part, row)
        if relation is not None and not _is_of_key(part):
            return self.single(relation, part, row)
        return self.compared(on.fields[name], part, row)

    def quantified(self, relation: Relation, part: Mapping[str, Any], row: Row) -> Truth:
        """What is said of a list of related rows."""
        found, target = self.tables.related(relation, row), self.model[relation.target]
        return all_of(
            QUANTIFIED[quantifier](self.holds(each, target, there) for there in found)
            for quantifier, each in part.items()
        )

    def single(self, relation: Relation, part: Mapping[str, Any], row: Row) -> Truth:
        """What is said of the one related row."""
        found = self.tables.related(relation, row)
        return self.holds(part, self.model[relation.target], found[0]) if found else None

    def compared(self, on: Field, part: Mapping[str, Any], row: Row) -> Truth:
        """What is said of a field: all of its operators. Money is compared in a currency, or in base amounts."""
        operators = {name: operand for name, operand in part.items() if name != "currency"}
        return all_of(
            (
                *(
                    self._compared(on.kind, name, _measured(on, row, name, part), each)
                    for name, each in operators.items()
                ),
                *(
                    self._compared("TEXT", "eq", _companion(on, row, 0), part[name])
                    for name in part.keys() & {"currency"}
                ),
            )
        )

    def _compared(self, kind: str, operator: str, value: Any, written: Any) -> Truth:
        if operator == "isNull":
            return (value is None) is written
        operand = self.operand(kind, written)
        return None if value is None or operand is None else COMPARED[operator](value, operand)

    def is_hopeless(self, written: Mapping[str, Any], on: Resource) -> bool:
        """Whether a condition is true of no row, whatever rows there are, for lack of an operand."""
        return any(self._is_hopeless(name, part, on) for name, part in written.items())

    def _is_hopeless(self, name: str, part: Any, on: Resource) -> bool:
        if name in ("AND", "OR"):
            return (any if name == "AND" else all)(self.is_hopeless(each, on) for each in part)
        relation = on.relations.get(name)
        if relation is not None and relation.many:
            return "some" in part and self.is_hopeless(part["some"], self.model[relation.target])
        if relation is not None and not _is_of_key(part):
            return self.is_hopeless(part, self.model[relation.target])
        return any(each not in (True, False) and self._lacks(each) for each in part.values())

    def _lacks(self, written: Any) -> bool:
        ends = written.values() if isinstance(written, dict) else [written]
        return any(isinstance(end, str) and end.startswith("$") and self.operands.get(end) is None for end in ends)

    def operand(self, kind: str, written: Any) -> Any:
        """The value of what is written; None where the principal lacks it."""
        if isinstance(written, str) and written.startswith("$"):
            found = self.operands.get(written)
            return found.upper() if kind == "ENUM" and found is not None else found
        if isinstance(written, list):
            return [self.operand(kind, each) for each in written]
        if isinstance(written, dict):
            return {name: self.operand(kind, each) for name, each in written.items()}
        return READ[kind](written) if kind in READ else written


def _is_of_key(part: Mapping[str, Any]) -> bool:
    """Whether a single relation is asked for its key, not for its row."""
    return bool(part) and set(part) <= {"eq", "in", "isNull"}


def _companion(on: Field, row: Row, position: int) -> Any:
    """Of a table it is a column of its own; of a view it stands under the field's name."""
    name = on.companions[position]
    return row.get(f"{on.column}__{name}", row.get(name))


def _measured(on: Field, row: Row, operator: str, part: Mapping[str, Any]) -> Any:
    based = on.kind == "MONEY" and len(on.companions) > 1 and "currency" not in part and operator != "isNull"
    return _companion(on, row, 1) if based else row.get(on.column)
