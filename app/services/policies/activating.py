"""A version comes into force: if nothing is wrong with it, if it was made from what is in force, and if it leaves who does
this the right to undo it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.models.catalogue import CATALOGUE
from app.models.enums import PolicyStatus
from app.services import auditing
from app.services.auditing import Kind
from app.services.errors import Conflict, Forbidden, InvalidState, UserError
from app.services.policies import deciding
from app.services.policies.checking import Finding, judge
from app.services.policies.documents import documents_of
from app.services.policies.store import ensure_roles
from app.services.processes.moving import move
from app.services.records import events, statements, storing
from app.services.records.drafts import Draft, Row
from app.services.records.events import Op
from app.services.transitions import POLICIES
from app.services.writing import UnitOfWork, driver_of
from policies.access import Access, access
from policies.document import Action
from policies.rules import Policy

VERSION = CATALOGUE["PolicyVersion"]
ADMINISTERING = (
    (Action.READ, frozenset({"number", "status", "document"})),
    (Action.UPDATE, frozenset({"status"})),
    (Action.UPDATE, frozenset({"document"})),
    (Action.CREATE, frozenset({"document", "status"})),
)
"""What it takes to undo an activation: to read versions, to make and change drafts, and to have one come into force."""
_ACTIVE = "SELECT * FROM policy_versions WHERE status = 'ACTIVE' AND deleted_at IS NULL FOR UPDATE"


async def judge_ahead(connection: AsyncConnection, version: UUID | int | None) -> None:
    """Has the verdict on a version (by its key, or its number; None: that in force) known before it has its turn, as
    everybody waits meanwhile.
    """
    driver = await driver_of(connection)
    which = (
        "id = $1"
        if isinstance(version, UUID)
        else "CASE WHEN $1::int IS NULL THEN status = 'ACTIVE' ELSE number = $1 END"
    )
    found = await driver.fetchval(f"SELECT document FROM policy_versions WHERE {which}", version)
    if found is not None:
        await judge(driver, documents_of(found))


async def activate(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has a version come into force, that was made from the one that is."""
    for draft in drafts:
        await _activate(unit, draft, Kind.POLICY_ACTIVATED)


async def roll_back(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has a version come into force that was made from one that was in force."""
    for draft in drafts:
        await _activate(unit, draft, Kind.POLICY_ROLLED_BACK)


async def _activate(unit: UnitOfWork, draft: Draft, kind: Kind) -> None:
    assert draft.old is not None
    active = await _active(unit)
    policy = await _admitted(unit, draft, active, back=kind is Kind.POLICY_ROLLED_BACK)
    if policy is None or draft.errors:
        draft.row["status"] = draft.old["status"]  # or it would clash with the one that stays
        return
    await _retire(unit, active)
    await ensure_roles(await unit.driver, policy)
    draft.row["activated_at"] = unit.now
    await auditing.note(unit, kind, str(draft.row["number"]))


async def _admitted(unit: UnitOfWork, draft: Draft, active: Row | None, *, back: bool) -> Policy | None:
    """The policy that is to come into force; what stands in the way is noted."""
    assert draft.old is not None
    if not draft.sees("document"):
        draft.note(Forbidden("not_readable"))
        return None
    if not move(draft, POLICIES, "activate"):
        return None
    for error in () if back else await _hindered(unit, draft.old, active):
        draft.note(error)
    return await _sound(unit, draft)


async def _active(unit: UnitOfWork) -> Row | None:
    found = await (await unit.driver).fetchrow(_ACTIVE)
    return dict(found) if found else None


async def _hindered(unit: UnitOfWork, version: Row, active: Row | None) -> list[UserError]:
    """What of its life so far stands in the way of a version."""
    found: list[UserError] = []
    if active is None or version["based_on"] != active["id"]:
        found.append(Conflict("policy_outdated", current=active and active["number"]))
    if unit.four_eyes:
        decided = await deciding.approver(unit, version["id"])
        by_others = decided is not None and decided not in await deciding.writers(unit, version["id"])
        if version["status"] != PolicyStatus.APPROVED or not by_others:
            found.append(InvalidState("policy_not_approved"))
    return found


async def _sound(unit: UnitOfWork, draft: Draft) -> Policy | None:
    """The policy, if nothing is wrong with it; what is wrong is noted."""
    verdict = await judge(await unit.driver, documents_of(draft.row["document"]))
    for finding in verdict.errors:
        draft.note(_told(finding))
    if verdict.policy is not None and not await _keeps_rights(unit, draft, verdict.policy):
        draft.note(Forbidden("policy_own_rights"))
    return verdict.policy


def _told(finding: Finding) -> UserError:
    said = f"{finding.role}: {finding.message}" if finding.role else finding.message
    return InvalidState(
        "policy_fault",
        file=finding.file,
        line=finding.line,
        column=finding.column,
        check=finding.check,
        fault=said,
    )


async def _keeps_rights(unit: UnitOfWork, draft: Draft, policy: Policy) -> bool:
    """Whether who activates a policy has each right to administer policies under it, that it takes from nobody else."""
    then = access(policy, unit.rights.principal.shape)
    for action, fields in ADMINISTERING:
        for row in _lives(draft.row):
            now = await _granted(unit, unit.access, action, fields, row)
            if now and not await _granted(unit, then, action, fields, row):
                return False
    return True


def _lives(row: Row) -> Iterator[Row]:
    """A version as a draft, and in force."""
    for status in (PolicyStatus.DRAFT, PolicyStatus.ACTIVE):
        yield {**row, "status": status.value}


async def _granted(
    unit: UnitOfWork, rights: Access, action: Action, fields: frozenset[str], row: Mapping[str, Any]
) -> bool:
    """Whether an access grants an action on a row that stands nowhere yet."""
    asked = statements.unstored(rights, VERSION, action, fields)
    columns = VERSION.table.c.keys()
    return bool(await unit.fetch(asked, storing.rows([Draft(VERSION, {}, row=dict(row))], columns)))


async def _retire(unit: UnitOfWork, active: Row | None) -> None:
    """Ends the time of the version in force: a consequence, for which nobody needs a right."""
    if active is not None:
        retired = Draft(VERSION, {}, row={**active, "status": PolicyStatus.RETIRED.value}, old=active)
        await storing.update(unit, [retired])
        await events.record(unit, Op.UPDATE, [retired])
