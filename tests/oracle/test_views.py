"""Thousands of random cases in which the views that the engine makes are what the oracle says.

A case is one principal's view of one resource under one policy, compared cell by cell.
"""

from __future__ import annotations

import pytest

from tests.oracle import masked, running, seldom
from tests.oracle.answers import Answers, Database
from tests.oracle.broken import BROKEN
from tests.oracle.comparing import Comparison
from tests.oracle.drawn.cases import Case, case, cases

POLICIES = 150
"""Those that are the same in every run; the others are new in each."""


@pytest.fixture(scope="module")
def same(asked: Database) -> list[Answers]:
    """Answers that are the same in every run."""
    masks = masked.case([masked.FULL], masked.TWO + masked.MET + masked.MET_TWICE)
    return [asked.answers(each) for each in (seldom.case(), *running.same(case, POLICIES), masks)]


def test_views_are_what_the_oracle_says(asked: Database, same: list[Answers]) -> None:
    sizes = [size for answers in same for size in Comparison(answers).check()]

    def compare(drawn: Case) -> None:
        sizes.extend(Comparison(asked.answers(drawn)).check())

    first = running.SEED
    while len(sizes) < running.CASES:
        running.draw(cases(), compare, first)
        first += 1
    assert sum(map(bool, sizes)) > running.CASES / 4, "there is little to compare"


@pytest.mark.parametrize("wrong", BROKEN)
def test_an_oracle_with_a_word_wrong_is_found_out(
    same: list[Answers], wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*BROKEN[wrong])
    assert not all(Comparison(answers).agrees for answers in same)
