from __future__ import annotations

from app.database import connect
from migrations import current, head
from tests.conftest import TemporaryDatabase


async def test_a_database_is_migrated_and_its_own(
    database: TemporaryDatabase, fresh_database: TemporaryDatabase
) -> None:
    assert await current(database.url) == head()
    assert database.dsn != fresh_database.dsn


async def test_a_bare_database_has_no_table(bare_database: TemporaryDatabase) -> None:
    connection = await connect(bare_database.dsn)
    assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    await connection.close()
