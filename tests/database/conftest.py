"""Open databases, and a network that can be cut."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.database import Database
from tests.conftest import TemporaryDatabase
from tests.database.proxy import Proxy, proxy_to


@asynccontextmanager
async def opened(dsn: str, *, pool_size: int = 2, statement_timeout: float = 5) -> AsyncIterator[Database]:
    """A database, open for a while."""
    database = Database(dsn, pool_size=pool_size, statement_timeout=statement_timeout)
    try:
        await database.open()
        yield database
    finally:
        await database.close()


@pytest.fixture
async def proxy(database: TemporaryDatabase) -> AsyncIterator[Proxy]:
    """A network to the module's database."""
    async with proxy_to(database.dsn) as found:
        yield found
