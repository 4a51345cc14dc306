"""A run: operations of all personas in turn, each asked of a database and its twin."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tests.leaks.cases import Case, Outcome, Shown, show
from tests.leaks.operations.generator import Generator
from tests.leaks.pairs import Pair

ASKED_BEFORE, GENEROUS_BEFORE = 0.15, 0.01
"""How often somebody else asks the same first, and how often the user does under a policy that hides nothing."""
FULL = 0.08
"""How often an operation is drawn from the whole schema, whatever the persona is told of it."""


@dataclass(frozen=True)
class Finding:
    """A case that should not be."""

    pair: Pair
    case: Case
    shown: Shown
    number: int
    """Which operation of the run it was, from 1."""


@dataclass
class Run:
    """Asks until something is found."""

    pairs: Sequence[Pair]
    generator: Generator
    rng: Random
    outcomes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    """How many answers had an error of each code; "" where there was none."""
    seconds: float = 0.0

    @property
    def asked(self) -> int:
        """How many operations were asked."""
        return sum(self.outcomes.values())

    async def ask(self, number: int) -> Finding | None:
        """The first of some operations by which databases are told apart, or at which something breaks."""
        started = time.perf_counter()
        try:
            for i in range(number):
                pair = self.pairs[i % len(self.pairs)]
                case = await self._case(pair)
                shown = await show(pair.sides, case)
                self.outcomes[shown.outcome] += 1
                self.codes.update(set(shown.one.codes) or {""})
                if case.generous:
                    await self._greet()
                if shown.outcome in (Outcome.TOLD_APART, Outcome.BROKEN):
                    return Finding(pair, case, shown, self.asked)
            return None
        finally:
            self.seconds += time.perf_counter() - started

    async def _greet(self) -> None:
        """Has everybody's rights read again, which an activated policy made stale, so that no answer pays for it."""
        for pair in self.pairs:
            await pair.greet()

    async def _case(self, pair: Pair) -> Case:
        schema = self.generator.coverage.schema if self.rng.random() < FULL else pair.schema
        operation = await pair.cursors.fulfil(self.generator.draw(schema, pair.values))
        before = (pair.cursors.admin,) if self.rng.random() < ASKED_BEFORE else ()
        return Case(pair.user, operation, before, self.rng.random() < GENEROUS_BEFORE)
