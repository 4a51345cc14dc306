"""Leads become opportunities."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.catalogue import CATALOGUE
from app.models.enums import OpportunityType
from app.services.errors import InvalidState, Refused
from app.services.processes.moving import move
from app.services.records.creating import create
from app.services.records.drafts import Draft, Ref
from app.services.records.rules import opportunities
from app.services.stages import SALES
from app.services.transitions import LEADS
from app.services.writing import UnitOfWork

CUSTOMER, CONTACT = CATALOGUE["Customer"], CATALOGUE["Contact"]
_PLACE = ("pipeline_code", "probability_pct", "forecast_category")


async def convert(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Puts leads at the first stage of the sales process, with a contact made of what is given."""
    stage = (await opportunities.first(unit)).get(SALES)
    for draft in drafts:
        assert draft.old is not None
        if draft.old["type"] != OpportunityType.LEAD or stage is None:
            draft.note(InvalidState("not_possible"))
        elif move(draft, LEADS, "convert", "stageCode"):
            draft.row |= {name: stage[name] for name in _PLACE}
            draft.row |= {"stage_id": stage["id"], "stage_code": stage["code"], "converted_at": unit.now}
        if draft.asked.get("contact") is not None:
            await _make_contact(unit, draft)
        _bring(draft)


async def _make_contact(unit: UnitOfWork, draft: Draft) -> None:
    """A contact of the caller's making, at their own rights."""
    customer = Ref(CUSTOMER.name, None, draft.row["customer_id"])
    given = {"customer": customer, **draft.asked["contact"]}
    contact = Draft(CONTACT, given, (*draft.place, "contact"), implied=("customer",))
    try:
        await create(unit, [contact])
    except Refused as refusal:
        draft.errors.extend(refusal.errors)
    else:
        draft.row["primary_contact_id"] = contact.row["id"]


def _bring(draft: Draft) -> None:
    owner, contact = draft.row["customer_id"], draft.row["primary_contact_id"]
    draft.brought["customer"] = Draft(CUSTOMER, {}, row={"id": owner})
    if contact is not None:
        draft.brought["contact"] = Draft(CONTACT, {}, row={"customer_id": owner, "id": contact})
