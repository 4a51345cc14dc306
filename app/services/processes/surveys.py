"""Surveys: sent to customers, and answered once."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.enums import SurveyStatus
from app.services.errors import InvalidState, Required
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork

_ANSWERS = ("score", "comment", "answers")


async def send(_unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Sends surveys that are being sent."""
    for draft in drafts:
        survey = draft.carried.get("survey")
        if survey is not None and survey["status"] != SurveyStatus.ACTIVE:
            draft.note(InvalidState("not_active", ("survey",)))


async def submit(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes what the customers answered, and when."""
    for draft in drafts:
        if all(draft.given.get(name) is None for name in _ANSWERS):
            draft.note(Required("required", ("score",)))
        if draft.row["responded_at"] is not None:
            draft.tell(InvalidState("answered_already"), "respondedAt")
        draft.row["responded_at"] = max(unit.now, draft.row["sent_at"] or unit.now)
