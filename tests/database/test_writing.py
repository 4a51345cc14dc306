"""The engine on which writes run."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.database import connect, engine_for
from tests.conftest import TemporaryDatabase
from tests.database.conftest import opened
from tests.database.proxy import Proxy


async def test_the_engine_writes(fresh_database: TemporaryDatabase) -> None:
    async with opened(fresh_database.dsn) as found:
        async with found.engine.begin() as connection:
            await connection.execute(text("CREATE TABLE notes (document jsonb)"))
            await connection.execute(text("""INSERT INTO notes VALUES ('{"a": [1]}')"""))
            assert (await connection.execute(text("SELECT document FROM notes"))).scalar() == {"a": [1]}
            assert (await connection.execute(text("SHOW statement_timeout"))).scalar() == "5s"
        assert await found.read("SELECT document FROM notes") == (b'{"a": [1]}',)


async def test_an_engine_of_ones_own_has_no_time_limit(database: TemporaryDatabase) -> None:
    engine = engine_for(partial(connect, database.dsn))
    async with engine.connect() as connection:
        assert (await connection.execute(text("SHOW statement_timeout"))).scalar() == "0"
    await engine.dispose()


async def test_a_write_into_a_network_that_swallows_everything_ends_in_time(proxy: Proxy) -> None:
    async with asyncio.timeout(5), opened(proxy.dsn) as found:
        async with found.engine.connect() as connection:
            await connection.execute(text("CREATE TEMPORARY TABLE notes ()"))
            proxy.swallow()
            with pytest.raises(DBAPIError):
                await connection.execute(text("SELECT count(*) FROM notes"))
            await connection.invalidate()
        assert found.pulse.is_lost
