"""What was measured, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Run:
    """One run of load. Times are in microseconds."""

    requests: int
    bytes: int
    microseconds: int
    failed: int
    p50: int
    p99: int

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.microseconds * 1e6

    @property
    def bytes_each(self) -> float:
        """Bytes of an answer with its headers, on average."""
        return self.bytes / self.requests if self.requests else 0.0


def typical(runs: Sequence[Run], figure: Callable[[Run], float]) -> float:
    """The median of a figure."""
    return median(figure(run) for run in runs)


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as fast: the median of the rounds, with the least and the greatest."""

    median: float
    least: float
    greatest: float


def ratio(ours: Sequence[Run], theirs: Sequence[Run]) -> Ratio:
    """Requests per second of the one by those of the other, round by round.

    Runs of one round follow each other, so what else the machine was doing falls on both.
    """
    found = [mine.per_second / other.per_second for mine, other in zip(ours, theirs, strict=True)]
    return Ratio(median(found), min(found), max(found))
