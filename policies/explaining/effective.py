"""What a grant shape may see and do of each resource, whatever the rows: its rules, and how each field is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.access import Access
from policies.catalogue import Resource
from policies.document import Action
from policies.grounds import bind
from policies.permits import settled
from policies.rules import Rule
from policies.states import State


@dataclass(frozen=True, slots=True)
class Speaks:
    """A rule that speaks, by a role that a party holds."""

    rule: Rule
    party: int
    role: str


@dataclass(frozen=True, slots=True)
class Doing:
    """An action on a resource: whether it is permitted, on which rules that rests, and which fields it may set."""

    action: Action
    settled: bool | None
    """None where it depends on the row."""
    fields: tuple[str, ...]
    rules: tuple[Speaks, ...]


@dataclass(frozen=True, slots=True)
class Effective:
    """What may be seen and done of a resource."""

    resource: Resource
    every_row: bool
    rules: tuple[Speaks, ...]
    """Those of reading."""
    states: dict[str, State | None]
    """By field; None where it depends on the row. None are there where no row is ever seen."""
    actions: tuple[Doing, ...]


SETTING = frozenset({Action.CREATE, Action.UPDATE})


def effective(access: Access) -> Iterator[Effective]:
    """Of each resource of which anything can be seen or done."""
    for resource in access.policy.catalogue:
        on = access.on(resource)
        actions = tuple(_doing(access, resource))
        if on.visible or actions:
            rules = tuple(speaking(access, resource, Action.READ))
            states = {name: on.state(name) for name in resource.fields} if on.visible else {}
            yield Effective(resource, on.every_row, rules, states, actions)


def speaking(access: Access, resource: Resource, action: Action) -> Iterator[Speaks]:
    """The rules that speak of an action on a resource."""
    before = 0
    for party, holding in enumerate(access.shape):
        for each in bind(access.policy, access.shape, party, resource.name, action):
            yield Speaks(each.rule, party, holding[each.position - before].role)
        before += len(holding)


def _doing(access: Access, resource: Resource) -> Iterator[Doing]:
    for action in Action:
        ways = () if action is Action.READ else access.ways(action, resource)
        if any(way.possible for way in ways):
            fields = [name for name in resource.fields if action in SETTING and _sets(access, action, resource, name)]
            yield Doing(action, settled(ways), tuple(fields), tuple(speaking(access, resource, action)))


def _sets(access: Access, action: Action, resource: Resource, name: str) -> bool:
    return access.permits(action, resource, [name]).possible
