"""Notes what happens in the audit trail.

What is written is noted with it, as the last thing of its transaction: an event takes its place in the chain under a lock
that is held until the transaction ends, and nobody who has that lock waits for another. What is refused is noted in a
transaction of its own, so it stays where the write does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.auditing.kinds import Kind
from app.services.errors import HiddenConflict, UserError
from app.services.writing import UnitOfWork, driver_of

MOST_HIDDEN_CLASHES = 20
"""In an hour; then a caller tries no values that must be unique."""

_COUNT = "SELECT count(*) FROM audit_events WHERE actor = $1 AND kind = $2 AND at > now() - interval '1 hour'"
_INSERT = """
    INSERT INTO audit_events (kind, actor, client, request_id, subject, owner_id, details)
    SELECT $1, $2, $3, $4, $5, $6, $7::text::jsonb FROM generate_series(1, $8::int)"""


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, and how: nobody where the house itself did."""

    actor: UUID | None = None
    client: str | None = None
    request_id: str | None = None


async def so_far(unit: UnitOfWork, kind: Kind) -> int:
    """How often something was noted of the caller in the last hour."""
    found: int = await (await unit.driver).fetchval(_COUNT, unit.actor, kind)
    return found


async def hidden_clashes(unit: UnitOfWork) -> int:
    """How many hidden values the caller has met in the last hour."""
    return await so_far(unit, Kind.HIDDEN_CLASH)


async def record_clashes(
    connection: AsyncConnection, actor: UUID, request_id: str | None, mutation: str, errors: Iterable[UserError]
) -> None:
    """Notes the hidden clashes among mistakes, each by itself."""
    count = sum(isinstance(error, HiddenConflict) for error in errors)
    if count:
        await record(connection, Kind.HIDDEN_CLASH, mutation, By(actor, request_id=request_id), count=count)


def note_clashes(unit: UnitOfWork, mutation: str, errors: Sequence[UserError]) -> None:
    """Has the hidden clashes of what was left out noted with the rest of a write, once all else is done."""
    unit.finally_do(lambda: record_clashes(unit.connection, unit.actor, unit.request_id, mutation, errors))


async def note(
    unit: UnitOfWork,
    kind: Kind,
    subject: str,
    details: Mapping[str, Any] | None = None,
    owner: UUID | None = None,
) -> None:
    """Has something noted with the write, once all else is done."""
    client = unit.rights.client.code if unit.rights.client else None
    by = By(unit.actor, client, unit.request_id)
    unit.finally_do(lambda: record(unit.connection, kind, subject, by, details, owner=owner))


async def record(
    connection: AsyncConnection,
    kind: Kind,
    subject: str | None,
    by: By,
    details: Mapping[str, Any] | None = None,
    *,
    owner: UUID | None = None,
    count: int = 1,
) -> None:
    """Notes something in the open transaction, which should end soon."""
    await record_on(await driver_of(connection), kind, subject, by, details, owner=owner, count=count)


async def record_on(
    driver: asyncpg.Connection,
    kind: Kind,
    subject: str | None,
    by: By,
    details: Mapping[str, Any] | None = None,
    *,
    owner: UUID | None = None,
    count: int = 1,
) -> None:
    """Notes something in the open transaction of a connection of the driver."""
    told = orjson.dumps(details, default=str).decode() if details else None
    given = (kind, by.actor, by.client, by.request_id, subject, owner, told, count)
    await driver.execute(_INSERT, *given)


SHOWN = 12
"""Digits of a digest by which it is told."""


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks as whom, under a policy of which digest, and at what."""

    kind: Kind
    by: By
    person: UUID
    policy: str
    about: str
    """The digest of what was asked."""

    @property
    def actor(self) -> UUID | None:
        """Who looks."""
        return self.by.actor

    @property
    def details(self) -> dict[str, str]:
        """What is told of it: the beginnings of the digests."""
        return {"policy": self.policy[:SHOWN], "about": self.about[:SHOWN]}

    @property
    def row(self) -> tuple[str, UUID | None, str | None, str | None, str, str]:
        """What is noted of it: kind, actor, client, request, subject and details."""
        details = orjson.dumps(self.details).decode()
        return (self.kind, self.by.actor, self.by.client, self.by.request_id, str(self.person), details)


def digest_of(asked: str) -> str:
    """By which it is told what was asked."""
    return hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()


_INSERT_WHERE = """
    INSERT INTO audit_events (kind, actor, client, request_id, subject, details)
    SELECT {1}, {2}, {3}, {4}, {5}, {6}::text::jsonb FROM ({0}) AS stands RETURNING 1"""
_INSERT_LOOKS = """
    INSERT INTO audit_events (kind, actor, client, request_id, subject, details)
    SELECT kind, actor, client, request_id, subject, details::jsonb
    FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY
        AS looks (kind, actor, client, request_id, subject, details, n)
    ORDER BY n"""

Write: TypeAlias = Callable[..., Awaitable[Any]]
"""Runs one statement by itself, and gives its first row."""
Asked: TypeAlias = tuple[str, Sequence[Any]]
"""A statement, with its values."""


async def note_look(connection: AsyncConnection, look: Look) -> None:
    """Notes who looked as whom."""
    await note_looks(connection, [look])


async def note_looks(connection: AsyncConnection, looks: Sequence[Look]) -> None:
    """Notes several, in their order."""
    columns = zip(*(look.row for look in looks), strict=True)
    await (await driver_of(connection)).execute(_INSERT_LOOKS, *map(list, columns))


async def note_look_where(write: Write, asked: Asked, look: Look) -> bool:
    """Notes it in one statement by itself, where a statement without side effects gives a row; and says whether it does."""
    sql, given = asked
    places = [f"${len(given) + n}" for n in range(1, len(look.row) + 1)]
    return await write(_INSERT_WHERE.format(sql, *places), *given, *look.row) is not None
