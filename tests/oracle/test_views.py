"""Thousands of random cases in which the views that the engine makes are what the oracle says.

A case is one principal's view of one resource under one policy, compared cell by cell. `C360_TEST_ORACLE_CASES`
says how many there are at least, `C360_TEST_ORACLE_SEED` what they are drawn from; a failure is shrunk and names its seed.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from app.settings import FOR_TESTS
from tests.conftest import TestServer
from tests.oracle import masked
from tests.oracle.answers import Answers, Database, database
from tests.oracle.broken import BROKEN
from tests.oracle.comparing import Comparison
from tests.oracle.drawn.cases import Case, case, cases
from tests.oracle.drawn.choosing import Choose

CASES = int(os.environ.get(f"{FOR_TESTS}ORACLE_CASES", "5000"))
SEED = int(os.environ.get(f"{FOR_TESTS}ORACLE_SEED", random.randrange(2**32)))  # noqa: S311
SAME, BATCH = 160, 120
MASKED = masked.TWO + masked.MET + masked.MET_TWICE
"""Policies drawn at a time: Hypothesis keeps in memory what it has drawn."""


@pytest.fixture(scope="module")
def asked(server: TestServer) -> Iterator[Database]:
    """A database of its own for the models."""
    with server.database("template0") as bare, database(bare.dsn) as found:
        yield found


@pytest.fixture(scope="module")
def same(asked: Database) -> list[Answers]:
    """The answers of cases that are the same in every run."""
    drawn = [case(Choose(random.Random(number).randrange)) for number in range(SAME)]  # noqa: S311
    return [asked.answers(each) for each in (*drawn, masked.case([masked.FULL], MASKED))]


def draw(first: int, look: Callable[[Case], None]) -> None:
    """Look at a batch of cases that Hypothesis draws."""

    @seed(first)
    @settings(
        max_examples=BATCH,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases())
    def each(drawn: Case) -> None:
        look(drawn)

    try:
        each()
    except AssertionError as error:
        error.add_note(f"{FOR_TESTS}ORACLE_SEED={first}")
        raise


def test_views_are_what_the_oracle_says(asked: Database, same: list[Answers]) -> None:
    compared = [Comparison(answers).check() for answers in same]
    first = SEED
    while sum(len(sizes) for sizes in compared) < CASES:
        draw(first, lambda drawn: compared.append(Comparison(asked.answers(drawn)).check()))
        first += 1
    sizes = [size for each in compared for size in each]
    assert len(sizes) >= CASES
    assert sum(map(bool, sizes)) > CASES / 4, "there is little to compare"


@pytest.mark.parametrize("wrong", BROKEN)
def test_an_oracle_with_a_word_wrong_is_found_out(
    same: list[Answers], wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*BROKEN[wrong])
    assert not all(Comparison(answers).agrees for answers in same)
