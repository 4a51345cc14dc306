"""Which promise fits a ticket, and what a document of promises says."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.enums import Priority, TicketSeverity, TicketType
from app.services.errors import Refused
from app.services.promises import SHIPPED, Clock, Promise, TicketFacts, promise_for, read_promises

OPENED = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
HOUR = 3600


def ticket(
    priority: Priority = Priority.NORMAL,
    severity: TicketSeverity | None = None,
    type_: TicketType = TicketType.REQUEST,
) -> TicketFacts:
    return TicketFacts(type_, priority, severity, OPENED)


def wrong(document: object) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        read_promises(document)
    return [("/".join(error.field), error.reason) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("priority", "severity", "first", "last", "clock"),
    [
        (Priority.LOW, None, 16, 80, Clock.BUSINESS),
        (Priority.LOW, TicketSeverity.CRITICAL, 16, 80, Clock.BUSINESS),
        (Priority.NORMAL, None, 8, 40, Clock.BUSINESS),
        (Priority.NORMAL, TicketSeverity.CRITICAL, 8, 40, Clock.BUSINESS),
        (Priority.HIGH, None, 4, 16, Clock.BUSINESS),
        (Priority.HIGH, TicketSeverity.MAJOR, 4, 16, Clock.BUSINESS),
        (Priority.HIGH, TicketSeverity.CRITICAL, 1, 8, Clock.ELAPSED),
        (Priority.URGENT, None, 1, 8, Clock.ELAPSED),
        (Priority.URGENT, TicketSeverity.MINOR, 1, 8, Clock.ELAPSED),
    ],
)
def test_what_is_promised_unless_a_region_promises_otherwise(
    priority: Priority, severity: TicketSeverity | None, first: int, last: int, clock: Clock
) -> None:
    found = promise_for(read_promises(None), ticket(priority, severity))
    assert (found.first_response_seconds, found.resolution_seconds, found.clock) == (first * HOUR, last * HOUR, clock)


def test_every_ticket_has_a_shipped_promise_and_the_more_urgent_the_sooner() -> None:
    for type_, severity in product(TicketType, [None, *TicketSeverity]):
        found = [promise_for(SHIPPED, ticket(priority, severity, type_)) for priority in Priority]
        assert all(
            promise.fits(ticket(priority, severity, type_)) for priority, promise in zip(Priority, found, strict=True)
        )
        assert [one.resolution_seconds for one in found] == sorted(
            (one.resolution_seconds for one in found), reverse=True
        )


def test_the_first_own_promise_that_fits_comes_before_those_shipped() -> None:
    promises = read_promises(
        [
            {
                "type": ["COMPLAINT"],
                "severity": ["MAJOR", "CRITICAL"],
                "first_response_seconds": 600,
                "resolution_seconds": 7200,
            },
            {"type": ["COMPLAINT"], "clock": "ELAPSED", "first_response_seconds": 900, "resolution_seconds": 900},
            {"priority": ["URGENT"], "first_response_seconds": 60, "resolution_seconds": 120},
        ]
    )
    assert promises[3:] == SHIPPED
    complaint = TicketType.COMPLAINT
    assert promise_for(promises, ticket(Priority.URGENT, TicketSeverity.MAJOR, complaint)) == promises[0]
    assert promise_for(promises, ticket(Priority.URGENT, TicketSeverity.MINOR, complaint)) == promises[1]
    assert promise_for(promises, ticket(Priority.URGENT, None, complaint)) == promises[1]
    assert promise_for(promises, ticket(Priority.URGENT)) == promises[2]
    assert promise_for(promises, ticket()) == SHIPPED[3]
    assert promises[1] == Promise(900, 900, Clock.ELAPSED, None, None, frozenset([complaint]))


GOOD = {"first_response_seconds": 60, "resolution_seconds": 60}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, [("", "no_list")]),
        ([[]], [("/0", "no_object")]),
        ([GOOD] * 201, [("", "too_many")]),
        ([{}], [("/0/first_response_seconds", "required"), ("/0/resolution_seconds", "required")]),
        ([{**GOOD, "extra": 1}], [("/0/extra", "not_listed")]),
        ([{**GOOD, "clock": "WALL"}], [("/0/clock", "not_listed")]),
        ([{**GOOD, "priority": "HIGH"}], [("/0/priority", "no_list")]),
        ([{**GOOD, "priority": []}], [("/0/priority", "required")]),
        ([{**GOOD, "priority": ["HIGH"] * 5}], [("/0/priority", "too_many")]),
        ([{**GOOD, "priority": ["HIGH", "high", None]}], [("/0/priority/1", "not_listed"), ("/0/priority/2", "not_listed")]),
        ([{**GOOD, "first_response_seconds": 59}], [("/0/first_response_seconds", "too_small")]),
        ([{**GOOD, "resolution_seconds": 366 * 24 * HOUR + 1}], [("/0/resolution_seconds", "too_great")]),
        ([{**GOOD, "resolution_seconds": 60.0}], [("/0/resolution_seconds", "no_whole_number")]),
        ([{**GOOD, "resolution_seconds": True}], [("/0/resolution_seconds", "no_whole_number")]),
        ([{**GOOD, "first_response_seconds": 61}], [("/0/first_response_seconds", "exceeds")]),
        (
            [{**GOOD, "clock": 1}, GOOD, {"severity": ["BAD"], "first_response_seconds": 0}],
            [
                ("/0/clock", "not_listed"),
                ("/2/first_response_seconds", "too_small"),
                ("/2/resolution_seconds", "required"),
                ("/2/severity/0", "not_listed"),
            ],
        ),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_is_wrong_is_named_at_its_place_all_at_once(document: object, expected: list[tuple[str, str]]) -> None:
    assert wrong(document) == [(f"servicePromises{place}", reason) for place, reason in expected]


VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([60, "HIGH", "ELAPSED", "x"])
    | st.lists(st.just("HIGH"))
)
NAMES = st.sampled_from(["priority", "severity", "type", "clock", "first_response_seconds", "resolution_seconds", "x"])


@settings(max_examples=60, deadline=None)
@given(document=st.none() | st.lists(st.dictionaries(NAMES, VALUES) | VALUES, max_size=3) | VALUES)
def test_any_document_is_read_or_refused(document: Any) -> None:
    try:
        promises = read_promises(document)
    except Refused:
        return
    assert promises[-len(SHIPPED) :] == SHIPPED
    assert all(60 <= each.first_response_seconds <= each.resolution_seconds for each in promises)
