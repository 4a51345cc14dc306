"""The small model's tables, once for a run; each test changes them in a transaction that is rolled back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy.schema import CreateTable

from tests.conftest import TemporaryDatabase, TestServer
from tests.policies.model import METADATA
from tests.policies.rows import text


async def _create(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"CREATE SCHEMA {METADATA.schema}")
    for table in METADATA.sorted_tables:
        await connection.execute(text(CreateTable(table)))
    await connection.close()


@pytest.fixture(scope="session")
def small(server: TestServer) -> Iterator[TemporaryDatabase]:
    """A database with the tables of the small model."""
    with server.database(server.template) as database:
        asyncio.run(_create(database.dsn))
        yield database


@asynccontextmanager
async def rolled_back(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Undoes what is changed inside."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


@asynccontextmanager
async def changing(database: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    """A connection whose changes are rolled back."""
    connection = await asyncpg.connect(database.dsn)
    async with rolled_back(connection):
        yield connection
    await connection.close()


@pytest.fixture
async def connection(small: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the small model's tables, for one test."""
    async with changing(small) as connection:
        yield connection
