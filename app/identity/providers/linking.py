"""Who someone at a provider is here: by the provider and its subject, and by nothing else once that is known.

Who is not known yet is, if the provider is trusted to have verified addresses of that domain, and says that it has, the
user of that very e-mail address, unless somebody there is that user already; or becomes a user, if the provider brings
its own; or waits for an administrator (`c360 provider link`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.oauth.families import USERS
from app.identity.providers import assigning
from app.identity.providers.faults import NotLinked
from app.identity.providers.finding import LINKS, Provider
from app.models.catalogue import CATALOGUE
from app.models.ids import uuid7
from app.services.errors import Invalid
from app.services.ordering import CHANGE_RIGHTS
from app.services.records import events
from app.services.records.drafts import Draft
from app.services.records.events import Op
from app.services.values import reach
from app.services.writing import driver_of, take_turn

Claims = Mapping[str, Any]
Noting: TypeAlias = Callable[[AsyncConnection, Sequence[Draft]], Awaitable[None]]
"""Notes what was written for the audit trail, as the last thing of a transaction."""
LONGEST_NAME = 200


async def enter(connection: AsyncConnection, provider: Provider, claims: Claims, note: Noting) -> UUID:
    """The user that signed in, with the roles that the provider's rules give from now on.

    Raises NotLinked, Unsettled. Turns are taken with writes only where something changes.
    """
    async with connection.begin():
        user = await _known(connection, provider, claims["sub"])
        if user is not None and await assigning.is_settled(connection, provider, user, claims):
            return user
    async with connection.begin():
        await take_turn(connection, CHANGE_RIGHTS)
        user, made = await _known(connection, provider, claims["sub"]), list[Draft]()
        if user is None:
            user, made = await _found(connection, provider, claims)
        await note(connection, [*made, *await assigning.settle(connection, provider, user, claims)])
    return user


async def _known(connection: AsyncConnection, provider: Provider, subject: str) -> UUID | None:
    """The user of a subject. Raises NotLinked where that user may not sign in."""
    asked = (
        sa.select(USERS.c.id, USERS.c.status, USERS.c.deleted_at)
        .join(LINKS, LINKS.c.user_id == USERS.c.id)
        .where(LINKS.c.provider_id == provider.id, LINKS.c.subject == subject)
    )
    row = (await connection.execute(asked)).one_or_none()
    if row is None:
        return None
    if row.status != "ACTIVE" or row.deleted_at is not None:
        raise NotLinked("the user may not sign in", subject)
    found: UUID = row.id
    return found


async def _found(connection: AsyncConnection, provider: Provider, claims: Claims) -> tuple[UUID, list[Draft]]:
    """The user of somebody who is not known yet, and is from now on; and the record, if it is new. Raises NotLinked."""
    address, made = _address(claims), list[Draft]()
    theirs = await _of_address(connection, address)
    if theirs is None and provider.provisions:
        made = [await _made(connection, provider, claims, address if _is_trusted(provider, claims, address) else None)]
        user = made[0].row["id"]
    elif theirs is not None and _is_trusted(provider, claims, address) and theirs.status == "ACTIVE":
        user = theirs.id
    else:
        raise NotLinked("nobody here is known by that subject", claims["sub"])
    if not await link(connection, provider.id, claims["sub"], user):
        raise NotLinked("the user is somebody else there already", claims["sub"])
    return user, made


async def link(connection: AsyncConnection, provider: UUID, subject: str, user: UUID) -> bool:
    """Has a subject be a user from now on; False where it is, or the user has another there."""
    there = sa.and_(LINKS.c.provider_id == provider, sa.or_(LINKS.c.subject == subject, LINKS.c.user_id == user))
    if (await connection.execute(sa.select(sa.literal(1)).where(there))).first() is not None:
        return False
    await connection.execute(sa.insert(LINKS).values(provider_id=provider, subject=subject, user_id=user))
    return True


def _address(claims: Claims) -> str | None:
    """The e-mail address that is claimed, verified or not."""
    given = claims.get("email")
    try:
        return reach.email(given) if isinstance(given, str) and len(given) <= 320 else None
    except Invalid:
        return None


def _is_trusted(provider: Provider, claims: Claims, address: str | None) -> bool:
    """Whether the provider says that it verified an address, and may say so of that domain."""
    return (
        address is not None and claims.get("email_verified") is True and address.rpartition("@")[2] in provider.domains
    )


async def _of_address(connection: AsyncConnection, address: str | None) -> Any:
    """Key and status of the user of an address; None where there is none. One who was deleted has left."""
    if address is None:
        return None
    status = sa.case((USERS.c.deleted_at.is_(None), USERS.c.status), else_="LEFT").label("status")
    return (await connection.execute(sa.select(USERS.c.id, status).where(USERS.c.email == address))).one_or_none()


async def _made(connection: AsyncConnection, provider: Provider, claims: Claims, address: str | None) -> Draft:
    """A new user, who may sign in and holds no role yet. Raises NotLinked where there is no name to call it by."""
    names = (_name(claims.get(claim)) for claim in ("name", "preferred_username"))
    name = next(filter(None, (*names, address)), None)
    if name is None:
        raise NotLinked("the provider tells no name", claims["sub"])
    values = {"id": uuid7(), "display_name": name, "email": address, "status": "ACTIVE", "created_by": provider.id}
    made = await connection.execute(sa.insert(USERS).values(values).returning(*USERS.c))
    draft = Draft(CATALOGUE["User"], {}, row=dict(made.mappings().one()))
    await events.write(await driver_of(connection), Op.CREATE, [draft], provider.id)
    return draft


def _name(given: object) -> str | None:
    if not isinstance(given, str) or not given.isprintable() or len(given.strip()) > LONGEST_NAME:
        return None
    return given.strip() or None
