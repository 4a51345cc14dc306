"""Who asks: identity and role assignments, loaded from the database, never from a token."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias
from uuid import UUID

from policies.conditions import Attribute


class PrincipalKind(StrEnum):
    """What a principal is."""

    USER = "USER"
    CLIENT = "CLIENT"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role held for departments and regions, their subtrees expanded. Empty means unknown, never everywhere."""

    role: str
    departments: tuple[UUID, ...] = ()
    regions: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What planning needs to know of an assignment: the role, and which operands it has."""

    role: str
    departments: bool
    regions: bool


GrantShape: TypeAlias = tuple[Held, ...]
"""What all principals with the same plans have in common; identities are bound to it as parameters."""


@dataclass(frozen=True)
class Principal:
    """Who asks. `reports` are the principal and everyone below in the management tree.

    `fresh_until` is the next moment at which an assignment begins or ends (None: never).
    """

    id: UUID
    assignments: tuple[Assignment, ...]
    reports: tuple[UUID, ...]
    kind: PrincipalKind = PrincipalKind.USER
    fresh_until: dt.datetime | None = None
    name: str = ""
    email: str | None = None

    @cached_property
    def _ordered(self) -> tuple[tuple[Held, Assignment], ...]:
        held = ((Held(a.role, bool(a.departments), bool(a.regions)), a) for a in self.assignments)
        return tuple(
            sorted(held, key=lambda pair: (pair[0].role, pair[0].departments, pair[0].regions, pair[1].regions))
        )

    @cached_property
    def shape(self) -> GrantShape:
        """The grant shape: equal for principals who can share plans."""
        return tuple(held for held, _ in self._ordered)

    @cached_property
    def values(self) -> Mapping[Attribute, object]:
        """The values of the operands of conditions bound to this principal's shape."""
        reports = list(dict.fromkeys((self.id, *self.reports)))
        found: dict[Attribute, object] = {Attribute("me"): self.id, Attribute("reports"): reports}
        found |= {Attribute("name"): self.name, Attribute("email"): self.email}
        for i, (_, assignment) in enumerate(self._ordered):
            found[Attribute("departments", i)] = list(assignment.departments)
            found[Attribute("regions", i)] = list(assignment.regions)
        return found
