"""Numbers: how they are written, that none comes twice, and that they tell nothing."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.base import Base
from app.services.numbering import SERIES, Series, number
from app.services.numbering.cipher import enciphered

KEY, OTHER = bytes(range(32)), bytes(32)
QUOTES = SERIES["quotes"]


@pytest.mark.parametrize(
    ("table", "drawn", "expected"),
    [
        ("quotes", 1, "Q-2026-85782400"),
        ("quotes", 2, "Q-2026-04046597"),
        ("contracts", 1, "C-2026-71544042"),
        ("orders", 1, "SO-2026-06161971"),
        ("tickets", 1, "T-2026-02334970"),
        ("tickets", 123_456_789, "T-2026-562189118"),
    ],
)
def test_a_number_stays_what_it_is(table: str, drawn: int, expected: str) -> None:
    """A number once given is never given again: the cipher may not change."""
    assert number(SERIES[table], 2026, drawn, KEY) == expected


def test_all_tables_with_numbers_have_a_series_of_their_own() -> None:
    numbered = {table.name for table in Base.metadata.tables.values() if "number" in table.c and table.c.number.index}
    assert numbered == set(SERIES)
    assert (
        len({each.prefix for each in SERIES.values()})
        == len({each.sequence for each in SERIES.values()})
        == len(SERIES)
    )


@given(
    series=st.sampled_from(list(SERIES.values())),
    year=st.integers(1, 9999),
    drawn=st.integers(0, 2**63 - 1),
    key=st.binary(min_size=16, max_size=64),
)
def test_a_number_is_prefix_year_and_at_least_eight_digits(series: Series, year: int, drawn: int, key: bytes) -> None:
    found = number(series, year, drawn, key)
    assert re.fullmatch(rf"{series.prefix}-\d{{4}}-\d{{{max(8, len(str(drawn)))}}}", found)
    assert len(found) <= 64


@pytest.mark.parametrize("digits", [2, 3, 4])
def test_no_number_comes_twice(digits: int) -> None:
    every = range(10**digits)
    assert sorted(enciphered(value, digits, KEY, "Q") for value in every) == list(every)


@given(values=st.lists(st.integers(0, 10**12), min_size=2, max_size=20, unique=True))
def test_what_is_drawn_differently_is_numbered_differently_in_whatever_year(values: list[int]) -> None:
    assert len({number(QUOTES, 2026, value, KEY).rpartition("-")[2] for value in values}) == len(values)


def test_numbers_tell_nothing_of_their_order() -> None:
    found = [enciphered(value, 8, KEY, "Q") for value in range(2_000)]
    rising = sum(one < other for one, other in pairwise(found))
    steps = {other - one for one, other in pairwise(found)}
    assert 900 < rising < 1_100
    assert len(steps) > 1_990
    assert all(150 < sum(value // 10**7 == digit for value in found) < 250 for digit in range(10))


def test_keys_and_series_number_differently() -> None:
    found = [
        [enciphered(value, 8, key, name) for value in range(100)]
        for key, name in ((KEY, "Q"), (OTHER, "Q"), (KEY, "T"))
    ]
    assert all(
        len({found[a][place] == found[b][place] for place in range(100)}) == 1 for a, b in ((0, 1), (0, 2), (1, 2))
    )
    assert len({tuple(each) for each in found}) == 3
