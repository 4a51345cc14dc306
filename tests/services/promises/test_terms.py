"""When promises are due: pauses, new priorities, what is kept, and what was not."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.enums import Priority, TicketType
from app.services.calendars import open_between, read_calendar
from app.services.promises import (
    SHIPPED,
    Breaches,
    Clock,
    DueTimes,
    Pause,
    Promise,
    TicketFacts,
    breached,
    due_times,
    extended,
    kept,
    paused,
    resumed,
)

OFFICE = read_calendar({"holidays": ["2026-11-26"]}, "Europe/Berlin")


def at(text: str) -> dt.datetime:
    """A moment in November 2026, Berlin's time: day and hour."""
    return dt.datetime.fromisoformat(f"2026-11-{text}+01:00").astimezone(dt.UTC)


def ticket(priority: Priority, opened: dt.datetime) -> TicketFacts:
    return TicketFacts(TicketType.REQUEST, priority, None, opened)


NORMAL = due_times(SHIPPED, OFFICE, ticket(Priority.NORMAL, at("23T10:00")))


@pytest.mark.parametrize(
    ("priority", "opened", "first", "last"),
    [
        (Priority.LOW, "23T10:00", "25T10:00", "2026-12-08T10:00+01:00"),
        (Priority.NORMAL, "23T10:00", "24T10:00", "2026-12-01T10:00+01:00"),
        (Priority.HIGH, "23T10:00", "23T14:00", "25T10:00"),
        (Priority.HIGH, "27T16:00", "30T12:00", "2026-12-01T16:00+01:00"),
        (Priority.URGENT, "27T16:00", "27T17:00", "28T00:00"),
        (Priority.URGENT, "26T03:00", "26T04:00", "26T11:00"),
    ],
)
def test_times_are_due_in_open_hours_or_when_urgent_at_any_hour(
    priority: Priority, opened: str, first: str, last: str
) -> None:
    found = due_times(SHIPPED, OFFICE, ticket(priority, at(opened)))
    assert found.first_response_due_at == at(first)
    assert found.resolution_due_at == (at(last) if len(last) < 10 else dt.datetime.fromisoformat(last))


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        pytest.param("24T10:00", "24T12:00", "2026-12-01T12:00+01:00", id="two-hours"),
        pytest.param("24T18:00", "25T08:00", "2026-12-01T10:00+01:00", id="a-night"),
        pytest.param("25T12:00", "27T12:00", "2026-12-02T10:00+01:00", id="over-a-holiday"),
        pytest.param("24T10:00", "24T10:00", "2026-12-01T10:00+01:00", id="no-time"),
        pytest.param("24T10:00", "23T10:00", "2026-12-01T10:00+01:00", id="against-time"),
    ],
)
def test_a_pause_puts_off_the_solution_by_its_open_hours_and_never_the_answer(
    since: str, until: str, expected: str
) -> None:
    found = extended(NORMAL, OFFICE, at(since), at(until))
    assert found.resolution_due_at == dt.datetime.fromisoformat(expected)
    assert found.first_response_due_at == NORMAL.first_response_due_at


def test_a_pause_of_an_urgent_ticket_counts_at_any_hour() -> None:
    urgent = due_times(SHIPPED, OFFICE, ticket(Priority.URGENT, at("27T16:00")))
    assert extended(urgent, OFFICE, at("27T23:00"), at("28T05:30")).resolution_due_at == at("28T06:30")


def test_what_was_overdue_before_a_pause_stays_overdue() -> None:
    late = replace(NORMAL, resolution_due_at=at("24T10:00"))
    assert extended(late, OFFICE, at("24T10:00"), at("25T10:00")).resolution_due_at == at("24T10:00")
    assert extended(late, OFFICE, at("24T09:59"), at("25T10:00")).resolution_due_at == at("25T10:01")


def test_a_new_priority_is_reckoned_from_the_beginning_less_the_pauses() -> None:
    waited = extended(NORMAL, OFFICE, at("23T12:00"), at("23T16:00"))
    found = due_times(SHIPPED, OFFICE, ticket(Priority.HIGH, at("23T10:00")), paused(waited, at("25T09:00")))
    assert found.first_response_due_at == at("23T14:00")
    assert found.resolution_due_at == at("25T14:00")
    assert found.pauses == (Pause(at("23T12:00"), at("23T16:00")),)
    assert found.paused_since == at("25T09:00")


def test_waiting_is_a_pause_from_its_beginning_to_its_end() -> None:
    waiting = paused(paused(NORMAL, at("24T10:00")), at("24T11:00"))
    assert waiting.paused_since == at("24T10:00")
    assert resumed(waiting, OFFICE, at("24T12:00")) == extended(NORMAL, OFFICE, at("24T10:00"), at("24T12:00"))
    assert resumed(NORMAL, OFFICE, at("24T12:00")) == NORMAL


FIRST, LAST = "24T10:00", "27T10:00"
TERMS = DueTimes(at(FIRST), at(LAST), Promise(1, 2))


@pytest.mark.parametrize(
    ("answered", "resolved", "waiting", "now", "expected"),
    [
        (None, None, None, FIRST, Breaches(first_response=False, resolution=False)),
        (None, None, None, "24T10:01", Breaches(first_response=True, resolution=False)),
        (None, None, None, LAST, Breaches(first_response=True, resolution=False)),
        (None, None, None, "27T10:01", Breaches(first_response=True, resolution=True)),
        (FIRST, None, None, "27T10:01", Breaches(first_response=False, resolution=True)),
        (FIRST, LAST, None, "30T10:00", Breaches(first_response=False, resolution=False)),
        ("24T10:01", LAST, None, "30T10:00", Breaches(first_response=True, resolution=False)),
        (FIRST, "27T10:01", None, "30T10:00", Breaches(first_response=False, resolution=True)),
        (FIRST, None, LAST, "30T10:00", Breaches(first_response=False, resolution=False)),
        (FIRST, None, "27T10:01", "30T10:00", Breaches(first_response=False, resolution=True)),
    ],
)  # fmt: skip
def test_a_promise_is_broken_by_what_comes_after_it_is_due(
    answered: str | None, resolved: str | None, waiting: str | None, now: str, expected: Breaches
) -> None:
    moments = [at(text) if text else None for text in (answered, resolved, waiting)]
    assert breached(replace(TERMS, paused_since=moments[2]), at(now), moments[0], moments[1]) == expected


def test_a_ticket_keeps_its_terms() -> None:
    terms = paused(extended(NORMAL, OFFICE, at("24T10:00"), at("24T12:00")), at("25T10:00"))
    assert terms.snapshot == {
        "clock": "BUSINESS",
        "first_response_seconds": 28800,
        "resolution_seconds": 144000,
        "pauses": [["2026-11-24T09:00:00+00:00", "2026-11-24T11:00:00+00:00"]],
        "paused_since": "2026-11-25T09:00:00+00:00",
    }
    again = kept(json.loads(json.dumps(terms.snapshot)), terms.first_response_due_at, terms.resolution_due_at)
    assert again == replace(terms, promise=Promise(28800, 144000))


OURS = NORMAL.snapshot


@pytest.mark.parametrize(
    "snapshot",
    [
        None, [], "x", {}, {"first_response_hours": 8, "resolution_hours": 72}, {**OURS, "clock": "WALL"},
        {**OURS, "pauses": [1]}, {**OURS, "pauses": [["x", "y"]]}, {**OURS, "pauses": [["2026-11-24T09:00:00Z"]]},
        {**OURS, "pauses": [[1, 2]]}, {**OURS, "paused_since": "2026-11-24T09:00:00"}, {**OURS, "paused_since": 5},
        {**OURS, "paused_since": "0001-01-01T00:00:00+14:00"}, {**OURS, "first_response_seconds": "1"},
    ],
    ids=lambda value: str(value)[-60:],
)  # fmt: skip
def test_a_foreign_snapshot_keeps_no_terms(snapshot: object) -> None:
    assert kept(snapshot, at(FIRST), at(LAST)) is None


MINUTES = st.integers(0, 20 * 24 * 60).map(lambda minutes: at("23T10:00") + dt.timedelta(minutes=minutes))


@settings(max_examples=60, deadline=None)
@given(clock=st.sampled_from(Clock), edges=st.lists(MINUTES, min_size=4, max_size=4, unique=True).map(sorted))
def test_pauses_leave_as_much_time_as_there_was(clock: Clock, edges: list[dt.datetime]) -> None:
    promise = Promise(3600, 80 * 3600, clock)
    hours = promise.hours(OFFICE)
    facts = ticket(Priority.NORMAL, at("23T10:00"))
    terms = due_times([promise], OFFICE, facts)
    for since, until in ((edges[0], edges[1]), (edges[2], edges[3])):
        longer = extended(terms, OFFICE, since, until)
        assert longer.resolution_due_at >= terms.resolution_due_at
        if since < terms.resolution_due_at:
            left = open_between(hours, since, terms.resolution_due_at)
            assert open_between(hours, until, longer.resolution_due_at) == left
        terms = longer
    assert due_times([promise], OFFICE, facts, terms) == terms
