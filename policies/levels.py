"""Levels: how much of a value is shown. `plain`, or a mask's name; nothing (None) where it is withheld.

Levels are partially ordered: withheld < redact < other masks < plain, and m ≤ m′ where what m shows can be computed
from what m′ shows. Several parties' levels are met: each sees at most what every one of them may.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import TypeAlias

from policies.masks import MASKS, REDACT

PLAIN = "plain"

Level: TypeAlias = str
"""`plain` or the name of a mask."""


def at_most(level: Level, other: Level) -> bool:
    """Whether what the first shows can be computed from what the second shows."""
    return other == PLAIN or level in (other, REDACT) or (level != PLAIN and other in MASKS[level].below)


def meet(level: Level | None, other: Level | None) -> Level | None:
    """The most that can be computed from either; withheld where neither is at most the other."""
    if level is None or other is None:
        return None
    return level if at_most(level, other) else other if at_most(other, level) else None


def met(levels: Iterable[Level | None]) -> Level | None:
    """The meet of all; plain of none."""
    highest: Level | None = PLAIN
    return reduce(meet, levels, highest)
