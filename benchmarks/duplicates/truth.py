"""A set of customers of which it is known who is one, and how well a search told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from uuid import UUID

from app.services.duplicates import Details
from benchmarks.duplicates.making import customers, key
from benchmarks.duplicates.spoiling import again

DUPLICATES = 0.1
"""Rows of customers that have a row already, among all."""

Known = frozenset[UUID]
"""The ids of two rows of one customer."""


@dataclass(frozen=True)
class Truth:
    """Rows in no order that tells anything, and the pairs that are one customer."""

    rows: Sequence[Details]
    pairs: frozenset[Known]


def truth(seed: int, rows: int) -> Truth:
    """So many rows, always the same for a seed."""
    chance = Random(seed)  # noqa: S311 made-up customers
    twice = int(rows * DUPLICATES)
    firsts = list(customers(chance, rows - twice))
    of: dict[UUID, list[Details]] = {}
    for number in range(rows - twice, rows):
        first = chance.choice(firsts)
        assert first.id is not None
        of.setdefault(first.id, [first]).append(replace(again(chance, first), id=key(number)))
    found = firsts + [each for group in of.values() for each in group[1:]]
    chance.shuffle(found)
    return Truth(found, frozenset(pair for group in of.values() for pair in _pairs(group)))


def _pairs(group: Sequence[Details]) -> Iterator[Known]:
    for i, one in enumerate(group):
        for other in group[:i]:
            assert one.id is not None and other.id is not None
            yield frozenset((one.id, other.id))


@dataclass(frozen=True, slots=True)
class Quality:
    """How well pairs were told."""

    found: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        """Of the pairs that were found, the share that is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that there are, the share that was found."""
        return self.right / self.true if self.true else 1.0


def judged(found: Iterable[Known], truth: Truth) -> Quality:
    """What was found, against the truth."""
    told = frozenset(found)
    return Quality(len(told), len(told & truth.pairs), len(truth.pairs))
