"""Looking as somebody: what a person sees, met with what who looks sees.

Who looks is bound as further parties of the person's own, as a ceiling is: no row, value or key comes of it that who
looks is not shown anyway. What each holds is of a policy of its own (the person's of any version, that of who looks of
the one in force), so the roles of who looks stand in a joint policy under names that no document can give.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from policies.access import Access
from policies.principal import Assignment, GrantShape, Party, Principal
from policies.rules import Policy, Role

LOOKER = "looker:"
"""Stands before the roles of who looks; no role or scope begins so."""


def together(person: Principal, asker: Principal) -> Principal:
    """The person with the asker as further parties, so that the operands of both can stand in one statement."""
    return replace(person, ceilings=(*person.ceilings, *_parties(asker)))


def looking(person: Principal, asker: Principal) -> Principal:
    """The person as the asker looks as it: for the purpose that the asker declares, while the rights of both last.

    Name and address are told by views alone, as far as the asker is shown them.
    """
    ends = [each.fresh_until for each in (person, asker) if each.fresh_until is not None]
    return replace(
        person,
        ceilings=(*person.ceilings, *(_renamed(party) for party in _parties(asker))),
        witnesses=(*person.witnesses, *asker.witnesses),
        fresh_until=min(ends, default=None),
        purpose=asker.purpose,
        name=None,
        email=None,
    )


def _parties(asker: Principal) -> Iterable[Party]:
    return Party(asker.id, asker.assignments, asker.reports), *asker.ceilings


def _renamed(party: Party) -> Party:
    return replace(party, assignments=tuple(map(_of_looker, party.assignments)))


def _of_looker(held: Assignment) -> Assignment:
    return replace(held, role=LOOKER + held.role)


@lru_cache(maxsize=16)
def joint(policy: Policy, active: Policy) -> Policy:
    """The roles of a policy, and beside them those of the one in force for who looks; made once."""
    theirs = (_role(role) for role in active.roles.values())
    roles = {role.code: role for role in chain(policy.roles.values(), theirs)}
    return Policy(policy.catalogue, roles, f"{policy.digest}:{active.digest}")


def _role(role: Role) -> Role:
    return replace(role, code=LOOKER + role.code, includes=tuple(LOOKER + code for code in role.includes))


@lru_cache(maxsize=256)
def looked(policy: Policy, shape: GrantShape, own: int) -> Access:
    """The access of a grant shape of which the first parties are who is looked as; made once for each policy."""
    return Access(policy, shape, own)
