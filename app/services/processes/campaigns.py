"""Campaigns: what they may spend, and whom they reach."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.models.catalogue import CATALOGUE
from app.models.enums import CampaignStatus
from app.services.errors import Invalid, InvalidState, NotFound, Refused, Required
from app.services.processes import reaching
from app.services.records import locking, statements
from app.services.records.creating import create
from app.services.records.drafts import Draft, Ref
from app.services.records.rules import rates
from app.services.values.storing import stored
from app.services.writing import UnitOfWork

MOST = 5_000
"""Customers that are added at once."""
_ENDED = (CampaignStatus.COMPLETE, CampaignStatus.CANCELED)
_MEMBER, _SEGMENT = CATALOGUE["CampaignMember"], CATALOGUE["Segment"]


async def commit(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Promises more of the budget to others; that it suffices is checked with the row."""
    for draft in drafts:
        asked, currency = draft.asked["amount"], draft.row["currency"]
        if currency is None:
            draft.row["committed"] = None
            draft.tell(Required("without_currency", ("amount",)), "currency")
            continue
        if asked.get("currency") not in (None, currency):
            draft.tell(Invalid("currency_mismatch", ("amount",), currency=currency), "currency")
        if draft.row["status"] in _ENDED:
            draft.note(InvalidState("not_possible"))
        try:
            added: Any = stored(draft.resource.fields["committed"], asked["amount"])
            before = draft.old and draft.old["committed"]
            draft.row["committed"] = stored(draft.resource.fields["committed"], (before or Decimal(0)) + added)
        except Invalid as fault:
            draft.note(fault.at(("amount",)))
    await rates.fix(unit, drafts)


async def find_members(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Finds the customers of segments, and locks them before the campaigns."""
    for draft in drafts:
        segment: Ref = draft.asked["segment"]
        found = await reaching.members(unit, segment.id, MOST + 1) if segment.resource == _SEGMENT.name else []
        seen = await locking.customers(unit, found[:MOST])
        draft.carried["segment"] = {"customers": sorted(seen), "too_many": len(found) > MOST}


async def add_members(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Adds the customers of segments to campaigns, but for those who did not agree or asked to be left alone."""
    for draft in drafts:
        await _check(unit, draft)
        if not draft.errors:
            await _add(unit, draft, draft.carried["segment"]["customers"])


async def _check(unit: UnitOfWork, draft: Draft) -> None:
    segment: Ref = draft.asked["segment"]
    keys = statements.values_of(_SEGMENT, [(segment.id,)])
    is_seen = segment.resource == _SEGMENT.name and await unit.fetch(statements.in_view(unit.access, _SEGMENT), keys)
    if not is_seen:
        draft.note(NotFound("not_found", ("segment",)))
    if draft.carried["segment"]["too_many"]:
        draft.note(Invalid("too_many", ("segment",), max=MOST))
    if draft.row["status"] in _ENDED:
        draft.note(InvalidState("not_possible"))
    if draft.row["channel"] is None:
        draft.tell(InvalidState("without_channel"), "channel")


async def _add(unit: UnitOfWork, draft: Draft, customers: Sequence[UUID]) -> None:
    refused = await reaching.refused(unit, customers, draft.row)
    counts = await reaching.told(unit, refused, draft.row)
    members = [_member(draft, key) for key in customers if key not in refused]
    try:
        if members:
            await create(unit, members)
    except Refused as refusal:
        for error in refusal.errors:
            draft.note(error)
    draft.told = {
        "found": len(customers),
        "added": len(members),
        "withoutConsent": counts["Consent"],
        "doNotContact": counts["Contact"],
        "alreadyMembers": counts["CampaignMember"],
    }


def _member(draft: Draft, customer: UUID) -> Draft:
    given = {"customer": Ref("Customer", None, customer), "campaign": Ref("Campaign", None, draft.row["id"])}
    return Draft(_MEMBER, given, implied=tuple(given))
