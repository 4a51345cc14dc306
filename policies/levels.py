"""Levels: how much of a value is shown. `plain`, or a mask's name; nothing (None) where it is withheld.

Levels are partially ordered: withheld < redact < other masks < plain, and m ≤ m′ where what m shows can be computed
from what m′ shows. Several parties' levels are met: what is left is at most what each of them gives, and one more
party never leaves more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from policies.masks import MASKS, REDACT

PLAIN = "plain"

Level: TypeAlias = str
"""`plain` or the name of a mask."""


def at_most(level: Level, other: Level) -> bool:
    """Whether what the first shows can be computed from what the second shows."""
    return other == PLAIN or level in (other, REDACT) or (level != PLAIN and other in MASKS[level].below)


def met(levels: Iterable[Level | None]) -> Level | None:
    """The lowest of levels each two of which are ordered; withheld where two are not, or one is. Plain of none."""
    found = set(levels)
    ordered = all(
        one is not None and other is not None and (at_most(one, other) or at_most(other, one))
        for one in found
        for other in found
    )
    lowest = (
        one for one in found if one is not None and all(other is not None and at_most(one, other) for other in found)
    )
    return next(lowest, PLAIN) if ordered else None
