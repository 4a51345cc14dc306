"""Who asks: identity and role assignments, loaded from the database, never from a token."""

from __future__ import annotations

import datetime as dt
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Any, TypeAlias
from uuid import UUID

from policies.conditions import PURPOSE, Attribute, Operand, UnmaskedKeys
from policies.masks.pads import Pad


class PrincipalKind(StrEnum):
    """What a principal is."""

    USER = "USER"
    CLIENT = "CLIENT"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role held for departments and regions, their subtrees expanded, and for the purposes that may be declared.

    Empty means unknown, never everywhere.
    """

    role: str
    departments: tuple[UUID, ...] = ()
    regions: tuple[UUID, ...] = ()
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """A ceiling of someone's rights: a client that acts for a user, or the scopes of a token.

    Rules speak to it as if it asked: their `$me` is its id, and their `$assignment` its own.
    """

    id: UUID
    assignments: tuple[Assignment, ...]
    reports: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Delegation:
    """Through whom a principal asks, as it is told: a client, the roles that it holds, and what it was granted."""

    code: str
    name: str
    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmask:
    """A masked field of one row, opened to the principal for a time. `customer` is whom the row belongs to, if to any."""

    resource: str
    field: str
    customer: UUID | None
    row: UUID

    def part(self, column: str) -> UUID | None:
        """What stands in a column of the row's key."""
        return self.row if column == "id" else self.customer


@dataclass(frozen=True, slots=True)
class Held:
    """What planning needs to know of an assignment: the role, and which operands it has."""

    role: str
    departments: bool
    regions: bool
    purpose: bool = False


Holding: TypeAlias = tuple[Held, ...]
"""The assignments of one party."""

GrantShape: TypeAlias = tuple[Holding, ...]
"""What all principals with the same plans have in common: the holding of their own, then that of each ceiling.

Identities are bound to it as parameters.
"""

NOBODY: GrantShape = ((),)
"""The shape of a principal without any assignment."""


class _Values(dict[Operand, object]):
    """Values of operands; those of a hash, and of unmasks, are made when they are asked for."""

    def __init__(self, secret: bytes | None, unmasks: tuple[Unmask, ...]) -> None:
        super().__init__()
        self.secret, self.unmasks = secret, unmasks

    def __missing__(self, operand: Operand) -> object:
        if isinstance(operand, Pad):
            return operand.of(self.secret)
        if isinstance(operand, UnmaskedKeys):
            about = operand.resource, operand.field
            return [each.part(operand.column) for each in self.unmasks if (each.resource, each.field) == about]
        raise KeyError(operand)


@dataclass(frozen=True)
class Principal:
    """Who asks. `reports` are the principal and everyone below in the management tree.

    What `ceilings` there are, each bounds what the assignments give.
    `fresh_until` is the next moment at which an assignment or an unmask begins or ends (None: never).
    `secret` is the deployment's, for masks that hash. `purpose` is what the request says it is for: known to the
    assignments, its own and the ceilings', that list it.
    """

    id: UUID
    assignments: tuple[Assignment, ...]
    reports: tuple[UUID, ...]
    kind: PrincipalKind = PrincipalKind.USER
    fresh_until: dt.datetime | None = None
    name: str | None = ""
    """As it is told to who asks, as the address is; None where it is not."""
    email: str | None = None
    ceilings: tuple[Party, ...] = ()
    witnesses: tuple[UUID, ...] = ()
    """Others on whose standing the rights rest, though they bound nothing: a grant, the client it was given to."""
    secret: bytes | None = field(default=None, repr=False)
    unmasks: tuple[Unmask, ...] = ()
    purpose: str | None = None
    through: Delegation | None = None

    def declaring(self, purpose: str | None) -> Principal:
        """The principal of a request that declares a purpose: this one, where no assignment lists it."""
        held = chain(self.assignments, *(party.assignments for party in self.ceilings))
        return replace(self, purpose=purpose) if any(purpose in each.purposes for each in held) else self

    @cached_property
    def _parties(self) -> tuple[tuple[Party, _Ordered], ...]:
        own = Party(self.id, self.assignments, self.reports)
        return tuple((party, _ordered(party.assignments, self.purpose)) for party in (own, *self.ceilings))

    @property
    def subjects(self) -> list[UUID]:
        """The ids of all on whom the rights rest: the principal's own, the ceilings' and the witnesses'."""
        return [*(party.id for party, _ in self._parties), *self.witnesses]

    @cached_property
    def shape(self) -> GrantShape:
        """The grant shape: equal for principals who can share plans."""
        return tuple(tuple(held for held, _ in ordered) for _, ordered in self._parties)

    @cached_property
    def values(self) -> _Values:
        """The values of the operands of conditions bound to this principal's shape."""
        found = _Values(self.secret, self.unmasks)
        found[Attribute("name")], found[Attribute("email")] = self.name, self.email
        found[Attribute("subjects")] = self.subjects
        for name in ("code", "name", "roles", "scopes"):
            found[Attribute(f"client {name}")] = _told(getattr(self.through, name, None))
        position = 0
        for number, (party, ordered) in enumerate(self._parties):
            found |= _identity(party, number or None)
            for held, assignment in ordered:
                found[Attribute("departments", position)] = list(assignment.departments)
                found[Attribute("regions", position)] = list(assignment.regions)
                if held.purpose:
                    code, constant = PURPOSE
                    found[Attribute(code, position)] = self.purpose
                    found[Attribute(constant, position)] = str(self.purpose).upper()
                position += 1
        return found

    def values_with(self, given: Mapping[Any, Any]) -> Mapping[Operand, Any]:
        """The values of operands, with those of others beside them."""
        return ChainMap(dict(given), self.values)


def _told(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


_Ordered: TypeAlias = tuple[tuple[Held, Assignment], ...]


def _ordered(assignments: Iterable[Assignment], purpose: str | None) -> _Ordered:
    held = ((Held(a.role, bool(a.departments), bool(a.regions), purpose in a.purposes), a) for a in assignments)
    return tuple(sorted(held, key=_place))


def _place(pair: tuple[Held, Assignment]) -> tuple[str, bool, bool, tuple[UUID, ...]]:
    held, assignment = pair
    return held.role, held.departments, held.purpose, assignment.regions


def _identity(party: Party, ceiling: int | None) -> dict[Operand, object]:
    reports = list(dict.fromkeys((party.id, *party.reports)))
    return {Attribute("me", ceiling): party.id, Attribute("reports", ceiling): reports}
