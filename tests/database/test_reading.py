"""The pool on which reads run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.database import Database
from tests.conftest import TemporaryDatabase
from tests.database.conftest import opened


@pytest.fixture
async def reads(database: TemporaryDatabase) -> AsyncIterator[Database]:
    """The module's database, read on one connection."""
    async with opened(database.dsn, pool_size=1) as found:
        yield found


@pytest.mark.parametrize("type_", ["json", "jsonb"])
async def test_json_is_handed_out_as_the_bytes_that_the_server_made(reads: Database, type_: str) -> None:
    row = await reads.read(f"""SELECT '{{"name": "客户 ü"}}'::{type_} AS made""")
    assert row == ('{"name": "客户 ü"}'.encode(),)
    assert type(row["made"]) is bytes


@pytest.mark.parametrize("type_", ["json", "jsonb"])
async def test_json_is_taken_as_bytes(reads: Database, type_: str) -> None:
    assert await reads.read(f"SELECT $1::{type_} ->> 'a'", b'{"a": "b"}') == ("b",)


async def test_no_row_is_none(reads: Database) -> None:
    assert await reads.read("SELECT 1 WHERE false") is None


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("TimeZone", "UTC"),
        ("application_name", "c360"),
        ("client_connection_check_interval", "1s"),
        ("default_transaction_read_only", "on"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("jit", "off"),
        ("lock_timeout", "2s"),
        ("statement_timeout", "5s"),
    ],
)
async def test_a_connection_is_bounded_and_in_utc(reads: Database, setting: str, value: str) -> None:
    assert await reads.read("SELECT current_setting($1)", setting) == (value,)


async def test_a_read_cannot_write(reads: Database) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await reads.read("CREATE TABLE made ()")


async def test_a_long_statement_is_prepared_once(reads: Database) -> None:
    statement = f"SELECT length('{'x' * 100_000}')"
    assert [await reads.read(statement) for _ in range(3)] == [(100_000,)] * 3
    prepared = "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement = $1"
    assert await reads.read(prepared, statement) == (3,)


async def test_a_read_is_one_statement_and_nothing_else(reads: Database) -> None:
    sent: list[str] = []
    async with reads.pool.acquire() as connection:
        connection.add_query_logger(lambda record: sent.append(record.query))
    await reads.read("SELECT 1")
    await reads.read("SELECT 2")
    assert sent == ["SELECT 1", "SELECT 2"]


async def test_a_statement_that_takes_too_long_is_cancelled_and_the_next_one_runs(database: TemporaryDatabase) -> None:
    async with opened(database.dsn, statement_timeout=0.1) as impatient:
        with pytest.raises(asyncpg.QueryCanceledError, match="statement timeout"):
            await impatient.read("SELECT pg_sleep(60)")
        assert await impatient.read("SELECT 1") == (1,)


async def _backends(database: Database, query: str) -> list[int]:
    asked = "SELECT array_agg(pid) FROM pg_stat_activity WHERE query = $1 AND state = 'active'"
    async with asyncio.timeout(10):
        while not (row := await database.read(asked, query)) or not row[0]:
            pass
    return list(row[0])


async def test_when_the_caller_leaves_the_database_stops_too(database: TemporaryDatabase) -> None:
    async with opened(database.dsn) as reads:
        caller = asyncio.create_task(reads.read("SELECT pg_sleep(3)"))
        assert len(await _backends(reads, "SELECT pg_sleep(3)")) == 1
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        left = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3)' AND state = 'active'"
        assert await reads.read(left) == (0,)


async def test_a_read_whose_connection_is_killed_is_answered_all_the_same(database: TemporaryDatabase) -> None:
    async with opened(database.dsn) as reads:
        caller = asyncio.create_task(reads.read("SELECT 7, pg_sleep(1)"))
        for backend in await _backends(reads, "SELECT 7, pg_sleep(1)"):
            await reads.read("SELECT pg_terminate_backend($1)", backend)
        row = await caller
        assert row is not None
        assert row[0] == 7


async def test_no_read_is_lost_when_the_idle_pool_is_killed(database: TemporaryDatabase) -> None:
    async with opened(database.dsn, pool_size=4) as reads, opened(database.dsn, pool_size=1) as killer:
        await asyncio.gather(*(reads.read("SELECT pg_sleep(0.1)") for _ in range(4)))
        killed = await killer.read(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query = 'SELECT pg_sleep(0.1)'"
        )
        assert killed == (4,)
        assert await asyncio.gather(*(reads.read("SELECT $1::int", n) for n in range(20))) == [(n,) for n in range(20)]
