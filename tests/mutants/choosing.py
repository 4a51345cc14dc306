"""Which tests are asked of a change, and in what order: those that run its lines, the most telling a second first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from math import sqrt
from pathlib import Path

from tests.mutants.algebra import Change
from tests.mutants.jobs import Notes
from tests.mutants.verdicts import ALL

TESTS = ("tests/policies", "tests/oracle")
ROUNDS = (12, 150, ALL)
"""How many of the tests that run a change's lines are asked before all tests are."""
NEAR = 20
"""How much more it says of a test that it killed a change of the same function."""
OWN = 4
"""How much more it says that a test stands in the file of the module's name."""


def file_of(test: str) -> str:
    """The file that a test stands in."""
    return test.partition("::")[0]


@dataclass(frozen=True)
class Choice:
    """Chooses by what tests run, and by what they killed so far."""

    notes: Notes
    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By the changed function and the test; of all functions together, by no name and the test."""
    first: tuple[str, ...] = ()
    """Files whose tests are asked before all others."""

    def of(self, change: Change) -> list[str]:
        """The tests that run a line of a change, one of each function before the others; all, where none is seen to."""
        lines = {(change.path, line) for line in change.lines}
        found = [test for test, (_, run) in self.notes.items() if not lines.isdisjoint(map(tuple, run))]
        ranked = sorted(found or self.notes, key=lambda test: -self._worth(change, test))
        one = list({test.partition("[")[0]: test for test in reversed(ranked)}.values())[::-1]
        first = [test for file in self.first for test in ranked if file_of(test) == file]
        return list(dict.fromkeys(chain(first, one, ranked)))

    def killed(self, change: Change, by: str) -> None:
        """Learn what killed a change, if anything did."""
        self.kills["", by] += 1
        self.kills[change.owner, by] += 1

    def _worth(self, change: Change, test: str) -> float:
        seconds, run = self.notes[test]
        kills = 1 + self.kills["", test] + NEAR * self.kills[change.owner, test]
        own = OWN if file_of(test).endswith(f"/test_{Path(change.path).stem}.py") else 1
        return own * kills / (0.1 + seconds) / sqrt(1 + len(run))
