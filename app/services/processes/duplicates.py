"""Pairs of customers that may be one: looked at, and found to be two."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.enums import IssueKind, IssueStatus
from app.services.errors import InvalidState
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork

_UNDECIDED = (IssueStatus.OPEN, IssueStatus.DISMISSED)


async def dismiss(_unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes that customers are two. The search does not bring up such a pair again."""
    for draft in drafts:
        old = draft.old or {}
        if old["kind"] != IssueKind.DUPLICATE or old["status"] not in _UNDECIDED:
            draft.note(InvalidState("not_possible"))
