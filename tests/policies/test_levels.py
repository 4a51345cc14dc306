"""Levels: what of a value is left where several parties must agree."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from policies.levels import PLAIN, at_most, met
from policies.masks import MASKS

LEVELS = [PLAIN, *MASKS]
EVERY = [*LEVELS, None]

MEETS = [
    (PLAIN, PLAIN, PLAIN),
    (PLAIN, "email", "email"),
    (PLAIN, None, None),
    ("email", "email", "email"),
    ("email", "domain", "domain"),
    ("email", "redact", "redact"),
    ("email", "phone", None),
    ("email", "last4", None),
    ("domain", "initial", None),
    ("month", "year", "year"),
    ("round2", "bucket", "bucket"),
    ("round2", "month", None),
    ("hash", "email", None),
    ("hash", "redact", "redact"),
    ("email", None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("one", "other", "expected"), MEETS)
def test_the_meet_is_the_most_that_either_shows(one: str | None, other: str | None, expected: str | None) -> None:
    assert met([one, other]) == met([other, one]) == expected


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_is_between_redacted_and_plain(level: str) -> None:
    assert at_most(level, PLAIN)
    assert at_most(level, level)
    assert at_most("redact", level)
    assert at_most(PLAIN, level) is (level == PLAIN)


def test_levels_are_partially_ordered() -> None:
    for a, b, c in product(LEVELS, repeat=3):
        assert not (at_most(a, b) and at_most(b, a)) or a == b
        assert not (at_most(a, b) and at_most(b, c)) or at_most(a, c)


def test_what_is_met_is_at_most_each_and_the_order_of_parties_does_not_matter() -> None:
    for levels in product(EVERY, repeat=3):
        found = {met(order) for order in permutations(levels)}
        assert len(found) == 1
        [lowest] = found
        assert lowest is None or all(level is not None and at_most(lowest, level) for level in levels)


def test_one_more_party_never_leaves_more() -> None:
    for levels in product(EVERY, repeat=3):
        fewer, more = met(levels[:2]), met(levels)
        assert more is None or (fewer is not None and at_most(more, fewer))


def test_of_no_party_all_is_plain() -> None:
    assert met([]) == PLAIN
