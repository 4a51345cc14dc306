"""Answers that wait until a test lets them go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.graphql_schema.company import Company

PATIENCE = 10
"""Seconds in which all that is waited for must happen."""
GATED = "{ surveys { nodes { id } } }"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"


@pytest.fixture(scope="module")
async def gate(writer: asyncpg.Connection, company: Company) -> asyncpg.Connection:
    """A database in which surveys are read once an advisory lock of this connection is gone."""
    await writer.execute("""
        ALTER TABLE surveys RENAME TO kept;
        CREATE FUNCTION gated() RETURNS SETOF kept LANGUAGE plpgsql VOLATILE AS $$
            BEGIN
                WHILE NOT pg_try_advisory_xact_lock_shared(1) LOOP PERFORM pg_sleep(0.02); END LOOP;
                RETURN QUERY SELECT * FROM kept;
            END $$;
        CREATE VIEW surveys AS SELECT * FROM gated();
    """)
    return writer


@asynccontextmanager
async def shut(gate: asyncpg.Connection) -> AsyncIterator[None]:
    """While the gate is shut."""
    await gate.execute("SELECT pg_advisory_lock(1)")
    try:
        yield
    finally:
        await gate.execute("SELECT pg_advisory_unlock(1)")


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Waits until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await asyncio.sleep(0.01)


async def waiting(gate: asyncpg.Connection, statements: int) -> None:
    """Waits until so many statements stand before the gate."""

    async def so_many() -> bool:
        found: int = await gate.fetchval(WAITING)
        return found == statements

    await until(so_many)
