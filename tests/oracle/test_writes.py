"""Random writes: what permits say of the rows before and after, and views of their rows, is what the oracle says.

A case is one change by one principal of one resource's rows.
"""

from __future__ import annotations

import pytest

from tests.oracle import running
from tests.oracle.answers import Database
from tests.oracle.broken import WRITES
from tests.oracle.comparing_writes import WriteComparison
from tests.oracle.drawn.cases import Writes, some_writes, writes
from tests.oracle.permitting import Answered, answered

POLICIES, BATCH = 24, 6


@pytest.fixture(scope="module")
def same(asked: Database) -> list[Answered]:
    """Answers that are the same in every run."""
    return [answered(asked, each) for each in running.same(writes, POLICIES)]


def test_writes_are_permitted_where_the_oracle_says(asked: Database, same: list[Answered]) -> None:
    sizes = [size for each in same for size in WriteComparison(each).check()]

    def compare(drawn: Writes) -> None:
        sizes.extend(WriteComparison(answered(asked, drawn)).check())

    first = running.SEED
    while len(sizes) < running.CASES:
        running.draw(some_writes(), compare, first, BATCH)
        first += 1
    assert sum(map(bool, sizes)) > running.CASES / 20, "there is little to compare"


@pytest.mark.parametrize("wrong", WRITES)
def test_an_oracle_with_a_word_wrong_is_found_out(
    same: list[Answered], wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*WRITES[wrong])
    assert not all(WriteComparison(each).agrees for each in same)
