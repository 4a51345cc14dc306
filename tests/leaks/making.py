"""Rows made at random: references lead somewhere, and what the checks of a table tie together fits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import sqlalchemy as sa

from app.models.catalogue import CATALOGUE
from policies.catalogue import Kind, Resource
from tests.leaks.drawing import ALIKE, CHOOSING, KEYS, LABELS, draw, key
from tests.leaks.worlds import Row, World

SCOPE = ("owner_id", "department_id", "region_id")
RARE = ("deleted_at", "erased_at")
_LATER = re.compile(r"([a-z]\w*) >= ([a-z]\w*)")
_TOGETHER = re.compile(r"\((\w+) IS NULL\) = \((\w+) IS NULL\)")
BY_TABLE = {resource.table.name: resource for resource in CATALOGUE}


@cache
def _checks(table: sa.Table) -> Sequence[str]:
    return sorted(str(check.sqltext) for check in table.constraints if isinstance(check, sa.CheckConstraint))


def _moneys(resource: Resource) -> list[str]:
    return [field.column.name for field in resource.fields.values() if field.spec.kind is Kind.MONEY]


@dataclass
class Maker:
    """Makes rows that refer to those of a world."""

    rng: Random
    world: World
    homes: dict[str, list[Row]] = field(default_factory=dict)
    """By column, the rows that most references lead to."""

    def row(self, resource: Resource, **given: Any) -> Row:
        """A row that the database may take; what is given stays as it is."""
        nulls = self.rng.choice((0.0, 0.2, 0.5, 0.9))
        row = {column.name: self._value(column, nulls) for column in resource.table.columns if column.computed is None}
        row |= {"id": key(self.rng)} | given
        self._refer(resource, row, set(given))
        if resource.owned and self.rng.random() < 0.6:
            self._share_scope(row, set(given))
        self._about(resource, row)
        self._fit(resource, row)
        if resource.name == "Ticket":
            row["duplicate_of_id"] = self._like(row)
        return row | given

    def _value(self, column: sa.Column[Any], nulls: float) -> Any:
        if column.name in ALIKE:
            return ALIKE[column.name]
        if column.name in RARE:
            return draw(self.rng, column) if self.rng.random() < 0.12 else None
        if column.name in SCOPE:
            nulls = 0.12
        return None if column.nullable and self.rng.random() < nulls else draw(self.rng, column)

    def _refer(self, resource: Resource, row: dict[str, Any], fixed: set[str]) -> None:
        """Has every reference lead to a row; of several columns, to one that agrees with those that are fixed."""
        references = sorted(resource.table.foreign_key_constraints, key=lambda each: (len(each.elements), each.name))
        for reference in references:
            pairs = [(element.parent.name, element.column.name) for element in reference.elements]
            if any(row[ours] is None for ours, _ in pairs):
                continue
            kept = [pair for pair in pairs if pair[0] in fixed]
            rows = self.world[BY_TABLE[reference.referred_table.name].name].values()
            found = [there for there in rows if all(there[theirs] == row[ours] for ours, theirs in kept)]
            homes = self.homes.get(pairs[-1][0], ())
            chosen = self.rng.choice(homes if homes and self.rng.random() < 0.85 else found or [{}])
            for ours, theirs in pairs:
                if ours not in fixed:
                    row[ours] = chosen.get(theirs)
            fixed |= {ours for ours, _ in pairs}

    def _share_scope(self, row: dict[str, Any], given: set[str]) -> None:
        owner = self.world["Customer"].get((row["customer_id"],), {})
        row |= {name: owner[name] for name in SCOPE if name in row and name in owner and name not in given}

    def _about(self, resource: Resource, row: dict[str, Any]) -> None:
        """Has the subject, which no key of the database guards, be a row of its type: of the same customer, if owned."""
        for relations in resource.subjects.values():
            relation = relations.get(row["subject_type"] or "")
            target = CATALOGUE[relation.target] if relation else None
            there = self.world[target.name].values() if target else ()
            mine = [found for found in there if found.get("customer_id", row["customer_id"]) == row["customer_id"]]
            chosen = self.rng.choice(mine)["id"] if mine else None
            row |= {"subject_id": chosen, "subject_type": row["subject_type"] if chosen else None}

    def _like(self, ticket: Row) -> Any:
        """Another ticket of the customer's that tells the same, if there is one; nothing is drawn for its sake."""
        rng, there = Random(str(ticket["id"])), self.world["Ticket"].values()
        mine = [other["id"] for other in there if other["customer_id"] == ticket["customer_id"]]
        return rng.choice(mine) if mine and rng.random() < 0.5 else None

    def _fit(self, resource: Resource, row: dict[str, Any]) -> None:
        for text in _checks(resource.table):
            for one, other in _TOGETHER.findall(text):
                if row[one] is None or row[other] is None:
                    row |= {one: None, other: None}
            if _LATER.sub("", text).replace(" AND ", "") == "":
                columns = list(dict.fromkeys(name for pair in _LATER.findall(text) for name in reversed(pair)))
                present = [name for name in columns if row[name] is not None]
                row |= dict(zip(present, sorted(row[name] for name in present), strict=True))
        if "currency" in row and row["currency"] is None:
            row |= dict.fromkeys(_moneys(resource))
        for name, fit in FITTING.items():
            if resource.name == name:
                row |= fit(row)


def _customer(row: Row) -> Row:
    organisation = row["kind"] == "ORGANIZATION"
    alien = ("given_name", "family_name", "birth_date") if organisation else ("legal_name", "employee_band")
    return dict.fromkeys(alien)


def _target(row: Row) -> Row:
    quantity = row["metric"] != "REVENUE"
    return {"target_amount": None} if quantity else {"target_quantity": None}


def _definition(row: Row) -> Row:
    """A definition that says something of custom fields: one of few keys, of its type mostly."""
    rng = Random(str(row["id"]))
    key = rng.choice(sorted(KEYS))
    type_ = row["data_type"] if rng.random() < 0.1 else KEYS[key][0]
    label, options = (json.dumps(rng.choice(each), ensure_ascii=False) for each in (LABELS, CHOOSING))
    entity = "Customer" if rng.random() < 0.85 else row["entity"]
    said = {"entity": entity, "key": key, "data_type": type_, "is_custom": rng.random() < 0.85}
    return {
        **said,
        "filterable": rng.random() < 0.8,
        "label": row["label"] and label,
        "options": row["options"] and options,
    }


FITTING: dict[str, Callable[[Row], Row]] = {
    "FieldDefinition": _definition,
    "Customer": _customer,
    "SalesTarget": _target,
    "Segment": lambda row: {"rule": row["rule"] or "{}"} if row["kind"] == "DYNAMIC" else {"rule": None},
    "SurveyResponse": lambda row: {"scale_min": 0, "scale_max": 10, "score": row["score"] and abs(row["score"]) % 11},
    "Campaign": lambda row: {"budget_overridden": True},
}
"""What the checks of a table tie together, where it is seldom met by chance."""
