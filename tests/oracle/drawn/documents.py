"""Random documents: roles that include each other and scopes, rules of all effects, with conditions, masks and presets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from policies.catalogue import Resource
from tests.oracle.description import Field
from tests.oracle.drawn.choosing import Choose
from tests.oracle.drawn.conditions import Condition, Conditions, comparable, written
from tests.oracle.drawn.fields import Fields
from tests.oracle.drawn.models import Made
from tests.oracle.drawn.values import KEYS

Document: TypeAlias = dict[str, Any]
Actions: TypeAlias = Sequence[Sequence[str]]

ROLES, SCOPES = ("c", "b", "a"), ("some", "more")

READING: Actions = (
    *(("read",), ("read",), ("read", "export"), ("read", "export"), ("export", "read"), ("export", "read")),
    *(("export",), ("unmask",), ("unmask",), ("read", "export", "unmask"), ("aggregate",), ("aggregate",)),
)
"""The actions that rules speak of, where nothing is written."""
WRITING: Actions = (
    *(("read", "update", "create", "delete"), ("read", "update"), ("read",)),
    *(("update", "create"), ("create", "update"), ("update",), ("create",), ("delete",)),
)
SHOWING, SETTING = {"read", "export", "aggregate"}, {"create", "update"}
"""Actions of rules that may mask, and of rules that may preset."""

SHARED: list[Condition] = [{"flag": {"eq": True}}, {"flag": {"isNull": False}}, {"id": {"in": [str(KEYS[0])]}}]
"""Conditions on what every resource has."""


def documents(choose: Choose, made: Made, actions: Actions = READING) -> list[Document]:
    """The documents of some roles and scopes: each may include those before, or has presets of its own."""
    fields, apart = _preset(choose, made), choose.rarely(3)
    shared = _presets(choose, made, fields)
    found = []
    for kind, codes in (("role", ROLES), ("scope", SCOPES)):
        for n, code in enumerate(codes):
            rules = Rules(choose, made, actions, _presets(choose, made, fields) if apart else shared)
            includes = choose.several(codes[:n]) if n and not apart and choose.rarely(2) else []
            found.append({kind: code, "includes": includes, "rules": choose.many(rules.rule, 0, 7)})
    return found


def disagreeing(choose: Choose, made: Made) -> list[Document]:
    """Roles that let everything be read and written, each with presets of its own."""
    fields, every = _preset(choose, made), {"fields": "all"}
    return [
        {
            "role": role,
            "rules": [
                {"allow": ["read"], "on": "all", **every},
                *(
                    {"allow": ["create", "update"], "on": on, **every, "preset": preset}
                    for on, preset in _presets(choose, made, fields).items()
                ),
            ],
        }
        for role in ROLES
    ]


def _preset(choose: Choose, made: Made) -> dict[str, str]:
    """By resource, the field that rules preset."""
    known = {on.name: [field for field, _ in comparable(made, on.name)] for on in made.catalogue}
    keys = {on.name: on.key for on in made.catalogue}
    return {
        on: choose.one([each.name for each in fields if each.column not in keys[on]]) for on, fields in known.items()
    }


def _presets(choose: Choose, made: Made, fields: Mapping[str, str]) -> dict[str, Document]:
    """By resource, the field with a value as a document writes it, or one of the principal's."""
    found: dict[str, Document] = {}
    for on, name in fields.items():
        [(field, attributes)] = [each for each in comparable(made, on) if each[0].name == name]
        found[on] = {name: choose.one(_values(field, attributes))}
    return found


def _values(field: Field, attributes: list[Condition]) -> list[Any]:
    return [None, *(part["eq"] for part in attributes if "eq" in part), *written(field)]


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
        if self.choose.rarely(2 if actions == ["unmask"] else 5):
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
        return {"preset": self.presets[on.name]} if on.name in self.presets and self.choose.position(4) else {}
