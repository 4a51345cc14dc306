"""A policy as it was at a moment: `$now` in it is that moment."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from policies.conditions import Attribute, Operand, with_operands
from policies.predicates import NOW
from policies.rules import Policy, Role, Rule

MOMENT = Attribute("moment")
"""The moment in the past that is asked of."""


@lru_cache(maxsize=16)
def at_moment(policy: Policy) -> Policy:
    """The policy, its conditions comparing with the moment asked of instead of now; made once."""
    roles = {code: _role(role) for code, role in policy.roles.items()}
    return policy if roles == policy.roles else replace(policy, roles=roles)


def _role(role: Role) -> Role:
    return replace(role, rules=tuple(map(_rule, role.rules)))


def _rule(rule: Rule) -> Rule:
    return replace(rule, when=with_operands(rule.when, _then))


def _then(operand: Operand) -> Operand:
    return MOMENT if operand == NOW else operand
