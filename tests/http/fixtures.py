"""Fixtures of a served company, for the conftest of each folder that asks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.logs import set_up_logs
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company, found
from tests.http.asking import Asking, asking


@pytest.fixture(scope="module")
async def writer(database: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    """A connection that writes, as another process would."""
    connection = await asyncpg.connect(database.dsn)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def company(writer: asyncpg.Connection) -> Company:
    """A company with a user for each role."""
    return await found(writer)


@pytest.fixture(scope="module")
async def graph(database: TemporaryDatabase, company: Company, settings: Settings) -> AsyncIterator[Asking]:
    """The graph over the company's database, asked over HTTP."""
    async with asking(database.dsn, settings) as served:
        yield served


@pytest.fixture(scope="session", autouse=True)
def _quiet_logs() -> None:
    """One line of JSON for each event, as in production."""
    set_up_logs(readable=False)
