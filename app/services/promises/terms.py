"""When a ticket's promise is due, and what became of it.

While a ticket waits for the customer, the time to its solution stands still; that to the first answer does not. What is
due is due anew when a ticket's priority changes: as if it had had the new one from the beginning, pauses and all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.services.calendars import BusinessCalendar, after, due, open_between
from app.services.errors import Invalid
from app.services.promises.promise import Clock, Promise, TicketFacts, promise_for
from app.services.values.times import moment


@dataclass(frozen=True)
class Pause:
    """A time in which a ticket waited for the customer."""

    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True)
class DueTimes:
    """When what was promised is due, with the pauses that this allows for. `paused_since`: the ticket is waiting now."""

    first_response_due_at: dt.datetime
    resolution_due_at: dt.datetime
    promise: Promise
    pauses: tuple[Pause, ...] = ()
    paused_since: dt.datetime | None = None

    @property
    def snapshot(self) -> dict[str, Any]:
        """What a ticket keeps of it (`tickets.sla_policy`)."""
        return {
            "clock": str(self.promise.clock),
            "first_response_seconds": self.promise.first_response_seconds,
            "resolution_seconds": self.promise.resolution_seconds,
            "pauses": [[pause.since.isoformat(), pause.until.isoformat()] for pause in self.pauses],
            "paused_since": self.paused_since and self.paused_since.isoformat(),
        }


@dataclass(frozen=True)
class Breaches:
    """Which of two promises was not kept."""

    first_response: bool
    resolution: bool


def due_times(
    promises: Sequence[Promise], calendar: BusinessCalendar, ticket: TicketFacts, before: DueTimes | None = None
) -> DueTimes:
    """What is promised for a ticket and when it is due; `before` is what was until now, whose pauses still count.

    Raises Invalid where that is later than can be stored.
    """
    promise = promise_for(promises, ticket)
    hours = promise.hours(calendar)
    found = DueTimes(
        due(hours, ticket.opened_at, promise.first_response_seconds),
        due(hours, ticket.opened_at, promise.resolution_seconds),
        promise,
        paused_since=before.paused_since if before else None,
    )
    for pause in before.pauses if before else ():
        found = extended(found, calendar, pause.since, pause.until)
    return found


def extended(terms: DueTimes, calendar: BusinessCalendar, paused_from: dt.datetime, paused_to: dt.datetime) -> DueTimes:
    """The terms after a pause: at its end a solution has as much time left as at its beginning.

    What was overdue when the pause began stays overdue. Raises Invalid where it is later than can be stored.
    """
    if paused_to <= paused_from:
        return terms
    pauses = (*terms.pauses, Pause(paused_from, paused_to))
    if terms.resolution_due_at <= paused_from:
        return replace(terms, pauses=pauses)
    hours = terms.promise.hours(calendar)
    left = open_between(hours, paused_from, terms.resolution_due_at)
    return replace(terms, pauses=pauses, resolution_due_at=after(hours, paused_to, left))


def paused(terms: DueTimes, at: dt.datetime) -> DueTimes:
    """The terms of a ticket that waits for the customer from now on, or already did."""
    return replace(terms, paused_since=terms.paused_since or at)


def resumed(terms: DueTimes, calendar: BusinessCalendar, at: dt.datetime) -> DueTimes:
    """The terms of a ticket that waits no longer, if it did."""
    if terms.paused_since is None:
        return terms
    return replace(extended(terms, calendar, terms.paused_since, at), paused_since=None)


def breached(
    terms: DueTimes, now: dt.datetime, first_responded_at: dt.datetime | None, resolved_at: dt.datetime | None
) -> Breaches:
    """What was answered or solved after it was due, or is overdue now; not for waiting for the customer."""
    return Breaches(
        (first_responded_at or now) > terms.first_response_due_at,
        (resolved_at or terms.paused_since or now) > terms.resolution_due_at,
    )


def kept(snapshot: object, first_response_due_at: dt.datetime, resolution_due_at: dt.datetime) -> DueTimes | None:
    """The terms that a ticket keeps; None where its snapshot is none of ours, as that of an imported ticket."""
    match snapshot:
        case {
            "clock": str() as clock,
            "first_response_seconds": int() as first,
            "resolution_seconds": int() as last,
            "pauses": list() as pauses,
            "paused_since": since,
        }:
            try:
                promise = Promise(first, last, Clock(clock))
                found = tuple(Pause(_moment(begin), _moment(end)) for begin, end in pauses)
                waiting = None if since is None else _moment(since)
                return DueTimes(first_response_due_at, resolution_due_at, promise, found, waiting)
            except (Invalid, TypeError, ValueError):
                return None
    return None


def _moment(text: str) -> dt.datetime:
    """A moment as a snapshot writes it. Raises Invalid, TypeError, ValueError."""
    return moment(dt.datetime.fromisoformat(text))
