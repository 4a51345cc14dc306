"""Values found in another file: learnt from its records before the rows are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.services.importing.reading import Cells


@dataclass(slots=True)
class Lookup:
    """Key → the value of the first record with that key, by some order (empty last), then by place in the file.

    One value for each key is held in memory.
    """

    file: str
    keys: Sequence[Callable[[Cells], Any]]
    take: Callable[[Cells], Any]
    order: Sequence[Callable[[Cells], Any]]
    table: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    _ranks: dict[tuple[Any, ...], tuple[Any, ...]] = field(default_factory=dict)

    def learn(self, cells: Cells) -> None:
        """Take a record into account. Raises Refusal where a value cannot be made of it."""
        key = tuple([get(cells) for get in self.keys])
        if None in key:
            return
        rank = tuple([(found is None, found) for found in (get(cells) for get in self.order)])
        if key in self.table and not (self.order and _before(rank, self._ranks[key])):
            return
        self.table[key] = self.take(cells)
        self._ranks[key] = rank


def _before(rank: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    for mine, theirs in zip(rank, other, strict=True):
        if mine == theirs:
            continue
        return bool(mine[0] < theirs[0] or (mine[0] == theirs[0] and mine[1] < theirs[1]))
    return False
