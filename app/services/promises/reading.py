"""The JSON document of a region's own promises: a list, of which the first that fits a ticket applies.

    [{"priority": ["URGENT", "HIGH"], "severity": ["CRITICAL"], "type": ["INCIDENT"],
      "clock": "ELAPSED", "first_response_seconds": 900, "resolution_seconds": 14400},
     {"first_response_seconds": 28800, "resolution_seconds": 144000}]

`priority`, `severity`, `type` absent: any. `clock` absent: BUSINESS.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from app.models.enums import Priority, TicketSeverity, TicketType
from app.services.parts import Part
from app.services.promises.promise import Clock, Promise
from app.services.promises.shipped import SHIPPED
from app.services.values.limits import Limits
from app.services.values.numbers import whole

MOST_PROMISES, LEAST_SECONDS, MOST_SECONDS = 200, 60, 366 * 24 * 3600

_Kind = TypeVar("_Kind", bound=StrEnum)
_FIRST, _LAST = "first_response_seconds", "resolution_seconds"
_LIMITS = Limits(Decimal(LEAST_SECONDS), Decimal(MOST_SECONDS))


def read_promises(document: object) -> tuple[Promise, ...]:
    """The promises of a region, and after them those that are shipped, so that each ticket has one.

    Raises Refused with every fault, at its place in the region (`servicePromises`).
    """
    root = Part([] if document is None else document, ("servicePromises",))
    own = [_promise(item) for item in root.listed(MOST_PROMISES)]
    root.check()
    return *own, *SHIPPED


def _promise(part: Part) -> Promise:
    parts = part.named("priority", "severity", "type", "clock", _FIRST, _LAST, required=(_FIRST, _LAST))
    first, last = (_seconds(parts.get(name)) for name in (_FIRST, _LAST))
    if first > last > 0:
        parts[_FIRST].fail("exceeds", other=_LAST)
    clock = parts["clock"].one_of(tuple(Clock)) if "clock" in parts else None
    return Promise(
        first,
        last,
        Clock(clock) if clock else Clock.BUSINESS,
        _kinds(parts, "priority", Priority),
        _kinds(parts, "severity", TicketSeverity),
        _kinds(parts, "type", TicketType),
    )


def _seconds(part: Part | None) -> int:
    """A number of seconds; 0 where it is missing or faulty."""
    return (part.read(lambda value: whole(value, _LIMITS)) if part else None) or 0


def _kinds(parts: Mapping[str, Part], name: str, kind: type[_Kind]) -> frozenset[_Kind] | None:
    """What a promise is made for; None for any."""
    if name not in parts:
        return None
    if parts[name].value == []:
        parts[name].miss()
    named = [item.one_of(tuple(kind)) for item in parts[name].listed(len(kind))]
    return frozenset(kind(each) for each in named if each)
