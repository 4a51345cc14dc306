"""Which rights an answer may show, by what the database said before the question and after the answer.

Rights change at marks: when a transaction was committed, or a time has come. A mark that had passed before the
question must show; one that had not after the answer must not; in between either is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Look:
    """What the database said at a moment: its snapshot, and its clock in seconds."""

    snapshot: str
    seconds: float

    def sees(self, transaction: int) -> bool:
        """Whether a committed transaction is in the snapshot (`xmin:xmax:those under way`)."""
        _, end, running = self.snapshot.split(":")
        return transaction < int(end) and str(transaction) not in running.split(",")


class Mark(Protocol):
    """When rights change."""

    def passed(self, look: Look) -> bool:
        """Whether they had changed at a moment."""


@dataclass(frozen=True, slots=True)
class Committed:
    """They change with a transaction."""

    transaction: int

    def passed(self, look: Look) -> bool:
        """Whether it had been committed."""
        return look.sees(self.transaction)


@dataclass(frozen=True, slots=True)
class Reached:
    """They change by themselves, at a time."""

    seconds: float

    def passed(self, look: Look) -> bool:
        """Whether it had come."""
        return look.seconds >= self.seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """What was told of which question, and what the database said around it."""

    number: int
    told: str
    before: Look
    after: Look


Told = Mapping[int, Sequence[str]]
"""By question, what is to be told before the first mark, after it, after the second …"""


def phases(answer: Answer, marks: Sequence[Mark]) -> range:
    """How many marks had passed when the answer was made, as far as one can tell."""
    least, most = (sum(mark.passed(look) for mark in marks) for look in (answer.before, answer.after))
    return range(least, most + 1)


def is_right(answer: Answer, marks: Sequence[Mark], told: Told) -> bool:
    """Whether it tells what was to be told at one of the moments at which it may have been made."""
    return any(answer.told == told[answer.number][phase] for phase in phases(answer, marks))


@dataclass(frozen=True)
class Enough:
    """Tells when each question was answered so often with no mark passing but those that had.

    Where it is known what is to be told, an answer that is wrong is enough, too.
    """

    questions: int
    times: int
    marks: Sequence[Mark]
    told: Told | None = None
    _answered: Counter[int] = field(default_factory=Counter)

    def __call__(self, answer: Answer) -> bool:
        """Counts an answer; whether it is the last that was wanted."""
        if self.told is not None and not is_right(answer, self.marks, self.told):
            return True
        phase = len(self.marks)
        if phases(answer, self.marks) == range(phase, phase + 1):
            self._answered[answer.number] += 1
        return all(self._answered[number] >= self.times for number in range(self.questions))
