"""The algebra, row by row and cell by cell, as the text of the policy states it: what views are compared with.

It reads documents as they are written, and shares nothing with the engine but the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from policies.catalogue import Field, Kind, Resource
from policies.principal import Assignment
from tests.policies.documents import Written
from tests.policies.oracle import Row, World

Cell: TypeAlias = tuple[Any, str]
"""What is shown of a value, and in which state."""

DOTS = "•••"
ORDER_OF_MASKS = ("email", "phone", "domain", "last4", "initial", "year", "redact")

MASKED: dict[str, Callable[[str], str]] = {
    "last4": lambda text: DOTS + text[-4:] if len(text) >= 8 else DOTS,
    "initial": lambda text: text[0] + DOTS if len(text) >= 5 else DOTS,
    "redact": lambda text: DOTS,
}


@dataclass(frozen=True)
class Judge:
    """What someone who holds some assignments of some roles (documents by code) sees of a world."""

    roles: Mapping[str, Written]
    held: Sequence[Assignment]
    world: World

    def rows(self, on: Resource, fields: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Cell]]:
        """The visible rows by key, with the cells of some fields."""
        return {
            tuple(row[column] for column in on.key): {name: self._cell(on, name, row) for name in fields}
            for row in self.world.rows[on.name]
            if self._visible(on, row)
        }

    def _rules(self, on: Resource, effect: str) -> Iterator[tuple[Written, World]]:
        for assignment in self.held:
            operands = dict(self.world.operands)
            operands["$assignment.regions"] = list(assignment.regions) or None
            operands["$assignment.departments"] = list(assignment.departments) or None
            for code in self._with_included(assignment.role):
                for rule in self.roles[code]["rules"]:
                    if on.name in rule["on"] and effect in rule:
                        yield rule, World(self.world.rows, operands)

    def _with_included(self, code: str) -> set[str]:
        if code not in self.roles:
            return set()
        return {code}.union(*(self._with_included(included) for included in self.roles[code]["includes"]))

    def _visible(self, on: Resource, row: Row) -> bool:
        if row.get("deleted_at") is not None or row.get("erased_at") is not None:
            return False
        allowed = any(_holds(rule, world, on, row) is True for rule, world in self._rules(on, "allow"))
        return allowed and not any(
            _holds(rule, world, on, row) is not False
            for rule, world in self._rules(on, "deny")
            if rule.get("fields", "all") == "all"
        )

    def _cell(self, on: Resource, name: str, row: Row) -> Cell:
        field = on.fields[name]
        value = row.get(field.column.name)
        if field.column.name in on.key:
            return value, "plain"
        for rule, world in self._rules(on, "deny"):
            if (
                rule.get("fields", "all") != "all"
                and _grants(rule, field)
                and _holds(rule, world, on, row) is not False
            ):
                return None, "withheld"
        shown = [
            _shown(rule, field) for rule, world in self._rules(on, "allow") if _holds(rule, world, on, row) is True
        ]
        if "plain" in shown:
            return value, "plain"
        masks = [mask for mask in ORDER_OF_MASKS if mask in shown]
        return (_masked(masks[0], field, value), "masked") if masks else (None, "withheld")


def _holds(rule: Written, world: World, on: Resource, row: Row) -> bool | None:
    return world.holds(rule.get("when", {}), on, row)


def _grants(rule: Written, field: Field) -> bool:
    fields, data_class = rule["fields"], field.spec.data_class
    if fields == "all":
        return data_class is not None and data_class != "SECRET"
    return field.name in fields.get("names", ()) or data_class in fields.get("classes", ())


def _shown(rule: Written, field: Field) -> str:
    if not _grants(rule, field):
        return "withheld"
    if "mask" not in rule:
        return "plain"
    mask: str = rule["mask"].get(field.name) or rule["mask"].get(field.spec.data_class, "withheld")
    return mask if mask == "withheld" or field.spec.kind is Kind.TEXT else "redact"


def _masked(mask: str, field: Field, value: Any) -> Any:
    return MASKED[mask](value) if field.spec.kind is Kind.TEXT and value is not None else None
