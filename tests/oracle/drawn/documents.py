"""Random documents: roles that include each other and scopes, rules of all effects, with conditions, masks and presets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from policies.catalogue import Resource
from tests.oracle.drawn.choosing import Choose
from tests.oracle.drawn.conditions import Condition, Conditions, comparable, written
from tests.oracle.drawn.fields import Fields
from tests.oracle.drawn.models import Made
from tests.oracle.drawn.values import KEYS

Document: TypeAlias = dict[str, Any]
Actions: TypeAlias = Sequence[Sequence[str]]

ROLES, OTHER = ("c", "b", "a"), "other"
"""Roles of which each may include those before, and one with presets of its own."""
SCOPES = ("some", "more")

READING: Actions = (("read",), ("read", "export"), ("export", "read"), ("export", "read"), ("export",))
"""The actions that rules speak of, where nothing is written."""
WRITING: Actions = (
    *(("read", "update", "create", "delete"), ("read", "update"), ("read",)),
    *(("update", "create"), ("update",), ("create",), ("delete",)),
)
SHOWING, SETTING = {"read", "export"}, {"create", "update"}
"""Actions of rules that may mask, and of rules that may preset."""

SHARED: list[Condition] = [{"flag": {"eq": True}}, {"flag": {"isNull": False}}, {"id": {"in": [str(KEYS[0])]}}]
"""Conditions on what every resource has."""


def documents(choose: Choose, made: Made, actions: Actions = READING) -> list[Document]:
    """The documents of some roles and scopes."""
    alike = Rules(choose, made, actions, _presets(choose, made))
    roles = [{"role": role, **_rest(alike, ROLES[:n])} for n, role in enumerate(ROLES)]
    scopes = [{"scope": scope, **_rest(alike, SCOPES[:n])} for n, scope in enumerate(SCOPES)]
    other = Rules(choose, made, actions, _presets(choose, made))
    return [*roles, *scopes, {"role": OTHER, **_rest(other, ())}]


def _rest(rules: Rules, before: Sequence[str]) -> Document:
    includes = rules.choose.several(before) if before and rules.choose.rarely(2) else []
    return {"includes": includes, "rules": rules.choose.many(rules.rule, 0, 7)}


def _presets(choose: Choose, made: Made) -> dict[str, Document]:
    """By resource, values for some fields, each as a document writes it, or one of the principal's."""
    return {on.name: dict(_preset(choose, made, on) for _ in range(2)) for on in made.catalogue}


def _preset(choose: Choose, made: Made, on: Resource) -> tuple[str, Any]:
    each, attributes = choose.one([found for found in comparable(made, on.name) if found[0].column not in on.key])
    own = [part["eq"] for part in attributes if "eq" in part]
    return each.name, choose.one([None, *own, *written(each)])


@dataclass(frozen=True)
class Rules:
    """Makes rules that documents of a model may hold."""

    choose: Choose
    made: Made
    actions: Actions = READING
    presets: Mapping[str, Document] = field(default_factory=dict)
    """By resource and field, the value that rules preset."""

    def rule(self) -> Document:
        """A rule about one resource, or about several."""
        resources = list(self.made.catalogue)
        form = self.choose.position(8)
        on = resources if form == 7 else resources[:2] if form == 6 else [self.choose.one(resources)]
        named = {"on": "all" if form == 7 else [resource.name for resource in on]}
        fields = Fields(self.choose, [self.made.model[resource.name] for resource in on])
        actions = list(self.choose.one(self.actions))
        if self.choose.rarely(5):
            return {"deny": actions, **named, **fields.denied(), **self._when(on, seldom=8)}
        allowed = fields.allowed()
        shown = fields.masked(allowed) if set(actions) <= SHOWING else {}
        preset = self._preset(on[0]) if len(on) == 1 and set(actions) <= SETTING else {}
        return {"allow": actions, **named, "fields": allowed, **shown, **preset, **self._when(on, seldom=3)}

    def _when(self, on: Sequence[Resource], *, seldom: int) -> Document:
        """A condition; once in so many times, none."""
        if self.choose.rarely(seldom):
            return {}
        conditions = Conditions(self.choose, self.made)
        return {"when": conditions.condition(on[0]) if len(on) == 1 else self.choose.one(SHARED)}

    def _preset(self, on: Resource) -> Document:
        names = list(self.presets.get(on.name, ()))
        if not names or not self.choose.rarely(3):
            return {}
        return {"preset": {name: self.presets[on.name][name] for name in self.choose.several(names, 2)}}
