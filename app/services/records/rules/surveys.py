"""Answers to surveys: on the scale that the survey had when it was sent."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork


async def scale(_unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Gives new answers the scale of their survey."""
    for draft in drafts:
        survey = draft.carried.get("survey")
        if draft.old is None and survey is not None:
            draft.row |= {name: survey[name] for name in ("scale_min", "scale_max")}
