"""The text of a recurrence rule: what it says, and all that is wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.errors import Refused
from app.services.recurrence import Frequency, Nth, Rule, read_rule

DAILY, WEEKLY, MONTHLY, YEARLY = (Rule(frequency) for frequency in Frequency)


def wrong(text: str) -> list[tuple[Any, ...]]:
    with pytest.raises(Refused) as caught:
        read_rule(text)
    assert all(error.field == ("recurrence",) for error in caught.value.errors)
    return [(error.reason, error.params.get("part")) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=DAILY", DAILY),
        ("RRULE:FREQ=WEEKLY", WEEKLY),
        (" freq=monthly;interval=3 ", replace(MONTHLY, interval=3)),
        ("COUNT=10;FREQ=YEARLY", replace(YEARLY, count=10)),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", replace(WEEKLY, by_day=frozenset([Nth(0), Nth(2), Nth(4)]))),
        (
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU",
            replace(WEEKLY, interval=2, week_start=6, by_day=frozenset([Nth(6)])),
        ),
        ("FREQ=MONTHLY;BYDAY=1MO,-1FR,+2TU", replace(MONTHLY, by_day=frozenset([Nth(0, 1), Nth(4, -1), Nth(1, 2)]))),
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1,31", replace(MONTHLY, by_month_day=frozenset([1, -1, 31]))),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
            replace(MONTHLY, by_day=frozenset([Nth(0), Nth(1)]), by_set_pos=frozenset([-1])),
        ),
        ("FREQ=YEARLY;BYMONTH=1,12", replace(YEARLY, by_month=frozenset([1, 12]))),
        ("FREQ=YEARLY;BYDAY=53MO", replace(YEARLY, by_day=frozenset([Nth(0, 53)]))),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", replace(YEARLY, by_month=frozenset([2]), by_month_day=frozenset([29]))),
        ("FREQ=DAILY;UNTIL=20261231", replace(DAILY, until=dt.date(2026, 12, 31))),
        ("FREQ=DAILY;UNTIL=20261231T120000Z", replace(DAILY, until=dt.datetime(2026, 12, 31, 12, tzinfo=dt.UTC))),
        ("FREQ=DAILY;UNTIL=20261231T120000", replace(DAILY, until=dt.datetime.fromisoformat("2026-12-31T12:00:00"))),
        ("FREQ=DAILY;INTERVAL=3660", replace(DAILY, interval=3660)),
        ("FREQ=YEARLY;INTERVAL=10;COUNT=9999", replace(YEARLY, interval=10, count=9999)),
    ],
)
def test_a_rule_says_how_a_task_repeats(text: str, expected: Rule) -> None:
    assert read_rule(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("rule_part_unknown", ""), ("rule_without_frequency", None)]),
        ("every day", [("rule_part_unknown", "EVERY DAY"), ("rule_without_frequency", None)]),
        ("INTERVAL=2", [("rule_without_frequency", None)]),
        ("FREQ=", [("rule_part_wrong", "FREQ")]),
        ("FREQ=SECONDLY", [("rule_part_wrong", "FREQ")]),
        ("FREQ=MINUTELY", [("rule_part_wrong", "FREQ")]),
        ("FREQ=HOURLY", [("rule_part_wrong", "FREQ")]),
        ("FREQ=DAILY;", [("rule_part_unknown", "")]),
        ("FREQ=DAILY;BYHOUR=9", [("rule_part_unknown", "BYHOUR")]),
        ("FREQ=DAILY;BYWEEKNO=9", [("rule_part_unknown", "BYWEEKNO")]),
        ("FREQ=DAILY;FREQ=DAILY", [("rule_part_twice", "FREQ")]),
        ("FREQ=DAILY;INTERVAL=0", [("rule_part_wrong", "INTERVAL")]),
        ("FREQ=DAILY;INTERVAL=-1", [("rule_part_wrong", "INTERVAL")]),
        ("FREQ=DAILY;INTERVAL=3661", [("rule_part_wrong", "INTERVAL")]),
        ("FREQ=DAILY;INTERVAL=1.5", [("rule_part_wrong", "INTERVAL")]),
        ("FREQ=DAILY;INTERVAL=" + "9" * 400, [("rule_part_wrong", "INTERVAL")]),
        ("FREQ=DAILY;INTERVAL=٣", [("rule_part_wrong", "INTERVAL")]),
        ("FREQ=WEEKLY;INTERVAL=521", [("rule_too_far_apart", None)]),
        ("FREQ=MONTHLY;INTERVAL=121", [("rule_too_far_apart", None)]),
        ("FREQ=YEARLY;INTERVAL=11", [("rule_too_far_apart", None)]),
        ("FREQ=DAILY;COUNT=0", [("rule_part_wrong", "COUNT")]),
        ("FREQ=DAILY;COUNT=10000", [("rule_part_wrong", "COUNT")]),
        ("FREQ=DAILY;COUNT=2;UNTIL=20261231", [("rule_ends_twice", None)]),
        ("FREQ=DAILY;UNTIL=20260230", [("rule_part_wrong", "UNTIL")]),
        ("FREQ=DAILY;UNTIL=2026-12-31", [("rule_part_wrong", "UNTIL")]),
        ("FREQ=DAILY;UNTIL=20261231T250000Z", [("rule_part_wrong", "UNTIL")]),
        ("FREQ=DAILY;UNTIL=00010101", [("rule_part_wrong", "UNTIL")]),
        ("FREQ=DAILY;UNTIL=99991231", [("rule_part_wrong", "UNTIL")]),
        ("FREQ=WEEKLY;BYDAY=", [("rule_part_wrong", "BYDAY")]),
        ("FREQ=WEEKLY;BYDAY=MON", [("rule_part_wrong", "BYDAY")]),
        ("FREQ=WEEKLY;BYDAY=MO,", [("rule_part_wrong", "BYDAY")]),
        ("FREQ=MONTHLY;BYDAY=0MO", [("rule_part_wrong", "BYDAY")]),
        ("FREQ=YEARLY;BYDAY=54MO", [("rule_part_wrong", "BYDAY")]),
        ("FREQ=WEEKLY;BYDAY=1MO", [("rule_part_misplaced", "BYDAY")]),
        ("FREQ=DAILY;BYDAY=1MO", [("rule_part_misplaced", "BYDAY")]),
        ("FREQ=MONTHLY;BYDAY=6MO", [("rule_part_misplaced", "BYDAY")]),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=6MO", [("rule_part_misplaced", "BYDAY")]),
        ("FREQ=MONTHLY;BYMONTHDAY=0", [("rule_part_wrong", "BYMONTHDAY")]),
        ("FREQ=MONTHLY;BYMONTHDAY=32", [("rule_part_wrong", "BYMONTHDAY")]),
        ("FREQ=WEEKLY;BYMONTHDAY=1", [("rule_part_misplaced", "BYMONTHDAY")]),
        ("FREQ=YEARLY;BYMONTH=13", [("rule_part_wrong", "BYMONTH")]),
        ("FREQ=YEARLY;BYMONTH=-1", [("rule_part_wrong", "BYMONTH")]),
        ("FREQ=MONTHLY;BYSETPOS=1", [("rule_part_misplaced", "BYSETPOS")]),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", [("rule_part_wrong", "BYSETPOS")]),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=32", [("rule_never_due", None)]),
        ("FREQ=DAILY;BYDAY=MO;BYSETPOS=2", [("rule_never_due", None)]),
        ("FREQ=WEEKLY;WKST=XX", [("rule_part_wrong", "WKST")]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", [("rule_never_due", None)]),
        ("FREQ=DAILY;BYMONTH=2,4;BYMONTHDAY=31,-31", [("rule_never_due", None)]),
        (
            "FREQ=WEEKLY;INTERVAL=600;BYMONTHDAY=1;BYDAY=2MO;COUNT=2;UNTIL=20261231;BYHOUR=1;WKST=1",
            [
                ("rule_part_unknown", "BYHOUR"),
                ("rule_part_wrong", "WKST"),
                ("rule_too_far_apart", None),
                ("rule_ends_twice", None),
                ("rule_part_misplaced", "BYMONTHDAY"),
                ("rule_part_misplaced", "BYDAY"),
            ],
        ),
        ("FREQ=DAILY;" + "X" * 500, [("too_long", None)]),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_rule_is_told_all_at_once(text: str, expected: list[tuple[Any, ...]]) -> None:
    assert wrong(text) == expected


WORDS = st.sampled_from(
    ["FREQ", "=", ";", ",", "DAILY", "MONTHLY", "BYDAY", "COUNT", "UNTIL", "20261231", "MO", "-1", "9", "INTERVAL", "É"]
)


@given(text=st.text(max_size=40) | st.lists(WORDS, max_size=16).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rule = read_rule(text)
    except Refused:
        return
    assert 1 <= rule.interval <= 3660
