"""What the judge takes for right."""

from __future__ import annotations

import pytest

from tests.concurrency.judging import Answer, Committed, Enough, Look, Mark, Reached, is_right, phases


@pytest.mark.parametrize(
    ("snapshot", "transaction", "seen"),
    [
        ("10:10:", 9, True),
        ("10:10:", 10, False),
        ("10:10:", 11, False),
        ("8:12:8,10", 7, True),
        ("8:12:8,10", 8, False),
        ("8:12:8,10", 9, True),
        ("8:12:8,10", 10, False),
        ("8:12:8,10", 11, True),
        ("8:12:8,10", 12, False),
        ("8:12:8,100", 10, True),
    ],
)
def test_a_snapshot_sees_what_was_committed_before_it(snapshot: str, transaction: int, *, seen: bool) -> None:
    assert Look(snapshot, 0).sees(transaction) is seen
    assert Committed(transaction).passed(Look(snapshot, 0)) is seen


@pytest.mark.parametrize(("seconds", "passed"), [(4.9, False), (5, True), (5.1, True)])
def test_a_time_has_come_from_then_on(seconds: float, *, passed: bool) -> None:
    assert Reached(5).passed(Look("1:1:", seconds)) is passed


MARKS: list[Mark] = [Committed(10), Reached(5), Committed(20)]
TOLD = {0: ("a", "b", "c", "d")}


@pytest.mark.parametrize(
    ("before", "after", "right"),
    [
        (("10:10:", 1), ("10:10:", 4), "a"),
        (("10:10:", 1), ("11:11:", 4), "ab"),
        (("11:11:", 1), ("11:11:", 4), "b"),
        (("11:11:", 4), ("11:11:", 6), "bc"),
        (("11:11:", 5), ("11:11:", 6), "c"),
        (("11:11:", 6), ("21:21:", 7), "cd"),
        (("21:21:", 6), ("21:21:", 7), "d"),
        (("10:10:", 1), ("21:21:", 7), "abcd"),
        (("9:21:9,20", 6), ("9:21:9,20", 7), "c"),
    ],
)
def test_an_answer_is_right_if_it_is_so_at_a_moment_between_the_looks(
    before: tuple[str, float], after: tuple[str, float], right: str
) -> None:
    for told in "abcd":
        answer = Answer(0, told, Look(*before), Look(*after))
        assert is_right(answer, MARKS, TOLD) is (told in right)
        assert len(phases(answer, MARKS)) == len(right)


def _at(number: int, told: str, *snapshots: str) -> Answer:
    before, after = snapshots
    return Answer(number, told, Look(before, 0), Look(after, 0))


def test_only_answers_between_two_changes_are_enough() -> None:
    enough = Enough(2, 2, [Committed(10)])
    early, across, late = ("10:10:", "10:10:"), ("10:10:", "11:11:"), ("11:11:", "11:11:")
    asked = [(0, early), (1, across), (0, late), (1, late), (1, late), (1, late), (0, late)]
    assert [enough(_at(number, "x", *when)) for number, when in asked] == [False] * 6 + [True]


def test_where_it_is_known_what_is_right_a_wrong_answer_is_enough() -> None:
    enough = Enough(1, 100, [Committed(10)], {0: ("a", "b")})
    assert not enough(_at(0, "b", "11:11:", "11:11:"))
    assert enough(_at(0, "a", "11:11:", "11:11:"))
