"""Regions: when people work there, and what they promise about tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from app.services.calendars import BusinessCalendar, read_calendar
from app.services.errors import Refused
from app.services.promises import Promise, read_promises
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork

T = TypeVar("T")

_ABOVE = """
    SELECT k.id, r.time_zone, r.business_calendar, r.service_promises
    FROM regions k JOIN regions r ON starts_with(k.path, r.path)
    WHERE k.id = ANY($1) AND r.deleted_at IS NULL ORDER BY k.id, length(r.path) DESC"""
_OWN = ("time_zone", "business_calendar", "service_promises")


@dataclass(frozen=True)
class Service:
    """When a region works, and what it promises."""

    calendar: BusinessCalendar
    promises: Sequence[Promise]


USUAL = Service(read_calendar(None, None), read_promises(None))
"""Where no region says anything."""


async def services(unit: UnitOfWork, regions: Iterable[UUID | None]) -> Mapping[UUID | None, Service]:
    """By region: each part is its own, or that of the nearest region above which has one."""
    keys = sorted({key for key in regions if key is not None})
    found = await (await unit.driver).fetch(_ABOVE, keys) if keys else []
    services: dict[UUID | None, Service] = {None: USUAL}
    for key in keys:
        above = [row for row in found if row["id"] == key]
        services[key] = _service(*(next((row[name] for row in above if row[name] is not None), None) for name in _OWN))
    return services


def _service(zone: str | None, hours: object, promises: object) -> Service:
    return Service(
        _read(lambda: read_calendar(hours, zone), USUAL.calendar),
        _read(lambda: read_promises(promises), USUAL.promises),
    )


def _read(reader: Callable[[], T], usual: T) -> T:
    """What a stored document says; the usual where it cannot be read, as one that was imported."""
    try:
        return reader()
    except Refused:
        return usual


async def check(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes what is wrong with calendars and promises that are given."""
    for draft in drafts:
        _check(draft, lambda row: read_calendar(row.get("business_calendar"), row.get("time_zone")))
        _check(draft, lambda row: read_promises(row.get("service_promises")))


def _check(draft: Draft, reader: Callable[[Mapping[str, Any]], object]) -> None:
    try:
        reader(draft.row)
    except Refused as refusal:
        for error in refusal.errors:
            if error.field[0] in draft.set:
                draft.note(error)
