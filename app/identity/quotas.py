"""How much may be asked in a minute, and of whom it is counted.

What a user asks through a client counts for both: for the user by the figures of the house, for the client by its own. A
client that asks for itself has its own figures and, where it lacks one, that of the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.identity.grants import Client


class Unit(StrEnum):
    """What is counted."""

    REQUESTS = "requests"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much may be asked in a minute; None for as much as one likes."""

    requests: int | None = None
    cost: int | None = None

    def or_else(self, other: Allowance) -> Allowance:
        """This one, with the figures of another where it has none."""
        requests = other.requests if self.requests is None else self.requests
        return Allowance(requests, other.cost if self.cost is None else self.cost)


UNBOUNDED = Allowance()


@dataclass(frozen=True, slots=True)
class Quota:
    """How many units one who asks may use in a minute."""

    of: str
    """As what the holder asks: `user`, `client`."""
    holder: UUID
    unit: Unit
    most: int

    @property
    def name(self) -> str:
        """Its name in headers."""
        return f"{self.of}-{self.unit}"


def quotas(of: str, holder: UUID, allowance: Allowance) -> tuple[Quota, ...]:
    """The quotas of one who asks."""
    given = {Unit.REQUESTS: allowance.requests, Unit.COST: allowance.cost}
    return tuple(Quota(of, holder, unit, most) for unit, most in given.items() if most is not None)


def quotas_of(subject: UUID, client: Client | None, house: Allowance) -> tuple[Quota, ...]:
    """The quotas of a user or client, and of the client through which a user asks; `house` is everyone's allowance."""
    if client is None:
        return quotas("user", subject, house)
    own = Allowance(client.requests_per_minute, client.cost_per_minute)
    if client.id == subject:
        return quotas("client", subject, own.or_else(house))
    return (*quotas("user", subject, house), *quotas("client", client.id, own))
