"""How many cases are looked at, and from what they are drawn.

`C360_TEST_ORACLE_CASES` says how many views are compared at least, `C360_TEST_ORACLE_SEED` what Hypothesis draws from.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from app.settings import FOR_TESTS
from tests.oracle.drawn.choosing import Choose

CASES = int(os.environ.get(f"{FOR_TESTS}ORACLE_CASES", "5000"))
SEED = int(os.environ.get(f"{FOR_TESTS}ORACLE_SEED", random.randrange(2**32)))  # noqa: S311 - no secret
BATCH = 60
"""Policies drawn at a time: Hypothesis keeps in memory what it has drawn."""

T = TypeVar("T")


def same(make: Callable[[Choose], T], count: int) -> list[T]:
    """Things that are the same in every run."""
    return [make(Choose(random.Random(number).randrange)) for number in range(count)]  # noqa: S311


def draw(strategy: st.SearchStrategy[T], look: Callable[[T], None], first: int, count: int = BATCH) -> None:
    """Looks at things that Hypothesis draws; where one fails, it is made small, and its seed is told."""

    @seed(first)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def each(drawn: T) -> None:
        look(drawn)

    try:
        each()
    except AssertionError as error:
        error.add_note(f"{FOR_TESTS}ORACLE_SEED={first}")
        raise
