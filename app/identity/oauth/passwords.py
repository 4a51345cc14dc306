"""Passwords: argon2id (RFC 9106), and a lock that closes for longer with each wrong one after the fifth.

To hash one takes 64 MiB and all cores for a while, and anybody may have it done; so few are hashed at a time, and the others wait.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from pwdlib import PasswordHash
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.oauth.families import GRANTS, USERS
from app.identity.oauth.forgetting import KEPT
from app.identity.oauth.sessions import SESSIONS
from app.models import Base
from app.services.ordering import CHANGE_RIGHTS
from app.services.writing import take_turn

T = TypeVar("T")

FREE, LONGEST_LOCK = 5, 3_600
"""Wrong passwords before the lock closes; seconds that it stays closed at most: 30, 60, 120 …"""
SHORTEST, LONGEST = 12, 1_024
"""Characters of a password."""

CREDENTIALS = Base.metadata.tables["credentials"]
_HASH = PasswordHash.recommended()
_THREADS = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // 2), "password")
_NOW = sa.func.now()
_UNHURRIED = sa.text("SET LOCAL synchronous_commit TO off")


class WeakPassword(ValueError):
    """A password that is too short, or too long to be hashed."""


@cache
def _nobody() -> str:
    """What is compared with where there is no user, so that it takes as long."""
    return _HASH.hash("nobody's password")


async def put(connection: AsyncConnection, user: UUID, password: str) -> None:
    """Sets a user's password, and ends what rests on the one before. Raises WeakPassword, Unsettled."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"a password has {SHORTEST} to {LONGEST} characters")
    hashed = await _beside(_HASH.hash, password)
    await take_turn(connection, CHANGE_RIGHTS)
    values = {"password": hashed, "failures": 0, "locked_until": None}
    made = insert(CREDENTIALS).values(user_id=user, **values)
    await connection.execute(
        made.on_conflict_do_update(index_elements=["user_id"], set_={**values, "changed_at": _NOW})
    )
    await connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user_id == user, SESSIONS.c.provider_id.is_(None)))
    theirs = (GRANTS.c.user_id == user, GRANTS.c.provider_id.is_(None), GRANTS.c.revoked_at.is_(None))
    await connection.execute(sa.update(GRANTS).where(*theirs).values(revoked_at=_NOW, kept_until=_NOW + KEPT))


async def attempt(connection: AsyncConnection, email: str) -> tuple[UUID, str] | None:
    """User and hash of an e-mail address, of whom an attempt is noted before it is looked at; None where none is open.

    The note is not waited for on the disk: so it takes no longer than where there is nobody.
    """
    await connection.execute(_UNHURRIED)
    mine = sa.and_(USERS.c.email == email.lower(), USERS.c.status == "ACTIVE", USERS.c.deleted_at.is_(None))
    is_open = sa.func.coalesce(CREDENTIALS.c.locked_until <= _NOW, sa.true())
    failures = CREDENTIALS.c.failures + 1
    beyond = sa.func.least(sa.func.greatest(failures - FREE, 0), 10)
    lock = sa.func.make_interval(0, 0, 0, 0, 0, 0, sa.func.least(15 * sa.func.power(2.0, beyond), LONGEST_LOCK))
    noted = (
        sa.update(CREDENTIALS)
        .where(CREDENTIALS.c.user_id == USERS.c.id, mine, is_open)
        .values(failures=failures, locked_until=sa.case((failures > FREE, _NOW + lock), else_=None))
    )
    found = await connection.execute(noted.returning(CREDENTIALS.c.user_id, CREDENTIALS.c.password))
    row = found.one_or_none()
    return (row.user_id, row.password) if row is not None else None


async def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one of a hash; it takes as long where there is none."""
    return await _beside(_matches, password if len(password) <= LONGEST else "", kept)


def _matches(password: str, kept: str | None) -> bool:
    return _HASH.verify(password, kept or _nobody()) and kept is not None


async def _beside(work: Callable[..., T], *given: str | None) -> T:
    """What a piece of work comes to, beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work, *given)


async def is_locked(connection: AsyncConnection, user: UUID | None) -> bool:
    """Whether the lock is closed for a user; it takes as long where there is none, also with what is noted of it then."""
    await connection.execute(_UNHURRIED)
    asked = sa.select(CREDENTIALS.c.locked_until > _NOW).where(CREDENTIALS.c.user_id == user)
    return bool((await connection.execute(asked)).scalar_one_or_none())


async def settle(connection: AsyncConnection, user: UUID, kept: str) -> bool:
    """Forgets the wrong ones: the right one was given. False where another was set meanwhile."""
    same = sa.and_(CREDENTIALS.c.user_id == user, CREDENTIALS.c.password == kept)
    settled = sa.update(CREDENTIALS).where(same).values(failures=0, locked_until=None)
    return (await connection.execute(settled)).rowcount == 1
