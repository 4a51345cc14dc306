"""Several people in one statement: each a party of one principal, so that the operands of all can stand side by side.

    parties     who asks, and what bounds who asks | the first person | the second | …

Unmasks are the first party's alone, so those of the people are not in force in such a statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from policies.catalogue import Resource
from policies.document import Action
from policies.grants import Grants, grants
from policies.principal import Holding, Party, Principal
from policies.rules import Policy
from policies.view import View


@dataclass(frozen=True)
class Crowd:
    """Who asks, and the people asked of. None of these is bounded by anything."""

    asker: Principal
    people: tuple[Principal, ...]

    @cached_property
    def principal(self) -> Principal:
        """All of them as one."""
        parties = (Party(each.id, each.assignments, each.reports) for each in self.people)
        return replace(self.asker, ceilings=(*self.asker.ceilings, *parties))

    @property
    def _first(self) -> int:
        return len(self.asker.shape)

    def holding(self, person: int) -> Holding:
        """What a person holds, in the order of the operands."""
        return self.principal.shape[self._first + person]

    def grants(self, policy: Policy, person: int, on: Resource) -> Grants:
        """What a policy gives a person to read."""
        return grants(policy, self.principal.shape, self._first + person, on, Action.READ)

    def before(self, person: int) -> int:
        """How many assignments stand before a person's."""
        return sum(map(len, self.principal.shape[: self._first + person]))

    def seen(self, policy: Policy, on: Resource) -> View:
        """The asker's own view."""
        return View(policy, on, tuple(self._asker(policy, on)))

    def _asker(self, policy: Policy, on: Resource) -> Iterator[Grants]:
        for party in range(self._first):
            yield grants(policy, self.principal.shape, party, on, Action.READ)


def chunks(people: Sequence[Principal], size: int) -> Iterator[tuple[Principal, ...]]:
    """A few people at a time."""
    for start in range(0, len(people), size):
        yield tuple(people[start : start + size])
