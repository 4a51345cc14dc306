"""Which tests are asked of a change, and in what order: those that run its lines, the most telling a second first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.mutants.algebra import Change
from tests.mutants.jobs import Notes

TESTS = ("tests/policies", "tests/oracle")


def file_of(test: str) -> str:
    """The file that a test stands in."""
    return test.partition("::")[0]


@dataclass(frozen=True)
class Choice:
    """Chooses by what tests run, and by what they killed so far."""

    notes: Notes
    kills: Counter[str] = field(default_factory=Counter)

    def of(self, change: Change) -> list[str]:
        """The tests that run a line of a change, file by file; all, where none is seen to."""
        lines = {(change.path, line) for line in change.lines}
        found = [test for test, (_, run) in self.notes.items() if not lines.isdisjoint(map(tuple, run))]
        return self._ordered(found or list(self.notes))

    def _ordered(self, tests: Sequence[str]) -> list[str]:
        files: dict[str, list[str]] = defaultdict(list)
        for test in tests:
            files[file_of(test)].append(test)
        ranked = sorted(files, key=lambda name: -self._worth(files[name]))
        return [test for name in ranked for test in sorted(files[name], key=lambda test: -self._worth([test]))]

    def _worth(self, tests: Sequence[str]) -> float:
        kills, seconds = sum(self.kills[test] for test in tests), sum(self.notes[test][0] for test in tests)
        return (1 + kills) / (0.1 + seconds)
