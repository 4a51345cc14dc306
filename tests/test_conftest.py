from __future__ import annotations

from itertools import groupby
from types import SimpleNamespace
from typing import Any

from app.database import connect
from migrations import current, head
from tests.conftest import TESTS, TemporaryDatabase, pytest_collection_modifyitems
from tests.longest import LONGEST


async def test_a_database_is_migrated_and_its_own(
    database: TemporaryDatabase, fresh_database: TemporaryDatabase
) -> None:
    assert await current(database.url) == head()
    assert database.dsn != fresh_database.dsn


async def test_a_bare_database_has_no_table(bare_database: TemporaryDatabase) -> None:
    connection = await connect(bare_database.dsn)
    assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    await connection.close()


def test_the_longest_files_are_there_and_begin_first() -> None:
    assert [name for name in LONGEST if not (TESTS / name).is_file()] == []
    names = ["models/test_checks.py", LONGEST[1], "test_logs.py", LONGEST[0], "models/test_base.py"]
    items: list[Any] = [SimpleNamespace(path=TESTS / name, number=number) for name in names for number in range(2)]
    pytest_collection_modifyitems(items)
    ordered = [TESTS / name for name in (LONGEST[0], LONGEST[1], names[0], names[2], names[4])]
    assert [path for path, _ in groupby(items, lambda item: item.path)] == ordered
    assert [item.number for item in items] == [0, 1] * 5
