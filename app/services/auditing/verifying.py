"""Whether the chain of the audit trail is whole, read from its beginning to its end, a batch at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from app.services.auditing.chain import VALUES, digest

Fetch: TypeAlias = Callable[..., Awaitable[Any]]
"""Runs a statement and gives its rows."""
Event: TypeAlias = Mapping[str, Any]

BATCH = 1_000
"""Events that are held at once."""


class Fault(StrEnum):
    """How a chain is broken."""

    CHANGED = "CHANGED"
    """The event is not what was hashed."""
    MISSING = "MISSING"
    """There is no event with this number, or not the one that the event with this number followed."""
    REORDERED = "REORDERED"
    """The event stood elsewhere in the chain."""
    CUT_OFF = "CUT_OFF"
    """The event whose hash was noted is not there any more."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying came to. Events are counted as far as the chain is whole."""

    events: int
    head: str | None
    """Hash of the last of these, to be noted elsewhere."""
    fault: Fault | None = None
    broken_at: int | None = None
    """Number of the first event that is not as it was; of a chain that is cut off, the first that may be missing."""

    @property
    def is_whole(self) -> bool:
        return self.fault is None


_COLUMNS = ", ".join(f"{name}::text AS {name}" if name == "details" else name for name in (*VALUES, "hash"))
_BATCH = f"""
    SELECT {_COLUMNS} FROM audit_events WHERE (seq, id) > ($1::bigint, $2::uuid) AND seq <= $3::bigint
    ORDER BY seq, id LIMIT {BATCH}"""
_LOWEST, _HIGHEST, _NIL = -(2**63), 2**63 - 1, UUID(int=0)
_HASH = "SELECT hash FROM audit_events WHERE seq = $1"
_ELSEWHERE = "SELECT 1 FROM audit_events WHERE hash = $1 LIMIT 1"


async def verify(
    fetch: Fetch, *, since: int | None = None, until: int | None = None, head: str | None = None
) -> Verified:
    """Verifies the events from one number to another, of which the first must follow the event before it.

    `head` is a hash that was noted before: its event must be among them.
    """
    first = max(since or 1, 1)
    before = await _value(fetch, _HASH, first - 1)
    expected, is_met = first, head is None or head == before
    async for event in _events(fetch, since, until):
        fault = await _fault(fetch, event, expected, before)
        if fault is not None:
            return Verified(expected - first, before, fault, expected)
        before, expected = event["hash"], expected + 1
        is_met = is_met or before == head
    missing = Fault.MISSING if until is not None and expected <= until else Fault.CUT_OFF if not is_met else None
    return Verified(expected - first, before, missing, expected if missing else None)


async def _events(fetch: Fetch, since: int | None, until: int | None) -> AsyncIterator[Event]:
    seq, key = _LOWEST if since is None else since, _NIL
    while found := await fetch(_BATCH, seq, key, _HIGHEST if until is None else until):
        for event in found:
            yield event
        seq, key = found[-1]["seq"], found[-1]["id"]


async def _fault(fetch: Fetch, event: Event, expected: int, before: str | None) -> Fault | None:
    """What is wrong with an event that stands where one of this number is expected."""
    if event["seq"] != expected:
        return Fault.MISSING if event["seq"] > expected else Fault.REORDERED
    if digest(event) != event["hash"]:
        return Fault.REORDERED if _was_near(event) else Fault.CHANGED
    if event["previous"] != before:
        is_elsewhere = event["previous"] is None or await _value(fetch, _ELSEWHERE, event["previous"])
        return Fault.REORDERED if is_elsewhere else Fault.MISSING
    return None


async def _value(fetch: Fetch, statement: str, *given: object) -> Any:
    found = await fetch(statement, *given)
    return found[0][0] if found else None


def _was_near(event: Event) -> bool:
    """Whether the event is what was hashed, but for its number."""
    numbers = range(event["seq"] - BATCH, event["seq"] + BATCH)
    return any(digest({**event, "seq": number}) == event["hash"] for number in numbers)
