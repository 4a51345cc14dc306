"""Grants: what one party's rules give of one resource, for one action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from policies.catalogue import Resource
from policies.conditions import Operand, Unknown
from policies.document import Action
from policies.grounds import (
    Bound,
    FieldGrounds,
    Ground,
    RowGrounds,
    bind,
    covers,
    field_grounds,
    row_grounds,
    structural,
)
from policies.levels import PLAIN, Level
from policies.presets import presets_of
from policies.principal import GrantShape
from policies.rules import Effect, Policy
from policies.states import State
from policies.unmasks import with_unmasks

OF_ROWS = (Action.READ, Action.EXPORT)
"""Actions that show rows, with their keys."""

ALWAYS_GROUND: tuple[Ground, ...] = (frozenset(),)


@dataclass(frozen=True)
class Grants:
    """The grounds of one party. Deny is where they start: no rule, no row."""

    resource: Resource
    action: Action
    bound: tuple[Bound, ...] = field(repr=False)
    unmasking: tuple[Bound, ...] = field(default=(), repr=False)
    """The rules by which what is masked may be unmasked."""
    _fields: dict[str, FieldGrounds] = field(default_factory=dict, repr=False)

    @cached_property
    def rows(self) -> RowGrounds:
        """On what rows are granted."""
        return row_grounds(self.bound)

    def grounds(self, name: str) -> FieldGrounds:
        """On what a field is granted; the keys of a row that may be read are always plain."""
        if name not in self._fields:
            self._fields[name] = self._grounds(name)
        return self._fields[name]

    def _grounds(self, name: str) -> FieldGrounds:
        if name in structural(self.resource) and self.action is not Action.CREATE:
            return FieldGrounds(ALWAYS_GROUND) if self.action in OF_ROWS else FieldGrounds()
        if self.action in (Action.CREATE, Action.UPDATE) and not self.resource.fields[name].spec.settable:
            return FieldGrounds()
        if not self.rows.allowed:
            return FieldGrounds()
        return with_unmasks(field_grounds(self.bound, name), self.resource, name, self.unmasking)

    def levels(self, name: str) -> Iterator[tuple[Level, tuple[Ground, ...]]]:
        """The levels that a field can have, in the order in which they are chosen, and on what."""
        grounds = self.grounds(name)
        if grounds.readable:
            yield from ((PLAIN, grounds.plain),) if grounds.plain else ()
            yield from grounds.masked

    def settled(self, name: str) -> Level | None:
        """The level that a field has on every row that is granted; None where it depends on the row, or is never shown."""
        denied = self.grounds(name).denied
        for level, grounds in self.levels(name):
            return level if not denied and covers(grounds, self.rows.allowed) else None
        return None

    def state(self, name: str) -> State | None:
        """The state that a field has on every row that is granted; None where it depends on the row."""
        grounds, rows = self.grounds(name), self.rows.allowed
        if not grounds.readable:
            return State.WITHHELD
        if not grounds.denied and covers(grounds.plain, rows):
            return State.PLAIN
        if not grounds.denied and not grounds.plain and covers(grounds.shown_masked, rows):
            return State.MASKED
        return None

    @property
    def every_row(self) -> bool:
        """Whether all rows are granted."""
        return self.rows.allowed == ALWAYS_GROUND and not self.rows.denied

    @cached_property
    def presets(self) -> Mapping[str, Operand] | None:
        """By field, the value that a write gives it by itself; None where rules contradict each other, or one lacks
        its operand: then nothing may be written.
        """
        found = presets_of(each for each in self.bound if each.rule.effect is Effect.ALLOW)
        if any(len(values) > 1 or Unknown() in values for values in found.values()):
            return None
        return {name: value for name, (value,) in ((name, tuple(values)) for name, values in found.items())}


def grants(policy: Policy, shape: GrantShape, party: int, resource: Resource, action: Action) -> Grants:
    """What a party of a grant shape is given. Unmasks are the principal's own: no ceiling has any."""

    def bound(of: Action) -> tuple[Bound, ...]:
        return tuple(bind(policy, shape, party, resource.name, of))

    unmasking = bound(Action.UNMASK) if not party and action in OF_ROWS else ()
    return Grants(resource, action, bound(action), unmasking)
