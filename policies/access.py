"""Access: the policy bound to a grant shape. `view` is the only thing that reads start from.

Rules are bound to each party of the shape by itself: the principal first, then its ceilings. What they give is met:
a row is visible where it is to every party, and a value shown at the meet of their levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import product

import sqlalchemy as sa

from policies.catalogue import Resource
from policies.conditions import Operand
from policies.document import Action
from policies.grants import Grants, grants
from policies.levels import PLAIN, Level, met
from policies.permits import Permit, different
from policies.principal import GrantShape, Holding
from policies.rules import Effect, Policy
from policies.states import STATE, TOLD, State
from policies.view import View

__all__ = ["STATE", "Access", "ResourceAccess", "State", "access"]


@dataclass(frozen=True)
class ResourceAccess:
    """What a grant shape may read of one resource: the grants of each party, all of which must agree."""

    resource: Resource
    grants: tuple[Grants, ...]
    view: View = field(repr=False)

    @property
    def visible(self) -> bool:
        """Whether any row can ever be seen."""
        return all(each.rows.allowed for each in self.grants)

    @cached_property
    def readable(self) -> frozenset[str]:
        """The fields that are plain or masked on some row."""
        return frozenset(name for name in self.resource.fields if any(self._levels(name)))

    @cached_property
    def unmasked(self) -> frozenset[str]:
        """The readable fields that are plain wherever they are shown."""
        return frozenset(name for name in self.readable if {PLAIN, None}.issuperset(self._levels(name)))

    def _levels(self, name: str) -> Iterable[Level | None]:
        """The levels that a field can have."""
        return map(met, product(*([level for level, _ in each.levels(name)] for each in self.grants)))

    def state(self, name: str) -> State | None:
        """The state that a field has on every visible row; None where it depends on the row."""
        if name not in self.readable:
            return State.WITHHELD
        states = [each.state(name) for each in self.grants]
        if None in states:
            return None
        if states.count(State.PLAIN) >= len(states) - 1:
            return State.MASKED if State.MASKED in states else State.PLAIN
        levels = [each.settled(name) for each in self.grants]
        return None if None in levels else State.MASKED if met(levels) else State.WITHHELD

    def levels(self, name: str) -> frozenset[Level]:
        """The levels at which a field can be shown."""
        return frozenset(level for level in self._levels(name) if level is not None)

    def settled(self, name: str) -> Level | None:
        """The level that a field has on every visible row; None where it depends on the row, or is never shown."""
        levels = [each.settled(name) for each in self.grants]
        return None if None in levels else met(levels)

    @property
    def every_row(self) -> bool:
        """Whether every row is visible that is neither deleted nor erased."""
        return all(each.every_row for each in self.grants)


@dataclass(frozen=True, eq=False)
class Access:
    """The rights of all principals of one grant shape; there is one of each."""

    policy: Policy
    shape: GrantShape
    own: int | None = None
    """How many of the parties are who is looked as, the others who looks; None where nobody is looked as."""
    _grants: dict[tuple[str, Action], tuple[Grants, ...]] = field(default_factory=dict, repr=False)
    _resources: dict[tuple[str, Action], ResourceAccess] = field(default_factory=dict, repr=False)
    _ways: dict[tuple[Action, str], tuple[Permit, ...]] = field(default_factory=dict, repr=False)

    def grants(self, resource: Resource, action: Action) -> tuple[Grants, ...]:
        """What each party is given."""
        key = resource.name, action
        if key not in self._grants:
            parties = range(len(self.shape))
            self._grants[key] = tuple(grants(self.policy, self.shape, party, resource, action) for party in parties)
        return self._grants[key]

    def on(self, resource: Resource, action: Action = Action.READ) -> ResourceAccess:
        """What may be read of a resource. What is exported must be granted for reading, too.

        Aggregates are of what a party reads; where no rule has it read anything, of what it is granted to `aggregate`.
        """
        key = resource.name, action
        if key not in self._resources:
            parties = self._counting(resource) if action is Action.AGGREGATE else self._reading(resource, action)
            self._resources[key] = ResourceAccess(resource, parties, View(self.policy, resource, parties, self.own))
        return self._resources[key]

    def told(self, resource: Resource) -> ResourceAccess:
        """Whose states are told of fields: of all parties, or of who is looked as alone."""
        on = self.on(resource)
        return on if self.own is None else replace(on, grants=on.grants[: self.own])

    @property
    def told_as(self) -> str:
        """The companion in which those states stand."""
        return STATE if self.own is None else TOLD

    def _reading(self, resource: Resource, action: Action) -> tuple[Grants, ...]:
        actions = dict.fromkeys((Action.READ, action))
        return tuple(each for needed in actions for each in self.grants(resource, needed))

    def _counting(self, resource: Resource) -> tuple[Grants, ...]:
        parties = zip(self.grants(resource, Action.READ), self.grants(resource, Action.AGGREGATE), strict=True)
        return tuple(reading if _reads(reading) else counting for reading, counting in parties)

    def view(
        self,
        resource: Resource,
        fields: Iterable[str],
        states: Iterable[str] = (),
        *,
        updatable: Iterable[str] = (),
        permitted: Iterable[Action] = (),
        action: Action = Action.READ,
        told: Iterable[str] = (),
    ) -> sa.TextualSelect:
        """The resource as this shape sees it: hidden rows gone, hidden values NULL, masked values masked.

        The columns are the keys and those of the fields named, under the table's own column names,
        each companion of a field as `field__companion`, for each of `states` a column `field__state` that
        holds a `State`, for each of `told` one `field__told` (see `told`), for each of `updatable` a column `field__updatable`, and for each action
        `permitted` a column `access__action`, which say whether the row may be changed so.
        """
        changes = {name: self.permits(Action.UPDATE, resource, [name]) for name in updatable}
        actions = {each: self.ways(each, resource) for each in permitted}
        return self.on(resource, action).view.select(fields, states, changes, actions, told)

    def graded(
        self,
        resource: Resource,
        told: Iterable[str],
        shown: Mapping[str, Iterable[Level]],
        record: str | None = None,
        deleted: str | None = None,
    ) -> sa.TextualSelect:
        """The resource as this shape sees it, with the levels of fields of `told`, and what some levels show of some fields.

        With `record`, the SQL of a JSON column, its row as it once was; with `deleted`, the SQL of a condition, also rows
        that were deleted: see `View.graded`.
        """
        return self.on(resource).view.graded(told, shown, record, deleted)

    def permits(self, action: Action, resource: Resource, fields: Iterable[str]) -> Permit:
        """Whether, and on which rows, an action may be done that sets some fields."""
        reading = () if action is Action.CREATE else self.grants(resource, Action.READ)
        return Permit(
            self.policy.catalogue, resource, frozenset(fields), reading, self.grants(resource, action), action
        )

    def ways(self, action: Action, resource: Resource) -> tuple[Permit, ...]:
        """The ways in which an action is permitted on a row: an update of this field or that, or the action as it is."""
        key = action, resource.name
        if key not in self._ways:
            fields = [[name] for name in resource.fields] if action is Action.UPDATE else [[]]
            self._ways[key] = different(self.permits(action, resource, names) for names in fields)
        return self._ways[key]

    def presets(self, action: Action, resource: Resource) -> dict[str, Operand]:
        """By field, the value that a write gives it by itself, bound to this shape."""
        return {name: value for each in self.grants(resource, action) for name, value in (each.presets or {}).items()}

    @cached_property
    def tailored(self) -> bool:
        """Whether the schema holds only what can ever be seen or done: of a tailored client, or of tailored roles alone."""
        return any(self._tailored(holding) for holding in self.shape)

    def _tailored(self, holding: Holding) -> bool:
        roles = [self.policy.roles.get(held.role) for held in holding]
        return bool(roles) and all(role is not None and role.tailored for role in roles)

    @cached_property
    def min_group(self) -> int:
        """Groups of fewer rows than this are not shown in aggregates."""
        held = (held.role for holding in self.shape for held in holding)
        return max((role.min_group or 1 for code in held for role in self.policy.with_included(code)), default=1)


def _reads(given: Grants) -> bool:
    """Whether a party is allowed to read some row, even if it is denied: no deny may lead to what only others are told."""
    return any(each.rule.effect is Effect.ALLOW and each.certain is not None for each in given.bound)


@lru_cache(maxsize=256)
def access(policy: Policy, shape: GrantShape) -> Access:
    """The access of a grant shape, made once for each policy."""
    return Access(policy, shape)
