"""Contracts: signed, renewed, terminated."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import Any

from app.models.catalogue import CATALOGUE
from app.models.columns import LATEST
from app.services.errors import InvalidState, Required
from app.services.processes.moving import move
from app.services.records import consequences
from app.services.records.drafts import Draft
from app.services.records.rules import numbers, rates
from app.services.records.statements import SCOPE
from app.services.transitions import CONTRACTS
from app.services.writing import UnitOfWork

CONTRACT = CATALOGUE["Contract"]
_SIGNED = ("customer_signed_on", "company_signed_on")
_TAKEN = ("customer_id", *SCOPE, "opportunity_id", "type", "auto_renew", "total", "currency")
_DAY = dt.timedelta(days=1)
_LAST = dt.date.fromisoformat(LATEST)


async def sign(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes who has signed. When both sides have, the contract is signed; until then it stays where it stands."""
    for draft in drafts:
        assert draft.old is not None
        if not {"customerSignedOn", "companySignedOn"} & set(draft.given):
            draft.note(Required("required", ("customerSignedOn",)))
        is_whole = all(draft.row[name] is not None for name in _SIGNED)
        if move(draft, CONTRACTS, "sign") and not is_whole:
            draft.row["status"] = draft.old["status"]


async def renew(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has another contract follow, a draft on the same terms, from the day after the last and for as long."""
    for draft in drafts:
        if not move(draft, CONTRACTS, "renew"):
            continue
        taken = {name: draft.row[name] for name in _TAKEN}
        following = consequences.new(unit, CONTRACT, {**taken, **_term(unit, draft)})
        await numbers.draw(unit, [following])
        await rates.fix(unit, [following])
        if following.errors:
            draft.note(InvalidState("no_total"))
            continue
        await consequences.make(unit, [following])
        draft.brought["following"] = following


async def terminate(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Ends contracts before their time, on the day given or else today."""
    for draft in drafts:
        move(draft, CONTRACTS, "terminate")
        starts, ends = draft.row["start_date"], draft.row["end_date"]
        if "endDate" in draft.given:
            if ends is None:
                draft.note(Required("required", ("endDate",)))
        elif ends is None or ends > _today(unit):
            draft.row |= {"end_date": max(_today(unit), starts or _today(unit)), "renewal_notice_date": None}


def _today(unit: UnitOfWork) -> dt.date:
    return unit.now.astimezone(dt.UTC).date()


def _term(unit: UnitOfWork, draft: Draft) -> dict[str, Any]:
    """First and last day: from the day after a contract's end, by as many months, or else days, as it ran."""
    starts, ends = draft.row["start_date"], draft.row["end_date"]
    if ends is None or ends >= _LAST:
        return {"start_date": _today(unit), "end_date": None}
    after = ends + _DAY
    return {"start_date": after, "end_date": _prolonged(starts, after) if starts is not None else None}


def _prolonged(starts: dt.date, after: dt.date) -> dt.date | None:
    """The last day of a term that begins where one ended; None where that is beyond the calendar."""
    months = (after.year - starts.year) * 12 + after.month - starts.month
    try:
        found = _later(after, months) if starts.day == after.day else after + (after - starts)
    except (OverflowError, ValueError):
        return None
    return found - _DAY if found - _DAY <= _LAST else None


def _later(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last day of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))
