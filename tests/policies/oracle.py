"""Conditions as written, evaluated row by row in three values: true, false, and None for unknown.

It shares nothing with the compiler but the catalogue's names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from policies.catalogue import Relation, Resource
from tests.policies.model import CATALOGUE

Truth: TypeAlias = bool | None
Row: TypeAlias = Mapping[str, Any]


def negation(value: Truth) -> Truth:
    return None if value is None else not value


def any_of(values: Iterable[Truth]) -> Truth:
    found = set(values)
    return True if True in found else None if None in found else False


def all_of(values: Iterable[Truth]) -> Truth:
    return negation(any_of(map(negation, values)))


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, operand: value == operand,
    "neq": lambda value, operand: value != operand,
    "in": lambda value, operand: value in operand,
    "notIn": lambda value, operand: value not in operand,
    "gt": lambda value, operand: value > operand,
    "gte": lambda value, operand: value >= operand,
    "lt": lambda value, operand: value < operand,
    "lte": lambda value, operand: value <= operand,
    "within": lambda value, operand: value.startswith(operand),
}


def _keys(written: Any) -> Any:
    if isinstance(written, list):
        return [_keys(each) for each in written]
    return UUID(written) if isinstance(written, str) else written


_QUANTIFIED: dict[str, Callable[[Iterable[Truth]], Truth]] = {
    "some": any_of,
    "none": lambda values: negation(any_of(values)),
    "every": all_of,
}


@dataclass(frozen=True)
class World:
    """Rows by resource, and the values of a principal's operands; those that are missing are unknown."""

    rows: Mapping[str, Sequence[Row]]
    operands: Mapping[str, Any] = field(default_factory=dict)
    _indexes: dict[Any, dict[tuple[Any, ...], list[Row]]] = field(default_factory=dict, repr=False)

    def holds(self, written: Mapping[str, Any], on: Resource, row: Row) -> Truth:
        """What a condition says of a row."""
        return all_of(self._entry(name, part, on, row) for name, part in written.items())

    def asked(self, written: Mapping[str, Any], on: Resource, row: Row) -> Truth:
        """What a caller's filter says of a row: as SQL does of values, and of relations what is true of their rows."""
        return all_of(self._asked(name, part, on, row) for name, part in written.items())

    def _asked(self, name: str, part: Any, on: Resource, row: Row) -> Truth:
        if name in ("AND", "OR"):
            return (all_of if name == "AND" else any_of)(self.asked(each, on, row) for each in part)
        if name == "NOT":
            return negation(self.asked(part, on, row))
        relation = on.relations.get(name)
        if relation is None:
            return self._entry(name, part, on, row)
        found, target = self.related(relation, row), CATALOGUE[relation.target]
        quantified = part if relation.many else {"some": part}
        return all_of(
            _QUANTIFIED[quantifier](self.asked(each, target, there) is True for there in found)
            for quantifier, each in quantified.items()
        )

    def related(self, relation: Relation, row: Row) -> list[Row]:
        """The rows at the other end that are not deleted."""
        ours, theirs = zip(*relation.pairs, strict=True)
        return self._index(relation.target, theirs).get(tuple(row[column] for column in ours), [])

    def _index(self, resource: str, columns: tuple[str, ...]) -> Mapping[tuple[Any, ...], list[Row]]:
        if (resource, columns) not in self._indexes:
            index = self._indexes.setdefault((resource, columns), {})
            for row in self.rows.get(resource, ()):
                values = tuple(row[column] for column in columns)
                if row.get("deleted_at") is None and None not in values:
                    index.setdefault(values, []).append(row)
        return self._indexes[resource, columns]

    def _entry(self, name: str, part: Any, on: Resource, row: Row) -> Truth:
        if name == "AND":
            return all_of(self.holds(each, on, row) for each in part)
        if name == "OR":
            return any_of(self.holds(each, on, row) for each in part)
        relation = on.relations.get(name)
        if relation is not None and relation.many:
            found, target = self.related(relation, row), CATALOGUE[relation.target]
            return all_of(
                _QUANTIFIED[quantifier](self.holds(each, target, there) for there in found)
                for quantifier, each in part.items()
            )
        if relation is not None and not set(part) <= {"eq", "in", "isNull"}:
            one = self.related(relation, row)
            return self.holds(part, CATALOGUE[relation.target], one[0]) if one else None
        value = row.get(on.fields[name].column.name)
        return all_of(self._compared(operator, value, operand) for operator, operand in part.items())

    def _compared(self, operator: str, value: Any, operand: Any) -> Truth:
        if operator == "isNull":
            return (value is None) is operand
        if isinstance(operand, str) and operand.startswith("$"):
            operand = self.operands.get(operand)
        if isinstance(value, UUID):
            operand = _keys(operand)
        return None if value is None or operand is None else _COMPARE[operator](value, operand)
