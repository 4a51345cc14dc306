"""A promise, and which one fits a ticket."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.models.enums import Priority, TicketSeverity, TicketType
from app.services.calendars import AROUND_THE_CLOCK, BusinessCalendar


class Clock(StrEnum):
    """Which time counts: that in which the region is open, or all."""

    BUSINESS = "BUSINESS"
    ELAPSED = "ELAPSED"


@dataclass(frozen=True)
class TicketFacts:
    """What a promise depends on."""

    type: TicketType
    priority: Priority
    severity: TicketSeverity | None
    opened_at: dt.datetime


@dataclass(frozen=True)
class Promise:
    """How many seconds of which time a first answer and a solution take; for tickets of some kinds, or any where None."""

    first_response_seconds: int
    resolution_seconds: int
    clock: Clock = Clock.BUSINESS
    priority: frozenset[Priority] | None = None
    severity: frozenset[TicketSeverity] | None = None
    type: frozenset[TicketType] | None = None

    def fits(self, ticket: TicketFacts) -> bool:
        """Whether it is made for such a ticket."""
        return (
            (self.priority is None or ticket.priority in self.priority)
            and (self.severity is None or ticket.severity in self.severity)
            and (self.type is None or ticket.type in self.type)
        )

    def hours(self, calendar: BusinessCalendar) -> BusinessCalendar:
        """The hours that count where a calendar applies."""
        return calendar if self.clock is Clock.BUSINESS else AROUND_THE_CLOCK


def promise_for(promises: Sequence[Promise], ticket: TicketFacts) -> Promise:
    """The first that fits; the last, whatever it is made for, where none does."""
    return next((promise for promise in promises if promise.fits(ticket)), promises[-1])
