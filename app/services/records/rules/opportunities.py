"""Opportunities: the stage brings its pipeline, probability and forecast with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.models.enums import OpportunityType, StageOutcome
from app.services.errors import InvalidState
from app.services.records.drafts import Draft
from app.services.stages import LEADS, SALES
from app.services.writing import UnitOfWork

_FIRST = """
    SELECT DISTINCT ON (pipeline_code) id, pipeline_code, code, probability_pct, forecast_category
    FROM pipeline_stages WHERE pipeline_code = ANY($1) AND deleted_at IS NULL ORDER BY pipeline_code, position"""


async def first(unit: UnitOfWork) -> Mapping[str, Mapping[str, Any]]:
    """The first stages of our pipelines."""
    found = await (await unit.driver).fetch(_FIRST, [SALES, LEADS])
    return {row["pipeline_code"]: row for row in found}


async def place(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Puts opportunities where their stage is; a new one without a stage is at its pipeline's first."""
    new = [draft for draft in drafts if draft.old is None and "stage" not in draft.given]
    if new:
        stages = await first(unit)
        for draft in new:
            stage = stages.get(LEADS if draft.row.get("type") == OpportunityType.LEAD else SALES)
            if stage is not None:
                draft.row["stage_id"] = stage["id"]
                draft.carried["stage"] = stage
    for draft in drafts:
        if (stage := draft.carried.get("stage")) is not None:
            _at(draft, stage)


def _at(draft: Draft, stage: Mapping[str, Any]) -> None:
    if draft.old is None and stage.get("outcome", StageOutcome.OPEN) != StageOutcome.OPEN:
        draft.note(InvalidState("begins_open", ("stage",)))
    draft.row |= {"pipeline_code": stage["pipeline_code"], "stage_code": stage["code"]}
    given = {draft.resource.fields[name].column.name for name in draft.set}
    draft.row |= {name: stage[name] for name in ("probability_pct", "forecast_category") if name not in given}
