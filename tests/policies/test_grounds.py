"""Laws of grounds: making them shorter never changes what they open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from policies.conditions import Compare, Condition, Constant, Operator
from policies.grounds import Ground, absorb, covers, given
from tests.oracle.logic import Truth, all_of, any_of

A, B, C, D = CONDITIONS = [Compare(name, Operator.EQ, Constant(value=True)) for name in "abcd"]

ground = st.frozensets(st.sampled_from(CONDITIONS), max_size=3)
alternatives = st.lists(ground, max_size=4).map(tuple)


def assignments() -> Iterator[dict[Condition, Truth]]:
    """Every way in which the four conditions can be true, false or unknown."""
    return (dict(zip(CONDITIONS, truths, strict=True)) for truths in product((True, False, None), repeat=4))


def holds(grounds: Iterable[Ground], truths: dict[Condition, Truth]) -> Truth:
    return any_of(all_of(truths[condition] for condition in ground) for ground in grounds)


@examples(alternatives)
def test_absorbing_changes_no_truth(grounds: tuple[Ground, ...]) -> None:
    found = absorb(grounds)
    assert all(holds(found, truths) == holds(grounds, truths) for truths in assignments())
    assert not any(one < other for one in found for other in found)
    assert len(set(found)) == len(found)
    assert set(found) <= set(grounds)


@examples(alternatives, alternatives)
def test_what_the_rows_meet_already_can_be_left_out(grounds: tuple[Ground, ...], rows: tuple[Ground, ...]) -> None:
    found = given(grounds, rows)
    for truths in assignments():
        if holds(rows, truths) is True:
            assert (holds(found, truths) is True) == (holds(grounds, truths) is True)


@examples(alternatives, alternatives)
def test_grounds_that_cover_rows_hold_on_each_of_them(grounds: tuple[Ground, ...], rows: tuple[Ground, ...]) -> None:
    if covers(grounds, rows):
        assert all(holds(grounds, truths) is True for truths in assignments() if holds(rows, truths) is True)


@examples(alternatives)
def test_grounds_cover_themselves_and_no_rows(grounds: tuple[Ground, ...]) -> None:
    assert covers(grounds, grounds)
    assert covers(grounds, ())
    assert covers((*grounds, frozenset()), grounds)


AB, ABC, AC, ALWAYS = frozenset({A, B}), frozenset({A, B, C}), frozenset({A, C}), frozenset[Condition]()
ONLY_A, ONLY_B, ONLY_C = frozenset({A}), frozenset({B}), frozenset({C})


@pytest.mark.parametrize(
    ("grounds", "absorbed"),
    [
        ((), ()),
        ((AB, ONLY_A), (ONLY_A,)),
        ((ONLY_A, AB), (ONLY_A,)),
        ((AB, AB), (AB,)),
        ((AB, AC), (AB, AC)),
        ((AB, ALWAYS), (ALWAYS,)),
    ],
)
def test_a_narrower_ground_is_absorbed(grounds: tuple[Ground, ...], absorbed: tuple[Ground, ...]) -> None:
    assert absorb(grounds) == absorbed


@pytest.mark.parametrize(
    ("grounds", "rows", "left"),
    [
        ((ABC,), (AB,), (ONLY_C,)),
        ((ABC,), (AB, AC), (frozenset({B, C}),)),
        ((ABC,), (AB, ONLY_C), (ABC,)),
        ((AB, ONLY_B), (ONLY_A,), (ONLY_B,)),
        ((AB,), (AB,), (ALWAYS,)),
        ((AB,), (ALWAYS,), (AB,)),
        ((AB,), (), (AB,)),
        ((), (AB,), ()),
    ],
)
def test_only_what_all_rows_meet_is_left_out(
    grounds: tuple[Ground, ...], rows: tuple[Ground, ...], left: tuple[Ground, ...]
) -> None:
    assert given(grounds, rows) == left


@pytest.mark.parametrize(
    ("grounds", "rows", "covered"),
    [
        ((ONLY_A,), (AB,), True),
        ((AB,), (ONLY_A,), False),
        ((ONLY_A, ONLY_B), (AB, ONLY_B), True),
        ((ONLY_A,), (AB, ONLY_B), False),
        ((), (AB,), False),
        ((ALWAYS,), (ALWAYS,), True),
        ((ONLY_A,), (ALWAYS,), False),
    ],
)
def test_covering_is_told_by_form(grounds: tuple[Ground, ...], rows: tuple[Ground, ...], *, covered: bool) -> None:
    assert covers(grounds, rows) is covered
