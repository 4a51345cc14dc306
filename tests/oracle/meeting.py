"""The meet of what several parties are granted: rows by all of them; of a field, withheld < masks < plain."""

from __future__ import annotations

from collections.abc import Iterable

from tests.oracle.algebra import PLAIN, WITHHELD, Verdict
from tests.oracle.masks import computable


def granted(verdicts: Iterable[Verdict]) -> bool:
    """Whether a row is, by all of them."""
    return all(verdict.granted for verdict in verdicts)


def meet(shown: Iterable[str]) -> str:
    """What all of them are shown: the mask that can be computed from each other's, or nothing."""
    found = set(shown)
    if WITHHELD in found:
        return WITHHELD
    masks = found - {PLAIN}
    if not masks:
        return PLAIN
    if not all(computable(one, other) or computable(other, one) for one in masks for other in masks):
        return WITHHELD
    return next(mask for mask in masks if all(computable(mask, other) for other in masks))
