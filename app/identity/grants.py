"""What a grant makes of its bearer's rights: the client and the scopes bound them.

A client that is the house's own bounds nobody, nor does the scope `graph`: all that the roles allow. Any other scope that
is no scope of identity is a document of the policy. A grant without either sees nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from policies.document import scope_code
from policies.principal import Assignment, Party

WHOLE = "graph"
"""The scope that bounds nothing."""
IDENTITY = frozenset({"openid", "profile", "email", "offline_access"})
"""Scopes that tell who signed in, and open nothing of the graph."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client as rights see it."""

    id: UUID
    is_own: bool
    assignments: tuple[Assignment, ...] = ()
    requests_per_minute: int | None = None
    cost_per_minute: int | None = None


def client_of(found: Mapping[str, Any]) -> Client:
    """The client in a grant as it was read."""
    departments, regions = (tuple(map(UUID, found[name])) for name in ("departments", "regions"))
    held = (Assignment(found["role"], departments, regions),) if found["role"] else ()
    rates = found["requests_per_minute"], found["cost_per_minute"]
    return Client(UUID(found["client"]), found["own"], held, *rates)


def bounds(grant: UUID, client: Client, scopes: list[str]) -> tuple[tuple[Party, ...], tuple[UUID, ...]]:
    """Ceilings and witnesses of a user for whom a client acts."""
    parties = () if client.is_own else (Party(client.id, client.assignments),)
    scoped = scope_party(grant, scopes)
    witnesses = [client.id] if client.is_own else []
    return (*parties, *scoped), (*witnesses, *(() if scoped else (grant,)))


def scope_party(grant: UUID, scopes: list[str]) -> tuple[Party, ...]:
    """The ceiling that scopes are; none for the scope that bounds nothing."""
    if WHOLE in scopes:
        return ()
    return (Party(grant, tuple(Assignment(scope_code(name)) for name in sorted(set(scopes) - IDENTITY))),)
