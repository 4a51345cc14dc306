"""What is searched for: words of what the databases hold, seen or hidden, and what the rules of searching are tried by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql_schema.entities import Entity
from graphql_schema.types import GRAPH
from policies.catalogue import Field
from tests.leaks.operations.drafts import Draft
from tests.leaks.operations.values import Pool

WRONG: Sequence[Any] = ("", "a", "\0", None, "x" * 201, "ab " * 11, "%_", 7)
ODD: Sequence[str] = ("example.com", "+49", "•••", "a•••@example.com", "zz' | !x:*", "ZZZ", "2026", "\u202eab")
TELLING = 0.8
"""How often what only one of the databases holds is searched for, where there is such a value."""
SEARCHED = [entity for entity in GRAPH if entity.resource.searched]


@dataclass(frozen=True)
class Words:
    """Draws what is searched for among the rows of an entity, or of all."""

    draft: Draft
    entity: Entity | None

    def draw(self) -> Any:
        """A query: mostly one or two words of one row's values, or of any."""
        rng = self.draft.rng
        if self.draft.faulty and self.draft.chance(0.4):
            return rng.choice(WRONG)
        found = " ".join(self._word() for _ in range(rng.choice((1, 1, 1, 1, 1, 1, 2, 3))))
        return found[:200] if len(found) > 1 else rng.choice(ODD)

    def _word(self) -> str:
        value = self._value()
        if not value:
            return self.draft.rng.choice(ODD)
        part = self.draft.rng.choice((value, *value.split()))
        return self.draft.rng.choice((part, part, part, self._beginning(part), part[-5:], part.upper()))

    def _beginning(self, word: str) -> str:
        return word[: self.draft.rng.choice((3, 4, 6))]

    def _value(self) -> str:
        """A value of a searched field; rather of one that is read in part."""
        entity = self.entity if self.entity is not None and self.entity.resource.searched else None
        entity = entity or self.draft.rng.choice(SEARCHED)
        field = self.draft.rng.choice(self._fields(entity))
        pool = self.draft.values.pools.get((entity.name, field.name), Pool())
        telling = pool.telling if pool.telling and self.draft.chance(TELLING) else pool.every
        return str(self.draft.rng.choice(telling)) if telling else ""

    def _fields(self, entity: Entity) -> Sequence[Field]:
        delicate = self.draft.values.delicate[entity.name]
        telling = [field for field in entity.resource.searched if field.name in delicate]
        return telling if telling and self.draft.chance(0.5) else entity.resource.searched
