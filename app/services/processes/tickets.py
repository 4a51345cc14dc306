"""Tickets: assigned, answered, solved, and when that is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from app.models.catalogue import CATALOGUE
from app.models.enums import MessageDirection, Priority, TicketSeverity
from app.services.calendars import BusinessCalendar
from app.services.errors import Forbidden, Invalid, NotFound, Refused, Required
from app.services.processes.moving import move
from app.services.promises import DueTimes, extended, paused, resumed
from app.services.records import statements
from app.services.records.creating import create
from app.services.records.drafts import Draft, Key, Ref, Row
from app.services.records.rules import regions, tickets
from app.services.transitions import TICKETS
from app.services.writing import UnitOfWork

MESSAGE, TICKET = CATALOGUE["TicketMessage"], CATALOGUE["Ticket"]
_RANKS: Mapping[str, Sequence[str]] = {"priority": list(Priority), "severity": list(TicketSeverity)}
"""Of each, the lowest first."""


async def assign(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Gives tickets to a person, or to the queue of a department."""
    for draft in drafts:
        if not {"owner", "department"} & set(draft.given):
            draft.note(Required("required", ("owner",)))
        move(draft, TICKETS, "assign")


async def reply(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Writes to the customers, of which the first time is noted; or, internally, to each other."""
    for draft in drafts:
        is_internal = bool(draft.asked.get("internal"))
        if is_internal:
            draft.row["status"] = draft.old and draft.old["status"]
        elif move(draft, TICKETS, "reply"):
            draft.row["first_responded_at"] = draft.row["first_responded_at"] or _now(unit, draft)
        message = _message(unit, draft, MessageDirection.INTERNAL if is_internal else MessageDirection.OUT)
        try:
            await create(unit, [message])
        except Refused as refusal:
            draft.errors.extend(refusal.errors)
        draft.brought["message"] = message


def _message(unit: UnitOfWork, draft: Draft, direction: MessageDirection) -> Draft:
    """A message of the caller's about a ticket."""
    customer, key = draft.row["customer_id"], draft.row["id"]
    about = {"customer": Ref("Customer", None, customer), "ticket": Ref("Ticket", customer, key)}
    said = {name: draft.asked[name] for name in ("body", "channel") if name in draft.asked}
    row = {"author_user_id": unit.user}
    given = {**about, "direction": str(direction), **said}
    return Draft(MESSAGE, given, draft.place, row=row, implied=(*about, "direction"))


async def wait(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Waits for the customers: the time to a solution stands still."""
    for draft in drafts:
        if move(draft, TICKETS, "wait"):
            await _turn(unit, draft, lambda terms, _: paused(terms, unit.now))


async def resume(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Waits no longer: as much time is left as there was when the waiting began."""
    for draft in drafts:
        if move(draft, TICKETS, "resume"):
            await _turn(unit, draft, lambda terms, hours: resumed(terms, hours, unit.now))


async def resolve(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes what was done."""
    for draft in drafts:
        if "resolution" not in draft.given or draft.row["resolution"] is None:
            draft.note(Required("required", ("resolution",)))
        if move(draft, TICKETS, "resolve"):
            draft.row["resolved_at"] = _now(unit, draft)
            await _turn(unit, draft, lambda terms, hours: resumed(terms, hours, unit.now))


async def close(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Closes tickets that are solved."""
    await _end(unit, drafts, "close")


async def reject(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Closes tickets with which nothing will be done."""
    await _end(unit, drafts, "reject")


async def mark_duplicate(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Closes tickets that tell the same as another of the customer."""
    for draft in drafts:
        of = draft.asked["of"]
        key = (of.customer, of.id)
        if of.resource != TICKET.name or of.customer is None or not await _seen(unit, key):
            draft.note(NotFound("not_found", ("of",)))
        elif of.customer != draft.row["customer_id"]:
            draft.note(Invalid("of_another_customer", ("of",)))
        elif of.id == draft.row["id"]:
            draft.note(Invalid("itself", ("of",)))
        else:
            draft.row["duplicate_of_id"] = of.id
            if draft.row["resolution"] is None and (plain := await _seen(unit, key, "number")):
                draft.row["resolution"] = plain[0]["number"]
    await _end(unit, drafts, "markDuplicate")


async def _seen(unit: UnitOfWork, key: Key, field: str | None = None) -> Sequence[Mapping[str, Any]]:
    """A ticket in view; where a field is named, that if it is plain."""
    statement = statements.plain(unit.access, TICKET, field) if field else statements.in_view(unit.access, TICKET)
    return await unit.fetch(statement, statements.values_of(TICKET, [key]))


async def _end(unit: UnitOfWork, drafts: Iterable[Draft], step: str) -> None:
    for draft in drafts:
        if move(draft, TICKETS, step):
            draft.row["closed_at"] = _now(unit, draft)
            await _turn(unit, draft, lambda terms, hours: resumed(terms, hours, unit.now))


async def reopen(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Takes tickets up again: the time in which they were closed does not count."""
    for draft in drafts:
        if move(draft, TICKETS, "reopen"):
            draft.row |= {"resolved_at": None, "closed_at": None, "duplicate_of_id": None}
            draft.row["reopened_count"] += 1
            await _turn(unit, draft, partial(_reopened, draft.old or {}, unit.now))


def _reopened(old: Row, now: dt.datetime, terms: DueTimes, hours: BusinessCalendar) -> DueTimes:
    return extended(terms, hours, old["resolved_at"] or old["closed_at"] or now, now)


async def escalate(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Makes tickets more pressing; what is promised follows from that."""
    for draft in drafts:
        given = [name for name in _RANKS if name in draft.given]
        if not given:
            draft.note(Required("required", ("priority",)))
        for name in given:
            if not draft.sees(name):
                draft.note(Forbidden("not_settable", (name,)))
            elif not _is_higher(draft, name):
                draft.note(Invalid("not_higher", (name,)))
        move(draft, TICKETS, "escalate")


def _is_higher(draft: Draft, name: str) -> bool:
    ranks = _RANKS[name]
    before, now = (row and row[name] for row in (draft.old, draft.row))
    return now is not None and (before is None or ranks.index(now) > ranks.index(before))


def _now(unit: UnitOfWork, draft: Draft) -> dt.datetime:
    """When it happens: not before the ticket came in, whose time another clock may have told."""
    opened: dt.datetime = draft.row["opened_at"]
    return max(unit.now, opened)


async def _turn(unit: UnitOfWork, draft: Draft, change: Callable[[DueTimes, BusinessCalendar], DueTimes]) -> None:
    """Changes what is promised, if it is a promise of ours."""
    terms, region = tickets.terms(draft), draft.row["region_id"]
    if terms is None:
        return
    service = (await regions.services(unit, [region]))[region]
    try:
        tickets.put(draft, change(terms, service.calendar))
    except Invalid as fault:
        draft.note(fault.at(("id",)))
