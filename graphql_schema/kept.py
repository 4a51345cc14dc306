"""What was used last, kept as far as it is not too many things, nor too large together."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(OrderedDict[K, V]):
    """So many things at most, of so much weight together; of more, those are dropped that were not used for longest.

    Whoever uses one moves it to the end.
    """

    def __init__(self, most: int, heaviest: int) -> None:
        super().__init__()
        self.most, self.heaviest, self.weight = most, heaviest, 0
        self._weights: dict[K, int] = {}

    def put(self, key: K, value: V, weight: int) -> None:
        """Keeps a thing; one alone whatever it weighs."""
        self.drop(key)
        self[key] = value
        self._weights[key] = weight
        self.weight += weight
        while len(self) > self.most or (self.weight > self.heaviest and len(self) > 1):
            self.drop(next(iter(self)))

    def drop(self, key: K) -> None:
        """Keeps a thing no longer."""
        if self.pop(key, None) is not None:
            self.weight -= self._weights.pop(key)
