"""An operator, who has the database anyway, as somebody who asks: beside the roles of a policy stands one that sees all."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from uuid import UUID

from policies.conditions import ALWAYS
from policies.document import Action
from policies.principal import Assignment, Principal
from policies.rules import Effect, Origin, Policy, Role, Rule

OPERATOR = "operator:"
"""The role's code; no role of a document has such a one."""
NOBODY = UUID(int=0)


def operator() -> Principal:
    """Who sees all under a policy that is `operated`, and might give any role."""
    return Principal(NOBODY, (Assignment(OPERATOR),), (NOBODY,))


@lru_cache(maxsize=16)
def operated(policy: Policy) -> Policy:
    """The policy with the operator's role; made once."""
    seen = tuple(_rule(policy, on.name, Action.READ) for on in policy.catalogue)
    role = Role(OPERATOR, "", (), (*seen, _rule(policy, "RoleAssignment", Action.CREATE)))
    return replace(policy, roles={**policy.roles, OPERATOR: role})


def _rule(policy: Policy, on: str, action: Action) -> Rule:
    fields = frozenset(policy.catalogue[on].fields)
    return Rule(Effect.ALLOW, action, on, ALWAYS, fields, (), row=False, origin=Origin("", 0))
