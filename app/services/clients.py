"""Clients made and changed by users: by those who may give the role that a client holds, where it holds it.

A client is given a role as a user is, so it takes the same right: to make the caller's own assignment of that role, for that
department and region. A client that the caller could not have made so is none that there is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from app.identity.oauth import registering
from app.identity.oauth.registering import BadClient, Fault, NewClient
from app.models.catalogue import CATALOGUE
from app.models.ids import uuid7
from app.services import auditing
from app.services.auditing import Kind
from app.services.errors import Forbidden, Invalid, NotFound, Refused, Required, UserError
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


def giving(access: Access) -> Permit:
    """What permits somebody to give roles."""
    return access.permits(Action.CREATE, ASSIGNMENT, GIVEN)


def grantable(access: Access) -> sa.TextualSelect:
    """The ids of the clients of whose role the caller might make an assignment of their own."""
    own = ASSIGNMENT.table.alias("own")
    pieces = fragments(own)
    me = together("CAST(", pieces.of(bound(Attribute("me"), sa.Uuid())), " AS uuid)")
    held = ", ".join(f"'{name}_id', client.{name}_id" for name in registering.NAMED)
    row = together("jsonb_build_object('user_id', ", me, ", ", held, ")")
    made = together("jsonb_populate_record(NULL::", ASSIGNMENT.table.name, ", ", row, ") AS own")
    granted = together("(", pieces.of(giving(access).after(own)), ") IS TRUE")
    found = together("SELECT client.id FROM oauth_clients AS client CROSS JOIN LATERAL ", made, " WHERE ", granted)
    return statement(found, [sa.column("id", sa.Uuid())])


async def create(unit: UnitOfWork, new: NewClient) -> str | None:
    """Makes a client, and gives its secret, if it keeps one. Raises Refused."""
    _check_any(unit)
    await _check_role(unit, new)
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
    try:
        held = await _held(unit, code)
    except BadClient:
        held = None
    if held is None or not await _may_give(unit, held):
        raise Refused([NotFound("not_found", ("code",))])


async def _check_role(unit: UnitOfWork, client: NewClient) -> None:
    """Raises Refused where the caller may not give the role that a client is to hold, first for what is wrong by itself."""
    if not await _may_give(unit, await registering.keys(unit.connection, client)):
        forbidden = Forbidden("forbidden", ("role",) if client.role else ())
        raise Refused(list(map(_told, client.faults())) or [forbidden])


async def _held(unit: UnitOfWork, code: str) -> Mapping[str, UUID | None]:
    """The role that a client holds, and for where. Raises BadClient."""
    return await registering.held_by(unit.connection, code)


async def _may_give(unit: UnitOfWork, held: Mapping[str, UUID | None]) -> bool:
    """Whether the caller might make an assignment of a role of their own."""
    unstored = statements.unstored(unit.access, ASSIGNMENT, Action.CREATE, GIVEN)
    columns = ASSIGNMENT.table.c.keys()
    row = {**dict.fromkeys(columns), "id": uuid7(), "user_id": unit.actor, **held}
    return bool(await unit.fetch(unstored, storing.rows([Draft(ASSIGNMENT, {}, row=row)], columns)))


async def _sound(work: Awaitable[T]) -> T:
    try:
        return await work
    except BadClient as bad:
        raise Refused(list(map(_told, bad.faults))) from None


def _told(fault: Fault) -> UserError:
    if fault.is_missing:
        return Required("required", (fault.part,))
    return Invalid("client_fault", (fault.part,), fault=fault.text)
