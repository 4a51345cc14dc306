"""What a grant makes of its bearer's rights: the client and the scopes bound them.

A client that is the house's own bounds nobody, nor does the scope `graph`: all that the roles allow. Any other scope that
is no scope of identity is a document of the policy. A grant without either sees nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from app.identity.peers import Address, Network, NotFromHere, within
from app.models.oauth import DocumentMode
from policies.document import scope_code
from policies.principal import Assignment, Delegation, Party

WHOLE = "graph"
"""The scope that bounds nothing."""
PROFILE, EMAIL = "profile", "email"
IDENTITY = frozenset({"openid", PROFILE, EMAIL, "offline_access"})
"""Scopes that tell who signed in, and open nothing of the graph."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client as rights see it, and what binds each of its requests, whoever it asks for."""

    id: UUID
    is_own: bool
    assignments: tuple[Assignment, ...] = ()
    code: str = ""
    name: str = ""
    version: int = 0
    """Of its rights: what is known of its documents is true as long as this is."""
    documents: DocumentMode = DocumentMode.OFF
    networks: tuple[Network, ...] = ()
    """Where it may ask from; empty: anywhere."""
    requests_per_minute: int | None = None
    cost_per_minute: int | None = None

    def check(self, peer: Address | None) -> None:
        """Raises NotFromHere for a peer, unknown or not, in none of the networks."""
        if not within(peer, self.networks):
            raise NotFromHere


def client_of(found: Mapping[str, Any]) -> Client:
    """The client in a grant as it was read."""
    departments, regions = (tuple(map(UUID, found[name])) for name in ("departments", "regions"))
    held = (Assignment(found["role"], departments, regions),) if found["role"] else ()
    return Client(
        UUID(found["client"]),
        found["own"],
        held,
        found["code"],
        found["name"],
        found["version"],
        DocumentMode(found["documents"]),
        tuple(map(ip_network, found["networks"])),
        found["requests_per_minute"],
        found["cost_per_minute"],
    )


def delegation(client: Client, scopes: Collection[str]) -> Delegation:
    """What is told of a client to whom it acts for, or to itself."""
    return Delegation(client.code, client.name, tuple(each.role for each in client.assignments), tuple(sorted(scopes)))


def tells(client: Client | None, scopes: Collection[str], scope: str) -> bool:
    """Whether a scope of identity is open: to who asks without a client, and to a client of the house that has all."""
    return client is None or scope in scopes or (client.is_own and WHOLE in scopes)


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
