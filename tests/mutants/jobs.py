"""What is asked of a warm process, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Notes: TypeAlias = Mapping[str, tuple[float, Sequence[tuple[str, int]]]]
"""By test, the seconds that it takes and the lines that it runs, each as path and number."""


@dataclass(frozen=True)
class Job:
    """Some tests, with modules planted in the place of those in the tree."""

    planted: Mapping[str, str]
    """By module, its source."""
    paths: Sequence[str]
    """What pytest is asked to collect."""
    order: Sequence[str]
    """Tests in the order in which they are to run."""
    alone: bool
    """Whether to run no others."""
    limit: float
    """Seconds after which the child is ended."""
    folder: str
    """For what the child writes."""
    environment: Mapping[str, str]
    traced: Sequence[str] = ()
    """Files whose lines are noted."""


@dataclass(frozen=True)
class Report:
    """What came of a job."""

    end: str
    """DONE, HUNG where it took too long, DIED where the process ended before its time."""
    code: int = -1
    """Of pytest."""
    by: str = ""
    """The test that failed first."""
    message: str = ""
    seconds: float = 0
    active: bool = False
    """Whether what was planted is what was imported."""
    notes: Notes = field(default_factory=dict)


DONE, HUNG, DIED = "done", "hung", "died"
