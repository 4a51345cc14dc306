"""The audit trail: what callers met that they do not see, with who and when, and never with what it was.

It is written in a transaction of its own, so it stays where the write does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.errors import HiddenConflict, UserError
from app.services.writing import UnitOfWork, driver_of


class Kind(StrEnum):
    """What is noted."""

    HIDDEN_CLASH = "HIDDEN_CLASH"
    """A value was refused which a record has that the caller does not see."""
    CLIENT_CREATED = "CLIENT_CREATED"
    CLIENT_CHANGED = "CLIENT_CHANGED"
    CLIENT_ROTATED = "CLIENT_ROTATED"
    """A client has another secret."""
    CLIENT_DISABLED = "CLIENT_DISABLED"
    SIMULATED = "SIMULATED"
    """Somebody asked as somebody else."""
    EXPLAINED = "EXPLAINED"
    """Somebody was told why, or what, somebody else sees."""
    WEIGHED = "WEIGHED"
    """Somebody was told what a draft of the policy would change."""
    POLICY_DRAFTED = "POLICY_DRAFTED"
    POLICY_CHANGED = "POLICY_CHANGED"
    """A draft says something else."""
    POLICY_SUBMITTED = "POLICY_SUBMITTED"
    POLICY_APPROVED = "POLICY_APPROVED"
    POLICY_REJECTED = "POLICY_REJECTED"
    POLICY_DISCARDED = "POLICY_DISCARDED"
    POLICY_ACTIVATED = "POLICY_ACTIVATED"
    POLICY_ROLLED_BACK = "POLICY_ROLLED_BACK"
    POLICY_TESTED = "POLICY_TESTED"


MOST_HIDDEN_CLASHES = 20
"""In an hour; then a caller tries no values that must be unique."""

_COUNT = "SELECT count(*) FROM audit_events WHERE actor = $1 AND kind = $2 AND at > now() - interval '1 hour'"
_INSERT = """
    INSERT INTO audit_events (kind, actor, request_id, subject)
    SELECT $1, $2, $3, $4 FROM generate_series(1, $5::int)"""


async def hidden_clashes(unit: UnitOfWork) -> int:
    """How many hidden values the caller has met in the last hour."""
    found: int = await (await unit.driver).fetchval(_COUNT, unit.actor, Kind.HIDDEN_CLASH)
    return found


async def record_clashes(
    connection: AsyncConnection, actor: UUID, request_id: str | None, mutation: str, errors: Iterable[UserError]
) -> None:
    """Notes the hidden clashes among mistakes, each by itself."""
    count = sum(isinstance(error, HiddenConflict) for error in errors)
    if count:
        driver = await driver_of(connection)
        await driver.execute(_INSERT, Kind.HIDDEN_CLASH, actor, request_id, mutation, count)


async def note(unit: UnitOfWork, kind: Kind, subject: str) -> None:
    """Notes what is written, with the write."""
    await (await unit.driver).execute(_INSERT, kind, unit.actor, unit.request_id, subject, 1)


SHOWN = 12
"""Digits of a digest by which it is told."""


async def note_look(
    connection: AsyncConnection, kind: Kind, actor: UUID, request_id: str | None, person: UUID, policy: str, about: str
) -> None:
    """Notes who looked as whom, by the beginnings of the digests of the policy and of what was asked."""
    driver = await driver_of(connection)
    subject = " ".join(
        (str(person), policy[:SHOWN], hashlib.sha256(about.encode("utf-8", "replace")).hexdigest()[:SHOWN])
    )
    await driver.execute(_INSERT, kind, actor, request_id, subject, 1)
