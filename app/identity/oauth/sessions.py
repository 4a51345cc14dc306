"""Sessions: browsers in which a user has signed in, known by a cookie."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.oauth import forgetting
from app.identity.oauth.families import PROVIDERS, USERS
from app.identity.oauth.texts import digest, fresh
from app.models import Base

LIVES = dt.timedelta(hours=12)
SESSIONS = Base.metadata.tables["sessions"]
_NOW = sa.func.now()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user who has signed in, and when."""

    id: UUID
    name: str
    signed_in_at: dt.datetime
    provider: UUID | None = None
    """With which provider; None for a password."""


async def begin(
    connection: AsyncConnection, user: UUID, *, provider: UUID | None = None, signed_in_at: dt.datetime | None = None
) -> str:
    """A new session's cookie. Who signed in with a provider may have done so before."""
    cookie = fresh()
    values = {"digest": digest(cookie), "user_id": user, "provider_id": provider, "expires_at": _NOW + LIVES}
    if signed_in_at is not None:
        values["created_at"] = sa.func.least(signed_in_at, _NOW)
    await connection.execute(forgetting.SESSIONS)
    await connection.execute(sa.insert(SESSIONS).values(values))
    return cookie


async def find(connection: AsyncConnection, cookie: str | None) -> SignedIn | None:
    """Whose session a cookie is, if it holds and the user may sign in."""
    if not cookie:
        return None
    found = (
        sa.select(USERS.c.id, USERS.c.display_name, SESSIONS.c.created_at, SESSIONS.c.provider_id)
        .join(SESSIONS, SESSIONS.c.user_id == USERS.c.id)
        .outerjoin(PROVIDERS, PROVIDERS.c.id == SESSIONS.c.provider_id)
    )
    is_user = (USERS.c.status == "ACTIVE", USERS.c.deleted_at.is_(None))
    holds = (SESSIONS.c.expires_at > _NOW, PROVIDERS.c.disabled_at.is_(None), *is_user)
    row = (await connection.execute(found.where(SESSIONS.c.digest == digest(cookie), *holds))).one_or_none()
    return SignedIn(*row) if row is not None else None


async def end(connection: AsyncConnection, cookie: str | None) -> None:
    """Ends a session."""
    if cookie:
        await connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.digest == digest(cookie)))
