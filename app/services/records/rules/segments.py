"""Segments: whom a rule finds is seen with its owner's eyes, so nobody writes one for another.

Nor does a client that acts for the owner and bounds the owner's rights, for the rule is not asked within these bounds.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.models.enums import SegmentKind
from app.services.errors import Forbidden
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork

_JUDGED = ("kind", "rule", "owner_id")
"""Columns that decide with whose eyes what is found."""


async def own(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has new segments with a rule owned by who makes them. Notes rules that would look with the eyes of another."""
    for draft in drafts:
        if draft.row.get("kind") != SegmentKind.DYNAMIC:
            continue
        if draft.old is None and draft.row.get("owner_id") is None:
            draft.row["owner_id"] = unit.user
        is_bounded = bool(unit.rights.principal.ceilings) or unit.user is None
        changes = draft.old is None or any(draft.row[name] != draft.old[name] for name in _JUDGED)
        if changes and (is_bounded or draft.row["owner_id"] != unit.actor):
            draft.note(Forbidden("rule_of_another", ("rule" if "rule" in draft.set else "owner",)))
