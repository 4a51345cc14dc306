"""Random writes: what permits say of the rows before and after, and views of their rows, is what the oracle says.

A case is one change by one principal of one resource's rows.
"""

from __future__ import annotations

from tests.oracle import running
from tests.oracle.answers import Database
from tests.oracle.comparing_writes import WriteComparison
from tests.oracle.drawn.cases import Writes, some_writes, writes
from tests.oracle.permitting import answered

POLICIES = 16


def test_writes_are_permitted_where_the_oracle_says(asked: Database) -> None:
    sizes: list[int] = []

    def compare(drawn: Writes) -> None:
        sizes.extend(WriteComparison(answered(asked, drawn)).check())

    for each in running.same(writes, POLICIES):
        compare(each)
    first = running.SEED
    while len(sizes) < running.CASES:
        running.draw(some_writes(), compare, first, count=8)
        first += 1
    assert sum(map(bool, sizes)) > running.CASES / 10, "there is little to compare"
