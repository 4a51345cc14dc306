"""Random conditions on a resource, as written in documents: all operators, operands and quantifiers, across relations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from policies.catalogue import Relation, Resource
from tests.oracle.description import Field
from tests.oracle.drawn.choosing import Choose
from tests.oracle.drawn.models import Made
from tests.oracle.drawn.values import BY_SCALAR, values

Condition: TypeAlias = dict[str, Any]

MAX_RELATIONS = 3
CHOSEN = ("eq", "neq", "in", "notIn", "isNull")
ORDERED = ("eq", "in", "gt", "gte", "lt", "lte", "between", "isNull")
OPERATORS: dict[str, tuple[str, ...]] = {
    "ID": ("eq", "in", "isNull"),
    "TEXT": (*CHOSEN, "startsWith", "contains"),
    "ENUM": CHOSEN,
    "TREE": ("eq", "in", "within", "isNull"),
    "BOOLEAN": ("eq", "eq", "isNull"),
    "JSON": (),
} | dict.fromkeys(("INTEGER", "DECIMAL", "MONEY", "TIME", "DATE"), ORDERED)
ATTRIBUTES = {
    "$me": ("users", "eq"),
    "$reports": ("users", "in"),
    "$assignment.regions": ("regions", "in"),
    "$assignment.departments": ("departments", "in"),
}
"""The table whose keys each is of, and the operator that takes it."""


@dataclass(frozen=True)
class Conditions:
    """Makes conditions that documents of a model may hold."""

    choose: Choose
    made: Made

    def condition(self, on: Resource, crossed: int = 0) -> Condition:
        """A condition on a resource: one entry or two, or several conditions joined."""
        form = self.choose.position(6)
        if form == 5:
            return {
                self.choose.one(("OR", "OR", "AND")): self.choose.many(lambda: self._entry(on, crossed), 1, 3),
            }
        return self._entry(on, crossed) | (self._entry(on, crossed) if form == 4 else {})

    def _entry(self, on: Resource, crossed: int) -> Condition:
        relations = list(on.relations.values())
        if relations and self.choose.position(5) > 1 + crossed:
            return self._related(self.choose.one(relations), crossed + 1)
        return self._compared(on)

    def _related(self, relation: Relation, crossed: int) -> Condition:
        target = self.made.catalogue[relation.target]
        if not relation.many:
            return {relation.name: self.condition(target, crossed)}
        quantifiers = self.choose.several(("some", "none", "every"), 2)
        return {relation.name: {quantifier: self.condition(target, crossed) for quantifier in quantifiers}}

    def _compared(self, on: Resource) -> Condition:
        field, attributes = self.choose.one(comparable(self.made, on.name))
        if attributes and self.choose.position(3):
            return {field.name: self.choose.one(attributes)}
        if field.kind in ("TEXT", "ENUM") and self.choose.rarely(4):
            return {field.name: {self.choose.one(("eq", "neq")): "$purpose"}}
        operator = self.choose.one(OPERATORS[field.kind])
        part = {operator: self._operand(field, operator)}
        if field.kind == "MONEY" and self.choose.rarely(2):
            part["currency"] = self.choose.one(BY_SCALAR["CurrencyCode"])
        return {field.name: part}

    def _operand(self, field: Field, operator: str) -> Any:
        if operator == "isNull":
            return self.choose.one((True, False))
        if operator in ("in", "notIn"):
            return self.choose.several(written(field), 2)
        if operator == "between":
            return {"from": self.choose.one(written(field)), "to": self.choose.one(written(field))}
        return self.choose.one(written(field))


@cache
def comparable(made: Made, resource: str) -> list[tuple[Field, list[Condition]]]:
    """The fields that have operators, each with what the principal or the moment says of its kind."""
    on = made.catalogue[resource]
    fields = made.model[resource].fields.values()
    return [(field, list(_attributes(on, field))) for field in fields if OPERATORS[field.kind]]


def _attributes(on: Resource, field: Field) -> Iterator[Condition]:
    if field.kind == "TIME":
        yield from ({operator: "$now"} for operator in ("gt", "gte", "lt", "lte", "eq"))
    if field.kind != "ID":
        return
    reference = on.table.c[field.column].info.get("reference")
    keys_of = on.table.name if field.column == "id" else reference.table if reference else None
    for name, (table, operator) in ATTRIBUTES.items():
        if keys_of in (None, table):
            yield {operator: name}


def written(field: Field) -> list[Any]:
    """A field's values as a document writes them."""
    found = values(field)
    return found if field.kind in ("BOOLEAN", "INTEGER", "TIME", "DATE") else list(map(str, found))
