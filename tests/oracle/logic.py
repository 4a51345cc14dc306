"""Three values: true, false, and None for unknown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Truth: TypeAlias = bool | None


def negation(value: Truth) -> Truth:
    """Unknown stays unknown."""
    return None if value is None else not value


def any_of(values: Iterable[Truth]) -> Truth:
    """True where one is; else unknown where one is; false of nothing."""
    found = set(values)
    return True if True in found else None if None in found else False


def all_of(values: Iterable[Truth]) -> Truth:
    """False where one is; else unknown where one is; true of nothing."""
    found = set(values)
    return False if False in found else None if None in found else True


def none_of(values: Iterable[Truth]) -> Truth:
    """Whether each is false."""
    return negation(any_of(values))
