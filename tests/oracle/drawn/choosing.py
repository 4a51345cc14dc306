"""Choices, of which everything random is made.

What stands first among some options is the simplest: a failure shrinks towards it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@cache
def below(count: int) -> st.SearchStrategy[int]:
    """The positions of some options."""
    return st.integers(0, count - 1)


@dataclass(frozen=True, slots=True)
class Choose:
    """Chooses among options by asking for a position below their number."""

    position: Callable[[int], int]
    whole: Callable[[Callable[[], Any]], Any] = lambda make: make()
    """Makes a thing of choices that are left out together where a failure does not need the thing."""

    def one(self, options: Sequence[T]) -> T:
        """One of some options."""
        return options[self.position(len(options))]

    def rarely(self, of: int) -> bool:
        """Once in so many times."""
        return self.position(of) == of - 1

    def many(self, make: Callable[[], T], least: int, most: int) -> list[T]:
        """So many things, each made anew."""
        found = [make() for _ in range(least)]
        while len(found) < most and (more := self.whole(lambda: [make()] if self.position(4) else [])):
            found += more
        return found

    def several(self, options: Sequence[T], most: int = 3) -> list[T]:
        """One or more of some options, each once."""
        return list(dict.fromkeys(self.one(options) for _ in range(1 + self.position(most))))


def choosing(draw: st.DrawFn) -> Choose:
    """Choices that Hypothesis makes."""
    return Choose(lambda count: draw(below(count)) if count > 1 else 0, lambda make: draw(st.builds(make)))
