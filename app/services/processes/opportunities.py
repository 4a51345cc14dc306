"""Opportunities move from stage to stage of their pipeline, and are closed as won or lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.models.enums import StageOutcome
from app.services.errors import InvalidState, Required
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork


async def change_stage(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Moves opportunities: within their pipeline, by the rules of the stage entered."""
    for draft in drafts:
        stage = draft.carried.get("stage")
        if stage is None:
            draft.note(Required("required", ("stage",)))
        elif draft.old is not None and stage["pipeline_code"] != draft.old["pipeline_code"]:
            draft.note(InvalidState("another_pipeline", ("stage",)))
        else:
            _enter(unit, draft, stage)


def _enter(unit: UnitOfWork, draft: Draft, stage: Mapping[str, Any]) -> None:
    for column in _needed(stage):
        if draft.row.get(column) is None:
            draft.note(Required("required_here", (draft.resource.of_column(column) or column,), stage=stage["code"]))
    outcome = stage["outcome"]
    if outcome == StageOutcome.LOST and draft.row.get("lost_reason") is None:
        draft.note(Required("required", ("lostReason",)))
    if outcome == StageOutcome.OPEN:
        draft.row |= {"closed_at": None, "lost_reason": None}
    else:
        draft.row["closed_at"] = draft.row.get("closed_at") or unit.now


def _needed(stage: Mapping[str, Any]) -> Sequence[str]:
    """Columns that the stage asks to be filled in (`entry_rules`: {"required": [columns]})."""
    rules = stage.get("entry_rules") or {}
    return [name for name in rules.get("required", ()) if isinstance(name, str)]
