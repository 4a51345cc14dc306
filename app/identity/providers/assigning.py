"""Roles by a provider's rules: given where they hold, ended where they do not any more, at each sign-in.

Only what the provider gave is ended; of what somebody holds anyway nothing is given again. Each change leaves its event,
and moves the version of the user's rights as any other does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from app.identity.providers.finding import ASSIGNMENTS as GIVEN
from app.identity.providers.finding import Provider
from app.identity.providers.rules import Post, posts
from app.models import Base
from app.models.catalogue import CATALOGUE
from app.models.ids import uuid7
from app.services.administering import is_administered
from app.services.policies.store import active_policy
from app.services.records import events
from app.services.records.drafts import Draft, Row
from app.services.records.events import Op
from app.services.writing import driver_of

log = structlog.get_logger("c360.sign_in")

HELD = Base.metadata.tables["role_assignments"]
TABLES = {name: Base.metadata.tables[f"{name}s"] for name in ("role", "department", "region")}
Place: TypeAlias = tuple[UUID, UUID | None, UUID | None]
"""Keys of a role, a department and a region."""


async def is_settled(connection: AsyncConnection, provider: Provider, user: UUID, claims: Mapping[str, Any]) -> bool:
    """Whether the rules would change nothing."""
    given, ended = await _differences(connection, provider, user, claims)
    return not given and not ended


async def settle(
    connection: AsyncConnection, provider: Provider, user: UUID, claims: Mapping[str, Any]
) -> Sequence[Draft]:
    """Gives and ends what the rules say, in a transaction that has its turn to change rights: what was written."""
    given, ended = await _differences(connection, provider, user, claims)
    made = await _give(connection, provider.id, user, given)
    return [*made, *await end(connection, provider.id, await _ending(connection, provider, ended))]


async def _ending(connection: AsyncConnection, provider: Provider, keys: Sequence[UUID]) -> Sequence[UUID]:
    """Those of the assignments that may end: all but one without which nobody would administer the policy any more."""
    driver = await driver_of(connection)
    _, policy = await active_policy(driver.fetchrow) if keys else (0, None)
    if policy is None or not await is_administered(driver.fetch, policy):
        return keys
    found: list[UUID] = []
    for key in keys:
        if await is_administered(driver.fetch, policy, [*found, key]):
            found.append(key)
        else:
            log.warning("the last administrator keeps a role", provider=provider.code)
    return found


async def end(connection: AsyncConnection, provider: UUID, assignments: Iterable[UUID]) -> Sequence[Draft]:
    """Ends assignments that a provider gave: what was written."""
    keys = list(assignments)
    if not keys:
        return []
    before = await _rows(connection, sa.select(HELD).where(HELD.c.id.in_(keys), HELD.c.deleted_at.is_(None)))
    changed = {"deleted_at": sa.func.now(), "updated_at": sa.func.now(), "version": HELD.c.version + 1}
    ended = sa.update(HELD).where(HELD.c.id.in_([row["id"] for row in before]))
    after = await _rows(connection, ended.values(updated_by=provider, **changed).returning(*HELD.c))
    old = {row["id"]: row for row in before}
    drafts = [Draft(CATALOGUE["RoleAssignment"], {}, row=row, old=old[row["id"]]) for row in after]
    await events.write(await driver_of(connection), Op.DELETE, drafts, provider)
    await connection.execute(sa.delete(GIVEN).where(GIVEN.c.assignment_id.in_(keys)))
    return drafts


async def given_by(connection: AsyncConnection, provider: UUID, user: UUID | None = None) -> Sequence[UUID]:
    """The assignments that a provider gave, to one user or to all."""
    asked = sa.select(HELD.c.id).join(GIVEN, GIVEN.c.assignment_id == HELD.c.id)
    mine = (GIVEN.c.provider_id == provider, HELD.c.deleted_at.is_(None))
    whose = (HELD.c.user_id == user,) if user is not None else ()
    return (await connection.execute(asked.where(*mine, *whose))).scalars().all()


async def _give(connection: AsyncConnection, provider: UUID, user: UUID, places: Sequence[Place]) -> Sequence[Draft]:
    if not places:
        return []
    values = [
        {
            "id": uuid7(),
            "user_id": user,
            "role_id": role,
            "department_id": department,
            "region_id": region,
            "created_by": provider,
        }
        for role, department, region in places
    ]
    made = await _rows(connection, sa.insert(HELD).values(values).returning(*HELD.c))
    drafts = [Draft(CATALOGUE["RoleAssignment"], {}, row=row) for row in made]
    await events.write(await driver_of(connection), Op.CREATE, drafts, provider)
    noted = [{"assignment_id": row["id"], "provider_id": provider} for row in made]
    await connection.execute(sa.insert(GIVEN), noted)
    return drafts


async def _differences(
    connection: AsyncConnection, provider: Provider, user: UUID, claims: Mapping[str, Any]
) -> tuple[list[Place], list[UUID]]:
    """What is to be given, and which assignments are to be ended."""
    wanted = await _places(connection, provider, posts(provider.rules, claims))
    mine = set(await given_by(connection, provider.id, user))
    live = sa.select(HELD).where(HELD.c.user_id == user, HELD.c.deleted_at.is_(None))
    held = {row["id"]: _place(row) for row in await _rows(connection, live)}
    ended = [key for key, place in held.items() if key in mine and place not in wanted]
    return sorted(wanted - set(held.values()), key=str), ended


def _place(row: Row) -> Place:
    return row["role_id"], row["department_id"], row["region_id"]


async def _places(connection: AsyncConnection, provider: Provider, wanted: Iterable[Post]) -> set[Place]:
    """Posts by their keys; one of which a part is not there gives nothing."""
    found: set[Place] = set()
    for post in wanted:
        keys = await keys_of(connection, post)
        if any(key is None and getattr(post, name) is not None for name, key in keys.items()):
            log.warning("a rule names what is not there", provider=provider.code, role=post.role)
            continue
        role = keys["role"]
        assert role is not None
        found.add((role, keys["department"], keys["region"]))
    return found


async def keys_of(connection: AsyncConnection, post: Post) -> dict[str, UUID | None]:
    """By part of a post: its key, None where there is none."""
    found: dict[str, UUID | None] = {}
    for name, table in TABLES.items():
        asked = sa.select(table.c.id).where(table.c.code == getattr(post, name), table.c.deleted_at.is_(None))
        found[name] = (await connection.execute(asked)).scalar_one_or_none()
    return found


async def _rows(connection: AsyncConnection, statement: Any) -> list[Row]:
    return [dict(row) for row in (await connection.execute(statement)).mappings()]
