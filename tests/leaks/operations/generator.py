"""Operations drawn one after another, led to what the earlier ones left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from graphql import GraphQLSchema

from tests.leaks.operations.coverage import Coverage
from tests.leaks.operations.drafts import Draft
from tests.leaks.operations.operation import Operation
from tests.leaks.operations.selections import Selections
from tests.leaks.operations.values import Values

OBJECTS = 5
"""How many objects and lists one operation asks for, about."""

NEARBY = 0.7
"""How many are led to what is named."""
AIMING = 0.4
"""How many are led to a part of the schema that was never asked for."""
FAULTY = 0.1
"""How many have arguments that are wrong."""


@dataclass
class Generator:
    """Draws operations; what they asked for is counted over all schemas and personas."""

    rng: Random
    coverage: Coverage
    used: Counter[str] = field(default_factory=Counter)
    near: frozenset[str] = frozenset()
    """Parts of the schema that most operations are led to, where any are named."""
    aiming: float = AIMING

    def draw(self, schema: GraphQLSchema, values: Values) -> Operation:
        """The next operation."""
        objects, faulty = self.rng.choice((2, OBJECTS, 2 * OBJECTS)), self.rng.random() < FAULTY
        draft = Draft(self.rng, self.used, self._aim(), values, objects, faulty)
        found = draft.operation(Selections(draft, schema).query())
        self.used.update(self.coverage.reached(found))
        return found

    def _aim(self) -> frozenset[str]:
        """What is named, mostly, or the way to something that was never asked for, now and then."""
        if self.near and self.rng.random() < NEARBY:
            return self.near
        left = sorted(self.coverage.ways.keys() - self.used.keys()) if self.rng.random() < self.aiming else []
        return self.coverage.ways[self.rng.choice(left)] if left else frozenset()
