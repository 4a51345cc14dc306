"""Clients made and changed by users: by those who may give the role that a client holds, where it holds it.

A client is given a role as a user is, so it takes the same right: to make the caller's own assignment of that role, for that
department and region. One of the house's own acts with all rights of whoever signs in, unasked: it takes the right to give every
role, everywhere. A client that the caller could not have made so is none that there is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar
from uuid import UUID

import sqlalchemy as sa

from app.identity.oauth import registering
from app.identity.oauth.declaring import BadClient, Fault, NewClient
from app.models.catalogue import CATALOGUE
from app.models.ids import uuid7
from app.services import auditing
from app.services.auditing import Kind
from app.services.errors import (
    Forbidden,
    HiddenConflict,
    Invalid,
    NotFound,
    RateLimited,
    Refused,
    Required,
    UserError,
)
from app.services.records import statements, storing
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork
from policies.access import Access
from policies.conditions import Attribute
from policies.document import Action
from policies.fragments import fragments, statement, together
from policies.permits import Permit
from policies.predicates import bound

T = TypeVar("T")

ASSIGNMENT = CATALOGUE["RoleAssignment"]
GIVEN = frozenset({"user", "role", "department", "region"})
Post: TypeAlias = Mapping[str, UUID | None]
"""By column, a role, and for where."""


def giving(access: Access) -> Permit:
    """What permits somebody to give roles."""
    return access.permits(Action.CREATE, ASSIGNMENT, GIVEN)


_POSTS = """
    SELECT client.role_id, client.department_id, client.region_id
    UNION ALL SELECT role.id, NULL, NULL FROM roles AS role WHERE client.is_own AND role.deleted_at IS NULL"""
"""What somebody has to be able to give in order to make a client."""


def grantable(access: Access) -> sa.TextualSelect:
    """The ids of the clients of whose role the caller might make an assignment of their own; of the house's, of every role."""
    own = ASSIGNMENT.table.alias("own")
    pieces = fragments(own)
    me = together("CAST(", pieces.of(bound(Attribute("me"), sa.Uuid())), " AS uuid)")
    held = ", ".join(f"'{name}_id', post.{name}_id" for name in registering.NAMED)
    row = together("jsonb_build_object('user_id', ", me, ", ", held, ")")
    made = together("jsonb_populate_record(NULL::", ASSIGNMENT.table.name, ", ", row, ") AS own")
    denied = together("(", pieces.of(giving(access).after(own)), ") IS NOT TRUE")
    posts = together("SELECT FROM (", _POSTS, ") AS post CROSS JOIN LATERAL ", made, " WHERE ", denied)
    found = together("SELECT client.id FROM oauth_clients AS client WHERE NOT EXISTS (", posts, ")")
    return statement(found, [sa.column("id", sa.Uuid())])


async def create(unit: UnitOfWork, new: NewClient, *, only_validate: bool) -> str | None:
    """Makes a client, and gives its secret, if it keeps one. Raises Refused."""
    _check_any(unit)
    await _check_role(unit, new)
    if not await _is_free(unit, new, only_validate=only_validate):
        return None
    secret = await _sound(registering.register(unit.connection, new))
    await auditing.note(unit, Kind.CLIENT_CREATED, new.code)
    return secret


async def update(unit: UnitOfWork, code: str, change: Callable[[NewClient], NewClient]) -> NewClient:
    """Changes a client, and gives it as it is then. Raises Refused."""
    await _check(unit, code)
    changed = change(await load(unit, code))
    await _check_role(unit, changed)
    await _sound(registering.put(unit.connection, changed))
    await auditing.note(unit, Kind.CLIENT_CHANGED, code)
    return changed


async def rotate(unit: UnitOfWork, code: str) -> str:
    """A new secret; the one of before holds for another day. Raises Refused."""
    await _check(unit, code)
    secret = await _sound(registering.rotate(unit.connection, code))
    await auditing.note(unit, Kind.CLIENT_ROTATED, code)
    return secret


async def disable(unit: UnitOfWork, code: str) -> None:
    """Shuts a client out. Raises Refused."""
    await _check(unit, code)
    await _sound(registering.disable(unit.connection, code))
    await auditing.note(unit, Kind.CLIENT_DISABLED, code)


async def load(unit: UnitOfWork, code: str) -> NewClient:
    """A client as it is. Raises Refused."""
    return await _sound(registering.load(unit.connection, code))


def _check_any(unit: UnitOfWork) -> None:
    if not giving(unit.access).possible:
        raise Refused([Forbidden("forbidden")])


async def _check(unit: UnitOfWork, code: str) -> None:
    """Raises Refused for a client that is not there, or is none of those that the caller may make."""
    _check_any(unit)
    if not await _is_seen(unit, code):
        raise Refused([NotFound("not_found", ("code",))])


async def _is_seen(unit: UnitOfWork, code: str) -> bool | None:
    """Whether a client is one of those that the caller may make; None where there is none of that code."""
    try:
        held = await registering.held_by(unit.connection, code)
    except BadClient:
        return None
    posts = [{name: key for name, key in held.items() if name != "is_own"}]
    return await _may_give(unit, posts + (await _everything(unit) if held["is_own"] else []))


async def _is_free(unit: UnitOfWork, new: NewClient, *, only_validate: bool) -> bool:
    """Whether no client has a code; one that the caller sees is told by who makes another.

    Raises Refused for one that the caller does not see, unless it is only to be validated.
    """
    if not only_validate and await auditing.hidden_clashes(unit) >= auditing.MOST_HIDDEN_CLASHES:
        raise Refused([RateLimited("too_many_clashes")])
    is_hidden = not new.faults() and await _is_seen(unit, new.code) is False
    if is_hidden and not only_validate:
        raise Refused([HiddenConflict("conflict")])
    return not is_hidden


async def _check_role(unit: UnitOfWork, client: NewClient) -> None:
    """Raises Refused where the caller may not give the role that a client is to hold, first for what is wrong by itself.

    One of the house's own bounds nobody's rights: it is for those who may give every role, everywhere.
    """
    if not await _may_give(unit, [await registering.keys(unit.connection, client)]):
        forbidden = Forbidden("forbidden", ("role",) if client.role else ())
    elif client.is_own and not await _may_give(unit, await _everything(unit)):
        forbidden = Forbidden("forbidden", ("isOwn",))
    else:
        return
    raise Refused(list(map(_told, client.faults())) or [forbidden])


async def _everything(unit: UnitOfWork) -> list[Post]:
    """Every role, everywhere."""
    roles = registering.NAMED["role"]
    found = await unit.connection.execute(sa.select(roles.c.id).where(roles.c.deleted_at.is_(None)))
    return [{"role_id": key, "department_id": None, "region_id": None} for key in found.scalars()]


async def _may_give(unit: UnitOfWork, posts: Sequence[Post]) -> bool:
    """Whether the caller might make assignments of roles of their own."""
    unstored = statements.unstored(unit.access, ASSIGNMENT, Action.CREATE, GIVEN)
    columns = ASSIGNMENT.table.c.keys()
    rows = [{**dict.fromkeys(columns), "id": uuid7(), "user_id": unit.actor, **post} for post in posts]
    drafts = [Draft(ASSIGNMENT, {}, row=row) for row in rows]
    return len(await unit.fetch(unstored, storing.rows(drafts, columns))) == len(posts)


async def _sound(work: Awaitable[T]) -> T:
    try:
        return await work
    except BadClient as bad:
        raise Refused(list(map(_told, bad.faults))) from None


def _told(fault: Fault) -> UserError:
    if fault.is_missing:
        return Required("required", (fault.part,))
    return Invalid("client_fault", (fault.part,), fault=fault.text)
