"""Random documents: roles that include each other, allow and deny, rows, fields, classes, masks and conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from policies.catalogue import DataClass, Resource
from tests.oracle.description import Field
from tests.oracle.drawn.choosing import Choose
from tests.oracle.drawn.conditions import Condition, Conditions
from tests.oracle.drawn.models import Made
from tests.oracle.drawn.values import KEYS
from tests.oracle.masks import ORDER, REDACT, fits

Document: TypeAlias = dict[str, Any]

ROLES = ("c", "b", "a")
SCOPES = ("some", "more")
CLASSES = [data_class.value for data_class in DataClass]
SHARED: list[Condition] = [{"flag": {"eq": True}}, {"flag": {"isNull": False}}, {"id": {"in": [str(KEYS[0])]}}]
"""Conditions on what every resource has."""


def documents(choose: Choose, made: Made) -> list[Document]:
    """The documents of some roles and scopes; each may include those of its kind before."""
    rules = Rules(choose, made)
    roles = [{"role": role, **_rest(rules, ROLES[:n])} for n, role in enumerate(ROLES)]
    return [*roles, *({"scope": scope, **_rest(rules, SCOPES[:n])} for n, scope in enumerate(SCOPES))]


def _rest(rules: Rules, before: Sequence[str]) -> Document:
    includes = rules.choose.several(before) if before and rules.choose.rarely(2) else []
    return {"includes": includes, "rules": rules.choose.many(rules.rule, 0, 7)}


@dataclass(frozen=True)
class Rules:
    """Makes rules that documents of a model may hold."""

    choose: Choose
    made: Made

    def rule(self) -> Document:
        """A rule about one resource, or about several."""
        resources = list(self.made.catalogue)
        form = self.choose.position(8)
        on = resources if form == 7 else resources[:2] if form == 6 else [self.choose.one(resources)]
        named = "all" if form == 7 else [resource.name for resource in on]
        if self.choose.rarely(5):
            return {"on": named, **self._deny(on), **self._when(on, seldom=8)}
        return {"on": named, **self._allow(on), **self._when(on, seldom=3)}

    def _when(self, on: Sequence[Resource], *, seldom: int) -> Document:
        """A condition; once in so many times, none."""
        if self.choose.rarely(seldom):
            return {}
        conditions = Conditions(self.choose, self.made)
        return {"when": conditions.condition(on[0]) if len(on) == 1 else self.choose.one(SHARED)}

    def _deny(self, on: Sequence[Resource]) -> Document:
        keys = {field.name for resource in on for field in self._fields(resource) if field.column in resource.key}
        form = self.choose.position(6)
        fields = {} if form == 0 else {"fields": "all"} if form == 1 else {"fields": self._spoken(on, keys)}
        return {"deny": self._actions(), **fields}

    def _allow(self, on: Sequence[Resource]) -> Document:
        unclassified = {field.name for resource in on for field in self._fields(resource)} - {
            field.name for resource in on for field in self._fields(resource) if field.data_class
        }
        fields = "all" if self.choose.rarely(3) else self._spoken(on, unclassified)
        return {"allow": self._actions(), "fields": fields, **self._mask(on, fields)}

    def _actions(self) -> list[str]:
        return list(
            self.choose.one((("read",), ("read", "export"), ("export", "read"), ("export", "read"), ("export",)))
        )

    def _spoken(self, on: Sequence[Resource], without: set[str]) -> Document:
        names = sorted({field.name for resource in on for field in self._fields(resource)} - without)
        form = self.choose.position(3)
        by_class = {} if form == 1 else {"classes": self.choose.several(CLASSES)}
        return by_class | ({} if form == 0 else {"names": self.choose.several(names)})

    def _mask(self, on: Sequence[Resource], fields: Any) -> Document:
        entries = list(self._entries(on, fields))
        return {"mask": dict(self.choose.several(entries, 4))} if entries and self.choose.rarely(2) else {}

    def _entries(self, on: Sequence[Resource], fields: Any) -> Iterator[tuple[str, str]]:
        """What may stand in `mask`: fields that the rule grants with masks that fit them, and their classes."""
        granted = [(resource, field) for resource in on for field in self._fields(resource) if _grants(fields, field)]
        classified = [(field, field.data_class) for _, field in granted if field.data_class]
        yield from ((data_class, mask) for field, data_class in classified for mask in ORDER if _may(mask, field))
        yield from (
            (data_class, mask) for data_class in dict.fromkeys(each for _, each in classified) for mask in ORDER
        )
        for name in dict.fromkeys(field.name for _, field in granted):
            named = [(resource, field) for resource, field in granted if field.name == name]
            if not any(field.column in resource.key for resource, field in named):
                yield from ((name, mask) for mask in ORDER if all(_may(mask, field) for _, field in named))

    def _fields(self, resource: Resource) -> Iterator[Field]:
        return iter(self.made.model[resource.name].fields.values())


def _may(mask: str, field: Field) -> bool:
    return mask == REDACT or fits(mask, field)


def _grants(fields: Any, field: Field) -> bool:
    if fields == "all":
        return field.data_class not in (None, "SECRET")
    return field.name in fields.get("names", ()) or field.data_class in fields.get("classes", ())
