"""Sessions: browsers in which a user has signed in, known by a cookie."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.oauth.families import USERS
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


async def begin(connection: AsyncConnection, user: UUID) -> str:
    """A new session's cookie."""
    cookie = fresh()
    values = {"digest": digest(cookie), "user_id": user, "expires_at": _NOW + LIVES}
    await connection.execute(sa.insert(SESSIONS).values(values))
    return cookie


async def find(connection: AsyncConnection, cookie: str | None) -> SignedIn | None:
    """Whose session a cookie is, if it holds and the user may sign in."""
    if not cookie:
        return None
    found = sa.select(USERS.c.id, USERS.c.display_name, SESSIONS.c.created_at).join(
        SESSIONS, SESSIONS.c.user_id == USERS.c.id
    )
    holds = (SESSIONS.c.expires_at > _NOW, USERS.c.status == "ACTIVE", USERS.c.deleted_at.is_(None))
    row = (await connection.execute(found.where(SESSIONS.c.digest == digest(cookie), *holds))).one_or_none()
    return SignedIn(row.id, row.display_name, row.created_at) if row is not None else None


async def end(connection: AsyncConnection, cookie: str | None) -> None:
    """Ends a session."""
    if cookie:
        await connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.digest == digest(cookie)))
