"""Callers' filters: the same language, over views, with NOT; between values SQL's own logic holds.

A relation counts the rows of the other table's view of which the condition is true, and rests on
the fields that hold it: where they are hidden there is no related row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.oracle.cells import View
from tests.oracle.conditions import QUANTIFIED, Conditions, Tables
from tests.oracle.description import Relation, Resource, Row
from tests.oracle.judging import Oracle
from tests.oracle.logic import Truth, any_of, negation
from tests.oracle.principals import Principal


class Asked(Conditions):
    """What a caller's conditions say of the rows of views."""

    def entry(self, name: str, part: Any, on: Resource, row: Row) -> Truth:
        """NOT is a caller's alone."""
        return negation(self.holds(part, on, row)) if name == "NOT" else super().entry(name, part, on, row)

    def quantified(self, relation: Relation, part: Mapping[str, Any], row: Row) -> Truth:
        """True or false: what is unknown of a related row is not true of it."""
        found, target = self.tables.related(relation, row), self.model[relation.target]
        return all(
            QUANTIFIED[quantifier](self.holds(each, target, there) is True for there in found)
            for quantifier, each in part.items()
        )

    def single(self, relation: Relation, part: Mapping[str, Any], row: Row) -> Truth:
        """Whether the related row is there, and the condition true of it."""
        found, target = self.tables.related(relation, row), self.model[relation.target]
        return any_of(self.holds(part, target, there) is True for there in found)


def asked(oracle: Oracle, who: Principal, resource: str, where: Mapping[str, Any]) -> set[tuple[Any, ...]]:
    """The keys of the view's rows of which a filter is true."""
    seen = {name: _rows(on, oracle.view(who, name, references="by target")) for name, on in oracle.model.items()}
    on, conditions = oracle.model[resource], Asked(oracle.model, Tables(seen))
    return {on.key_of(row) for row in seen[resource] if conditions.holds(where, on, row) is True}


def _rows(on: Resource, view: View) -> list[Row]:
    rows: list[Row] = []
    for cells in view.values():
        row: dict[str, Any] = {on.fields[name].column: cell.value for name, cell in cells.items()}
        for name, cell in cells.items():
            each = on.fields[name]
            named = (f"{each.column}__{companion}" for companion in each.companions)
            row |= dict(zip(named, cell.companions, strict=True))
        rows.append(row)
    return rows
