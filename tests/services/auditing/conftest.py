"""Chains of events, written as the product writes them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.conftest import TemporaryDatabase


@pytest.fixture(scope="module")
async def connection(database: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    """A connection of a superuser."""
    found = await asyncpg.connect(database.dsn)
    yield found
    await found.close()


@pytest.fixture
async def chain(connection: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """Five events, on a connection that is not kept from changing them, and all undone in the end."""
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(
        "INSERT INTO audit_events (kind, actor, client, request_id, subject, details)"
        " SELECT 'UNMASKED', gen_random_uuid(), 'portal', 'r-' || i, 'subject ' || i, jsonb_build_object('n', i)"
        " FROM generate_series(1, 5) AS i"
    )
    await connection.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
    yield connection
    await transaction.rollback()
