"""From a draft to what may come into force: submitted, approved or rejected, or given up.

Where four eyes are asked for, nobody approves what they wrote or submitted: who did is read from the change events.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.services import auditing
from app.services.auditing import Kind
from app.services.errors import Forbidden, Required
from app.services.processes.moving import move
from app.services.records.drafts import Draft
from app.services.transitions import POLICIES
from app.services.writing import UnitOfWork

_WROTE = """
    SELECT DISTINCT actor FROM change_events
    WHERE entity = 'policy_versions' AND entity_id = $1
        AND (op = 'CREATE' OR changed ? 'document' OR changed #>> '{status,1}' = 'SUBMITTED')"""
_APPROVED = """
    SELECT actor FROM change_events
    WHERE entity = 'policy_versions' AND entity_id = $1 AND changed #>> '{status,1}' = 'APPROVED'
    ORDER BY seq DESC LIMIT 1"""


async def writers(unit: UnitOfWork, version: UUID) -> set[UUID]:
    """Who wrote a version, or submitted it."""
    return {row["actor"] for row in await (await unit.driver).fetch(_WROTE, version)}


async def approver(unit: UnitOfWork, version: UUID) -> UUID | None:
    """Who approved a version last."""
    found: UUID | None = await (await unit.driver).fetchval(_APPROVED, version)
    return found


async def submit(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Asks for approval."""
    for draft in drafts:
        if move(draft, POLICIES, "submit"):
            draft.row |= {"submitted_by": unit.user, "decided_by": None, "decided_at": None, "reason": None}
            await _note(unit, Kind.POLICY_SUBMITTED, draft)


async def approve(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Lets a version come into force."""
    for draft in drafts:
        if move(draft, POLICIES, "approve"):
            if unit.four_eyes and unit.actor in await writers(unit, draft.row["id"]):
                draft.note(Forbidden("policy_own_work"))
                continue
            draft.row |= {"decided_by": unit.user, "decided_at": unit.now}
            await _note(unit, Kind.POLICY_APPROVED, draft)


async def reject(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Turns a version down, and says why."""
    for draft in drafts:
        if "reason" not in draft.set or not draft.row["reason"]:
            draft.note(Required("required", ("reason",)))
        elif move(draft, POLICIES, "reject"):
            draft.row |= {"decided_by": unit.user, "decided_at": unit.now}
            await _note(unit, Kind.POLICY_REJECTED, draft)


async def discard(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Gives a version up."""
    for draft in drafts:
        if move(draft, POLICIES, "discard"):
            await _note(unit, Kind.POLICY_DISCARDED, draft)


async def _note(unit: UnitOfWork, kind: Kind, draft: Draft) -> None:
    await auditing.note(unit, kind, str(draft.row["number"]))
