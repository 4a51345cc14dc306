"""Which rules speak of a row, or of one of its fields, for a principal: each bound to an assignment of a party."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from policies.catalogue import Resource
from policies.conditions import PURPOSE, Attribute, Operand, Unknown, with_operands
from policies.document import Action
from policies.explaining.nodes import Node, tree
from policies.grounds import bind
from policies.predicates import Reading
from policies.principal import GrantShape
from policies.rules import Effect, Policy, Rule


@dataclass(frozen=True, eq=False)
class Speaking:
    """A rule that speaks, for one party; or would, by a role that might be held."""

    rule: Rule
    party: int
    role: str
    position: int | None
    """Of the assignment; None of a role that might be held."""
    node: Node

    @property
    def reading(self) -> Reading:
        """An allow counts what is certain, a deny what is possible."""
        return Reading.CERTAIN if self.rule.effect is Effect.ALLOW else Reading.POSSIBLE


def speaking(policy: Policy, shape: GrantShape, on: Resource, numbers: count[int]) -> Iterator[Speaking]:
    """The rules of every party for reading a resource."""
    for party, holding in enumerate(shape):
        for bound in bind(policy, shape, party, on.name, Action.READ):
            role = holding[bound.position - sum(map(len, shape[:party]))].role
            node = tree(bound.rule.when, bound.when, on, policy.catalogue, numbers)
            yield Speaking(bound.rule, party, role, bound.position, node)


def suggesting(policy: Policy, on: Resource, numbers: count[int]) -> Iterator[Speaking]:
    """The rules of all roles, which might be held for other regions and departments; these, and purposes, are unknown yet."""
    for role in policy.roles.values():
        if not role.is_scope:
            for rule in policy.rules_of(role.code):
                if rule.resource == on.name and rule.action is Action.READ:
                    node = tree(rule.when, with_operands(rule.when, _unknown), on, policy.catalogue, numbers)
                    yield Speaking(rule, 0, role.code, None, node)


def _unknown(operand: Operand) -> Operand:
    is_purpose = isinstance(operand, Attribute) and operand.name in PURPOSE
    return Unknown() if is_purpose or is_of_assignment(operand) else operand


def is_of_assignment(operand: Operand) -> bool:
    """Whether a value comes from an assignment's regions or departments."""
    return isinstance(operand, Attribute) and operand.name in ("regions", "departments")
