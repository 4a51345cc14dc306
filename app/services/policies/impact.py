"""What a draft of the policy would change: for each group of people who hold the same roles, of each type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.identity.principals import Read
from app.models.catalogue import CATALOGUE
from policies.catalogue import Resource
from policies.crowd import Crowd, chunks
from policies.principal import Principal
from policies.rules import Policy
from policies.weighing import Turned, Weighing, Weight, touched

TOGETHER = 10
"""People of one statement: PostgreSQL gives at most 1,664 columns."""


@dataclass
class Changed:
    """What would change of one type for all people of a group together; not countable: for one who asks as this one does."""

    on: str
    countable: bool = True
    gained: int = 0
    lost: int = 0
    fields: dict[str, Turned] = field(default_factory=dict)

    def add(self, weight: Weight) -> None:
        """Adds what would change for one of the people."""
        self.gained += weight.gained
        self.lost += weight.lost
        for turned in weight.fields:
            self.fields[turned.field] = turned + self.fields.get(turned.field, Turned(turned.field, 0, 0, 0))


@dataclass(frozen=True)
class Group:
    """People who hold the same roles: how many there are, those looked at, and what would change for these."""

    roles: tuple[str, ...]
    users: int
    people: tuple[Principal, ...]
    types: dict[str, Changed] = field(default_factory=dict)
    of: dict[UUID, dict[str, Changed]] = field(default_factory=dict)
    """The same for each of these people."""


@dataclass(frozen=True)
class Impact:
    """Two policies, and who asks what the one would change of the other."""

    active: Policy
    draft: Policy
    asker: Principal

    async def weigh(self, read: Read, groups: Sequence[Group]) -> None:
        """Adds to groups what would change for them: one statement for each type and few people."""
        of = {person.id: group for group in groups for person in group.people}
        people = [person for group in groups for person in group.people]
        for on in CATALOGUE:
            those = [person for person in people if touched(self.active, self.draft, on, person)]
            for some in chunks(those, TOGETHER):
                crowd = Crowd(self.asker, some)
                weighing = Weighing(self.active, self.draft, on, crowd)
                for person, weight in await _weights(read, weighing):
                    _add(of[crowd.people[person].id], crowd.people[person].id, on, weight)


async def _weights(read: Read, weighing: Weighing) -> list[tuple[int, Weight | None]]:
    """What would change, by person; None for whom it cannot be counted."""
    if not weighing.changed:
        return []
    if not weighing.countable:
        return [(person, None) for person in weighing.changed]
    asked = weighing.statement()
    row = await read(asked.sql, *asked.values(weighing.crowd.principal.values))
    return [(weight.person, weight) for weight in weighing.read(row)]


def _add(group: Group, person: UUID, on: Resource, weight: Weight | None) -> None:
    for types in (group.types, group.of.setdefault(person, {})):
        changed = types.setdefault(on.name, Changed(on.name))
        if weight is None:
            changed.countable = False
        else:
            changed.add(weight)


def grouped(people: Iterable[Principal], most: int) -> Iterator[Group]:
    """People by the roles that they hold, at most so many of each looked at."""
    found: dict[tuple[str, ...], list[Principal]] = {}
    for person in people:
        found.setdefault(tuple(sorted({held.role for held in person.assignments})), []).append(person)
    for roles, held in sorted(found.items()):
        yield Group(roles, len(held), tuple(held[:most]))
