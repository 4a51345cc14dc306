"""What is asked of a report: dimensions, measures, which rows are kept, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from graphql_schema.aggregates.asking import MEASURED, Given, Key, Step, chosen, key, objects, step
from graphql_schema.aggregates.measures import Aggregate
from graphql_schema.building import words
from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import compared
from graphql_schema.entities import Amount, Entity, Graph, One, Value
from graphql_schema.reports.paths import Path, Paths
from policies.access import Access
from policies.catalogue import Kind
from policies.conditions import Condition, Operand
from policies.predicates import bound

MOST_COLUMNS = 20
"""Dimensions, and measures."""
Column = sa.ColumnElement[Any]
Name = tuple[Aggregate, str]
"""A measure by what it is and the path to what it is of; nothing, where rows are counted."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """What rows are grouped by, and where it is."""

    path: Path
    key: Key


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured, and where it is; of money perhaps in one currency alone."""

    aggregate: Aggregate
    path: Path | None
    currency: Column | None = None

    @property
    def name(self) -> Name:
        return self.aggregate, self.path.text if self.path else ""

    @property
    def member(self) -> Value | Amount | One | None:
        """The member that is measured; None, where rows are counted."""
        found = self.path.members.measured[self.path.name] if self.path else None
        assert found is None or isinstance(found, (Value, Amount, One))
        return found


@dataclass(frozen=True)
class Report:
    """Reads the arguments of one report. All raise BadInput, or NotReadable for what the caller never reads."""

    graph: Graph
    access: Access
    selected: Selected

    @cached_property
    def dataset(self) -> Entity:
        return self.graph[chosen(self.selected.arguments, "dataset") or ""]

    @cached_property
    def _paths(self) -> Paths:
        return Paths(self.graph, self.access, self.dataset)

    def _argument(self, name: str) -> tuple[Sequence[Given], Place]:
        place = (*self.selected.place, name)
        found = objects(self.selected.arguments.get(name))
        if len(found) > MOST_COLUMNS:
            raise BadInput(f"at most {MOST_COLUMNS} of these", place)
        return found, place

    @cached_property
    def dimensions(self) -> list[Dimension]:
        parts, place = self._argument("dimensions")
        return [self._dimension(part, place) for part in parts]

    def _dimension(self, part: Given, place: Place) -> Dimension:
        path = self._paths.to_key(_text(part, "path") or "", (*place, "path"))
        return Dimension(path, key(self.graph, path.name, path.members.dimensions[path.name], part, place, path.over))

    @cached_property
    def measures(self) -> list[Measured]:
        parts, place = self._argument("measures")
        if not parts:
            raise BadInput("a report has a measure", place)
        return [self._measure(part, place) for part in parts]

    def _measure(self, part: Given, place: Place) -> Measured:
        found = self._named(part, place)
        currency = self._currency(part.get("currency"), found, (*place, "currency"))
        member = found.member
        if isinstance(member, Amount) and currency is None and len(member.field.spec.companions) < 2:
            raise BadInput("these amounts have no base amounts; name a currency", (*place, "currency"))
        return Measured(found.aggregate, found.path, currency)

    def _named(self, part: Given, place: Place) -> Measured:
        aggregate, path = Aggregate(chosen(part, "aggregate") or ""), _text(part, "path")
        if aggregate is Aggregate.COUNT:
            if path is not None:
                raise BadInput("rows are counted, and no field of them", (*place, "path"))
            return Measured(aggregate, None)
        if path is None:
            raise BadInput(f"{aggregate} needs a field", (*place, "path"))
        return Measured(aggregate, self._paths.to_measure(path, aggregate, (*place, "path")))

    def _currency(self, given: object, of: Measured, place: Place) -> Column | None:
        if not isinstance(given, Leaf):
            return None
        if not isinstance(of.member, Amount):
            raise BadInput("only amounts of money are in a currency", place)
        operand: Operand = Converted(given.operand, lambda value, _: value, place)
        return bound(operand, sa.Text())

    def _place_of(self, part: Given, place: Place) -> int:
        """The place of a measure among those of the report."""
        name = self._named(part, place).name
        found = [i for i, measure in enumerate(self.measures) if measure.name == name]
        if not found:
            raise BadInput("only a measure of the report can be named here", place)
        return _only(found, f"{name[0]} {name[1]}".strip(), place)

    def having(self) -> Iterator[tuple[int, Condition]]:
        """By place of a measure, what is to hold of it."""
        parts, place = self._argument("having")
        for part in parts:
            found = self._place_of(part, place)
            member = self.measures[found].member
            if isinstance(member, Value) and type_of(self.measures[found]) not in ("Int", "Decimal"):
                raise BadInput("only numbers are compared here", (*place, "path"))
            value: Any = part["value"]
            yield found, compared(MEASURED, value, (*place, "value"))

    def order(self) -> Iterator[tuple[bool, int, Step]]:
        """Whether it is a measure, the place among those or among the dimensions, and which way."""
        parts, place = self._argument("orderBy")
        for part in parts:
            if chosen(part, "aggregate") is not None:
                yield True, self._place_of(part, place), step("", part)
            else:
                yield False, self._dimension_of(_text(part, "path"), (*place, "path")), step("", part)

    def _dimension_of(self, path: str | None, place: Place) -> int:
        if path is not None:
            self._paths.to_key(path, place)
        found = [i for i, dimension in enumerate(self.dimensions) if dimension.path.text == path]
        if path is None or not found:
            raise BadInput("only a dimension of the report can be named here, or a measure", place)
        return _only(found, path, place)

    def columns(self) -> list[dict[str, str]]:
        """What is told of the columns."""
        dimensions = (
            {"name": each.path.text, "label": _heading(each.path, each.key), "type": _type_of_key(each.key)}
            for each in self.dimensions
        )
        return [*dimensions, *map(_told, self.measures)]


def _only(found: Sequence[int], name: str, place: Place) -> int:
    if len(found) > 1:
        raise BadInput(f"the report has several columns {name}, so none of them can be named here", place)
    return found[0]


def _text(part: Given, name: str) -> str | None:
    leaf = part.get(name)
    return str(leaf.value) if isinstance(leaf, Leaf) else None


_WORDS = {
    Aggregate.SUM: "Sum of",
    Aggregate.AVG: "Mean",
    Aggregate.MIN: "Least",
    Aggregate.MAX: "Greatest",
    Aggregate.COUNT_DISTINCT: "Different values of",
}


def _said(path: Path) -> str:
    return " ".join(words(part) for part in (*path.over, path.name))


def _heading(path: Path, key: Key) -> str:
    said = _said(path)
    bucket = f" ({key.bucket.value.lower()})" if key.bucket else ""
    return f"{said[:1].upper()}{said[1:]}{bucket}"


def _told(measure: Measured) -> dict[str, str]:
    if measure.path is None:
        return {"name": "COUNT", "label": "Rows", "type": "Int"}
    label = f"{_WORDS[measure.aggregate]} {_said(measure.path)}"
    return {"name": f"{measure.aggregate}({measure.path.text})", "label": label, "type": type_of(measure)}


_TYPES = {Kind.INTEGER: "Int", Kind.BOOLEAN: "Boolean", Kind.TIME: "DateTime", Kind.DATE: "Date"}


def type_of(measure: Measured) -> str:
    """The name of the type of a measure's values."""
    if measure.aggregate in (Aggregate.COUNT, Aggregate.COUNT_DISTINCT):
        return "Int"
    member = measure.member
    if measure.aggregate in (Aggregate.MIN, Aggregate.MAX) and isinstance(member, Value):
        return _TYPES.get(member.field.spec.kind, "Decimal")
    return "Decimal"


def _type_of_key(key: Key) -> str:
    if isinstance(key.member, One):
        return "ID"
    if key.bucket is not None:
        return "DateTime" if key.bucket.value == "HOUR" else "Date"
    spec = key.member.field.spec
    if spec.enum is not None:
        return spec.enum.__name__
    return spec.scalar or {**_TYPES, Kind.DECIMAL: "Decimal"}.get(spec.kind, "String")
