"""Users, roles and assignments: nobody gives what they could not have made an assignment of, and the policy keeps somebody
who administers it.

To give is to make an assignment, to widen one, to bring one back, and to let somebody have what they hold: a user who may
sign in again, or with another address, and a role that is back or has another code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from uuid import UUID

from app.models.enums import UserStatus
from app.services.administering import is_administered
from app.services.clients import ASSIGNMENT, GIVEN
from app.services.errors import Forbidden, InvalidState, UserError
from app.services.records import statements
from app.services.records.drafts import Draft, refuse
from app.services.writing import UnitOfWork
from policies.document import Action
from policies.standing import DELETED

_HELD = """
    SELECT id, user_id, role_id FROM role_assignments WHERE coalesce(valid_to > now(), true)
    AND (id = ANY($1::uuid[]) OR deleted_at IS NULL AND (user_id = ANY($1) OR role_id = ANY($1))) ORDER BY id"""


MAY_COME = (UserStatus.ACTIVE, UserStatus.INVITED)
"""Statuses of users who may sign in, or will."""


async def sign(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has assignments say who gave them."""
    for draft in drafts:
        if draft.is_new or _is_wider(draft):
            draft.row["granted_by"] = unit.user


async def guard(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has changes checked once they are made."""
    changed = [draft for draft in drafts if not draft.is_new]
    giving, taking = [d for d in changed if _gives(unit, d)], [d for d in changed if _takes(d)]
    if giving:
        unit.finally_do(partial(_check_given, unit, giving))
    if taking and await _is_administered(unit):
        unit.finally_do(partial(_check_administered, unit, taking))


async def leave(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes where the last who administers the policy would go; has what is brought back checked once it is."""
    back = [draft for draft in drafts if draft.old is not None and draft.old[DELETED] is not None]
    gone = [draft for draft in drafts if draft not in back]
    if back:
        unit.finally_do(partial(_check_given, unit, back))
    if gone and await _is_administered(unit) and not await _is_administered(unit, [d.row["id"] for d in gone]):
        _note(gone, InvalidState("last_administrator"))


def _gives(unit: UnitOfWork, draft: Draft) -> bool:
    if draft.resource is ASSIGNMENT:
        return _is_wider(draft)
    if draft.resource.name == "Role":
        return "code" in draft.changing
    is_another = draft.row["id"] != unit.user
    return is_another and bool(draft.changing & {"email", "status"}) and draft.row["status"] in MAY_COME


def _takes(draft: Draft) -> bool:
    """Whether somebody may lose something by it."""
    return draft.resource.name != "User" or "status" in draft.changing


def _is_wider(draft: Draft) -> bool:
    """Whether an assignment gives something that it did not give."""
    old, row = draft.old or {}, draft.row
    if draft.changing & GIVEN:
        return True
    begins = old.get("valid_from") is not None and (row["valid_from"] is None or row["valid_from"] < old["valid_from"])
    ends = old.get("valid_to") is not None and (row["valid_to"] is None or row["valid_to"] > old["valid_to"])
    return begins or ends


async def _check_given(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Raises Refused where the caller could not have made each assignment that these are, or that users or roles have."""
    held = await (await unit.driver).fetch(_HELD, [draft.row["id"] for draft in drafts])
    permitted = statements.after(unit.access, ASSIGNMENT, Action.CREATE, GIVEN)
    keys = [(row["id"],) for row in held]
    given = {row["id"] for row in await unit.fetch(permitted, statements.values_of(ASSIGNMENT, keys))} if keys else ()
    barred = {key for row in held if row["id"] not in given for key in row.values()}
    _note((draft for draft in drafts if draft.row["id"] in barred), Forbidden("forbidden", ("id",)))
    refuse(drafts)


async def _check_administered(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Raises Refused where nobody administers the policy any more."""
    if not await _is_administered(unit):
        _note(drafts, InvalidState("last_administrator"))
    refuse(drafts)


def _note(drafts: Iterable[Draft], error: UserError) -> None:
    for draft in drafts:
        draft.note(error)


async def _is_administered(unit: UnitOfWork, without: Iterable[UUID] = ()) -> bool:
    return await is_administered((await unit.driver).fetch, unit.access.policy, without)
