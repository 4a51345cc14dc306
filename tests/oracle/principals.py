"""Who asks: plain data, as loaded, with trees expanded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role held for departments and regions, from a moment until just before another."""

    role: str
    departments: tuple[UUID, ...] = ()
    regions: tuple[UUID, ...] = ()
    purposes: tuple[str, ...] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def holds(self, now: dt.datetime) -> bool:
        """Whether it counts at a moment."""
        return (self.since is None or self.since <= now) and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Unmask:
    """A field of one row, opened from a moment until just before another."""

    resource: str
    field: str
    key: tuple[UUID, ...]
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def holds(self, now: dt.datetime) -> bool:
        """Whether it is in force at a moment."""
        return (self.since is None or self.since <= now) and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Party:
    """Whose rights are computed: the principal, or a ceiling of its (a client, scopes, a sharer).

    A scope is held like a role, as `scope:x`.
    """

    id: UUID
    assignments: tuple[Assignment, ...] = ()
    reports: tuple[UUID, ...] = ()
    """Everyone below; the party itself always counts among its reports."""
    declared: str | None = None
    """What the request is said to be for."""

    def operands(self, assignment: Assignment, now: dt.datetime) -> dict[str, Any]:
        """The attributes that a rule of an assignment may name; None for one that is lacking."""
        return {
            "$me": self.id,
            "$reports": [self.id, *self.reports],
            "$now": now,
            "$assignment.departments": list(assignment.departments) or None,
            "$assignment.regions": list(assignment.regions) or None,
            "$purpose": self.declared if self.declared in assignment.purposes else None,
        }


@dataclass(frozen=True, slots=True)
class Principal(Party):
    """Who asks, and the ceilings over what it sees and does."""

    ceilings: tuple[Party, ...] = ()
    unmasks: tuple[Unmask, ...] = ()
    """The principal's own; no ceiling has any."""

    def opened(self, resource: str, key: tuple[UUID, ...], now: dt.datetime) -> set[str]:
        """The fields of a row of which an unmask is in force."""
        return {each.field for each in self.unmasks if (each.resource, each.key) == (resource, key) and each.holds(now)}

    @property
    def parties(self) -> tuple[Party, ...]:
        """The principal itself and its ceilings: what is granted is granted by each."""
        return (self, *self.ceilings)
