"""What is wrong with a policy, all of it at once.

PolicyError
    one or more Faults, each with file and line, sorted by place
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """One thing wrong, and where."""

    file: str
    line: int
    message: str
    column: int = field(default=1, compare=False)
    """Characters into the line, from 1."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class PolicyError(Exception):
    """A policy that cannot be loaded; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))
