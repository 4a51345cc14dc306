"""A table of transitions, and a step in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from app.services.errors import InvalidState

Status = TypeVar("Status", bound=StrEnum)


@dataclass(frozen=True)
class Transitions(Generic[Status]):
    """Where the steps of a process lead, by the status in which they can be taken. A step not named cannot be taken."""

    begins: Status
    """The status of a new record."""
    table: Mapping[Status, Mapping[str, Status]]

    @property
    def steps(self) -> frozenset[str]:
        """The names of all steps."""
        return frozenset(name for steps in self.table.values() for name in steps)


def possible(machine: Transitions[Status], current: str) -> tuple[str, ...]:
    """The steps that can be taken in a status; none in one that the process does not know."""
    return tuple(_steps(machine, current))


def step(machine: Transitions[Status], name: str, current: str) -> Status:
    """The status after a step. Raises InvalidState where it cannot be taken.

    The mistake tells the current status: it is for callers who may read it.
    """
    assert name in machine.steps, name
    steps = _steps(machine, current)
    if name not in steps:
        raise InvalidState("not_possible_now", (), step=name, status=current, possible=tuple(steps))
    return steps[name]


def _steps(machine: Transitions[Status], current: str) -> Mapping[str, Status]:
    return next((steps for status, steps in machine.table.items() if status == current), {})
