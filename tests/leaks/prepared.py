"""Databases made ready: a company, and for each of some personas a twin of it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.engine import make_url

from tests.conftest import TestServer
from tests.leaks.founding import found_company
from tests.leaks.histories import Event, alike, differing, readers, write
from tests.leaks.histories import draw as draw_events
from tests.leaks.holders import ceilings
from tests.leaks.making import Maker
from tests.leaks.personas import BY_NAME, PERSONAS, Persona, policy_texts
from tests.leaks.twins import make_twin
from tests.leaks.views import Eyes, documents
from tests.leaks.worlds import World
from tests.oracle import Party


@dataclass(frozen=True)
class Twin:
    """A database that a persona cannot tell from the first."""

    persona: Persona
    dsn: str
    world: World
    events: Sequence[Event] = ()
    """Of which the persona is shown what it is shown of the first's."""


@dataclass(frozen=True)
class Prepared:
    """A company's database, a copy of it that stays as it is, and its twins."""

    dsn: str
    untouched: str
    """Name of the copy, from which others are made."""
    world: World
    twins: tuple[Twin, ...]
    now: dt.datetime
    secret: bytes
    """The deployment's; copies have it, too."""
    events: Sequence[Event] = ()
    """What was changed of its rows."""

    @cached_property
    def documents(self) -> Sequence[Mapping[str, Any]]:
        """The policy's documents."""
        return documents(policy_texts())

    def user(self, persona: Persona) -> UUID:
        """A persona's user."""
        found: UUID = next(row["id"] for row in self.world["User"].values() if row["email"] == persona.email)
        return found

    def eyes(self, persona: Persona) -> Eyes:
        """What a persona sees with."""
        return Eyes(self.user(persona), self.documents, self.now, self.secret, self.ceilings(persona))

    def ceilings(self, persona: Persona) -> tuple[Party, ...]:
        """The parties that bound a persona; what they hold is no part of the database."""
        return ceilings(persona, self.user(BY_NAME["rep"]), self.world)


@asynccontextmanager
async def _open(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that does not wait for the disk."""
    connection = await asyncpg.connect(dsn, server_settings={"synchronous_commit": "off"})
    try:
        yield connection
    finally:
        await connection.close()


async def _found(dsn: str, seed: int, size: float) -> tuple[World, bytes]:
    async with _open(dsn) as connection:
        secret = await connection.fetchval("SELECT secret FROM policy_state")
        return await found_company(connection, policy_texts(), seed, size=size), secret


async def _change(dsn: str, world: World, eyes: Eyes, seed: int) -> World:
    async with _open(dsn) as connection:
        return await make_twin(connection, world, eyes, Random(seed))


async def _remember(ready: Prepared, untouched: str, seed: int) -> Prepared:
    """The same databases with histories: of what was changed each persona is shown the same in its twin."""
    rng = Random(seed)
    pairs = [readers(ready.eyes(twin.persona), ready.world, twin.world) for twin in ready.twins]
    async with _open(untouched) as connection:
        events = list(alike(await draw_events(connection, ready.world, rng), pairs))
        await write(connection, events)
    async with _open(ready.dsn) as connection:
        await write(connection, events)
    twins = []
    for twin, (_, reader) in zip(ready.twins, pairs, strict=True):
        async with _open(twin.dsn) as connection:
            others = await differing(connection, events, reader, rng, Maker(rng, twin.world))
            await write(connection, others)
        twins.append(replace(twin, events=others))
    return replace(ready, events=events, twins=tuple(twins))


@contextmanager
def prepared(
    server: TestServer, seed: int, personas: Sequence[Persona] = PERSONAS, *, size: float = 1.0
) -> Iterator[Prepared]:
    """A company founded by chance, with a twin for each of the personas."""
    with ExitStack() as stack:
        untouched = stack.enter_context(server.database(server.template))
        world, secret = asyncio.run(_found(untouched.dsn, seed, size))
        name = name_of(untouched.dsn)
        one = Prepared(stack.enter_context(server.database(name)).dsn, name, world, (), dt.datetime.now(dt.UTC), secret)
        twins = []
        for persona in personas:
            dsn = stack.enter_context(server.database(name)).dsn
            twins.append(Twin(persona, dsn, asyncio.run(_change(dsn, world, one.eyes(persona), seed))))
        yield asyncio.run(_remember(replace(one, twins=tuple(twins)), untouched.dsn, seed))


def name_of(dsn: str) -> str:
    """The name of a database."""
    found = make_url(dsn).database
    assert found is not None
    return found
