"""A draft becomes a shadow of the policy in force, for a while, and ceases to be one."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence

from app.services import auditing
from app.services.auditing import Kind
from app.services.auditing.noting import SHOWN
from app.services.errors import Conflict, Forbidden, Invalid, InvalidState, Required
from app.services.policies import shadows
from app.services.policies.documents import documents_of
from app.services.policies.drafts import told
from app.services.policies.looking import read_policy
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork
from policies.faults import PolicyError
from policies.rules import Policy

LONGEST = dt.timedelta(days=31)


async def start(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has drafts asked beside the version in force, of a share of all reads and until a moment."""
    for draft in drafts:
        policy = await _admitted(unit, draft)
        if policy is not None and not draft.errors:
            await shadows.forget(await unit.driver)
            row = draft.row
            said = {"policy": policy.digest[:SHOWN], "share": row["shadow_share"], "until": row["shadow_until"]}
            await auditing.note(unit, Kind.POLICY_SHADOW_STARTED, str(row["number"]), said)


async def _admitted(unit: UnitOfWork, draft: Draft) -> Policy | None:
    """The policy of a draft that can be compared; what stands in the way is noted."""
    if not draft.sees("document"):
        draft.note(Forbidden("not_readable"))
        return None
    if draft.row["status"] not in shadows.OPEN:
        draft.tell(InvalidState("policy_not_open"), "status")
        return None
    _check_bounds(unit, draft)
    if await shadows.others(await unit.driver, draft.row["id"]):
        draft.note(Conflict("policy_shadowed"))
    try:
        files = documents_of(draft.row["document"]).files
        return await asyncio.to_thread(read_policy, files, unit.access.policy)
    except PolicyError as error:
        for fault in error.faults:
            draft.note(told(fault))
        return None


def _check_bounds(unit: UnitOfWork, draft: Draft) -> None:
    for name in ("shadowShare", "shadowUntil"):
        if name not in draft.set or draft.given[name] is None:
            draft.note(Required("required", (name,)))
    share, until = draft.row["shadow_share"], draft.row["shadow_until"]
    if share is not None and not 0 < share <= 100:
        draft.note(Invalid("policy_shadow_share", ("shadowShare",)))
    if until is not None and not unit.now < until <= unit.now + LONGEST:
        draft.note(Invalid("policy_shadow_until", ("shadowUntil",), days=LONGEST.days))


async def stop(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has drafts asked no longer. What was counted stays."""
    for draft in drafts:
        assert draft.old is not None
        if draft.old["shadow_until"] is None or draft.old["shadow_until"] <= unit.now:
            draft.tell(InvalidState("policy_not_shadowed"), "shadowUntil")
        else:
            await auditing.note(unit, Kind.POLICY_SHADOW_STOPPED, str(draft.row["number"]))
