"""A company whose rights change, and a process that asks about it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from app.settings import FOR_TESTS
from tests.concurrency.changes import PLACES
from tests.concurrency.process import Asker, asker
from tests.concurrency.scene import Scene
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company, found
from tests.graphql_schema.rows import customer, department, region, store


@pytest.fixture(scope="session")
def times() -> int:
    """How often each question is to be answered between one change and the next."""
    return int(os.environ.get(f"{FOR_TESTS}TIMES", "2"))


@pytest.fixture(scope="module")
async def revoker(database: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    """A connection on which rights are changed."""
    connection = await asyncpg.connect(database.dsn)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def company(revoker: asyncpg.Connection) -> Company:
    """A company with a customer in each region, one of a user's, and one of a department's."""
    company = await found(revoker)
    places = {"German": company.germany, "French": company.france, "Chinese": company.china}
    field = department("FIELD", company.sales)
    await store(revoker, field, *(customer(name, region=place) for name, place in places.items()))
    for place in PLACES:
        where = region(place, name=place)
        await store(revoker, where, customer(place, region=where))
    await store(revoker, customer("Owned", owner=company.colleague), customer("Fielded", department=field))
    return company


@pytest.fixture(scope="module")
async def process(
    database: TemporaryDatabase, company: Company, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Asker]:
    """A process that asks, with an interpreter and a pool of its own."""
    async with asker(database.dsn, Path(tmp_path_factory.mktemp("asker"))) as running:
        yield running


@pytest.fixture
def scene(process: Asker, revoker: asyncpg.Connection, company: Company) -> Scene:
    """All of it."""
    return Scene(process, revoker, company)
