"""Where everything that is drawn comes from: one seed and one fixed clock, so that each load makes the same bytes."""

from __future__ import annotations

import datetime as dt
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar
from uuid import UUID

from app.models.ids import pack

T = TypeVar("T")

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
"""The demo company's present."""
TODAY = NOW.date()
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


class Weighted(Generic[T]):
    """Things to draw, some oftener than others."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.things = tuple(weights)
        self.bounds = tuple(accumulate(weights.values()))


class Source:
    """Draws. Rests on `Random.random` alone, whose sequence Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self._draw = Random(seed).random  # noqa: S311  the same for everyone, on purpose
        self._keys = 0

    def pick(self, things: Sequence[T]) -> T:
        """One of them, each as often."""
        return things[int(self._draw() * len(things))]

    def weigh(self, weighted: Weighted[T]) -> T:
        """One of them, by weight."""
        return weighted.things[bisect(weighted.bounds, self._draw() * weighted.bounds[-1])]

    def chance(self, share: float) -> bool:
        """True so often."""
        return self._draw() < share

    def between(self, low: int, high: int) -> int:
        """A whole number, bounds included."""
        return low + int(self._draw() * (high - low + 1))

    def moment(self, after: dt.datetime, before: dt.datetime) -> dt.datetime:
        """A moment between two, to the second."""
        return after + dt.timedelta(seconds=int(self._draw() * (before - after).total_seconds()))

    def key(self, at: dt.datetime) -> UUID:
        """A new UUIDv7 of that time."""
        self._keys += 1
        return pack((at - _EPOCH) // _MILLISECOND, self._keys, int(self._draw() * 0x1_0000_0000))
