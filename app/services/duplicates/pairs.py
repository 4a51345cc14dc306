"""Pairs worth comparing, of a stream of customers, each pair once.

Under each key customers stand in an order in which duplicates come to stand close together (by name, then by what else
is known). A new one is compared with its nearest neighbours under each of its keys, so that a key which thousands
share costs no more than one which twenty do: blocking (Fellegi and Sunter 1969) with a window within each block
(Hernández and Stolfo, "The Merge/Purge Problem", SIGMOD 1995). With k keys, n customers cost at most 2 k WINDOW n comparisons.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from app.services.duplicates.blocking import keys
from app.services.duplicates.profiles import Profile

WINDOW = 5
"""Neighbours on either side with whom a customer is compared under one key."""
LARGEST = 5_000
"""Customers under one key beyond whom no more are remembered: what so many share tells nothing."""

Pair: TypeAlias = tuple[Profile, Profile]
"""Two customers, the one that came first before the other."""
Placed: TypeAlias = tuple[str, int]
"""Where a customer stands under its keys, and its number in the stream."""


def candidates(customers: Iterable[Profile]) -> Iterator[Pair]:
    """The pairs that share a key and stand near each other under it."""
    blocks = Blocks()
    for newcomer in customers:
        for known in blocks.neighbours_after_adding(newcomer):
            yield known, newcomer


@dataclass(slots=True)
class Blocks:
    """Who has come so far, under each key."""

    known: list[Profile] = field(default_factory=list)
    under: dict[str, Placed | list[Placed]] = field(default_factory=dict)
    """A key that one customer alone has needs no list."""

    def neighbours_after_adding(self, newcomer: Profile) -> list[Profile]:
        """Those with whom a newcomer is to be compared, in the order in which they came."""
        placed = (_place(newcomer), len(self.known))
        found: set[int] = set()
        for key in keys(newcomer):
            block = self.under.setdefault(key, placed)
            if isinstance(block, tuple):
                if block is placed:
                    continue
                block = self.under[key] = [block]
            at = bisect(block, placed)
            found.update(number for _, number in block[max(0, at - WINDOW) : at + WINDOW])
            if len(block) < LARGEST:
                block.insert(at, placed)
        self.known.append(newcomer)
        return [self.known[number] for number in sorted(found)]


def _place(profile: Profile) -> str:
    name = " ".join(profile.names[0]) if profile.names else ""
    spots = profile.spots[0][:2] if profile.spots else ()
    return "|".join((name, str(profile.birth_date or ""), *spots, *profile.phones[:1]))
