"""A server that dies while it is used is brought up again, with all that was committed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app.database import Database, DatabaseUnavailable, open_database
from app.postgres import embedded
from app.settings import Settings
from tests.postgres.conftest import SECONDS, ask, is_down, postmaster


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with an embedded database of the test's own."""
    return settings.model_copy(update={"data_dir": tmp_path, "database_url": None})


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not condition():
            await asyncio.sleep(0.01)


async def _write(database: Database, number: int) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE IF NOT EXISTS notes (number int)"))
        await connection.execute(text("INSERT INTO notes VALUES (:number)"), {"number": number})


async def _read(database: Database) -> list[int]:
    row = await database.read("SELECT array_agg(number ORDER BY number) FROM notes")
    assert row is not None
    return list(row[0])


async def test_a_server_that_is_killed_is_brought_up_again_as_often_as_it_takes(own: Settings) -> None:
    async with open_database(own) as database:
        for number in range(2):
            await _write(database, number)
            killed = postmaster(own.data_dir)
            os.kill(killed, signal.SIGKILL)
            await _until(lambda: not database.pulse.is_steady)
            await _until(lambda: database.pulse.is_steady)
            assert postmaster(own.data_dir) != killed
            assert await _read(database) == list(range(number + 1))
    assert is_down(own.data_dir)


async def test_while_it_cannot_be_brought_up_callers_are_told_and_the_reason_is_known(own: Settings) -> None:
    async with open_database(own) as database:
        await _write(database, 0)
        configured = own.data_dir / "postgres/data/postgresql.auto.conf"
        configured.write_text("shared_buffers = much\n")
        os.kill(postmaster(own.data_dir), signal.SIGKILL)
        await _until(lambda: "much" in database.pulse.complaint)
        with pytest.raises(DatabaseUnavailable):
            await _read(database)
        configured.write_text("")
        await _until(lambda: database.pulse.is_steady)
        assert await _read(database) == [0]
    assert is_down(own.data_dir)


async def test_who_leaves_while_it_is_brought_up_leaves_no_server(own: Settings) -> None:
    async with open_database(own) as database:
        killed = postmaster(own.data_dir)
        os.kill(killed, signal.SIGKILL)
        await _until(lambda: database.pulse.is_lost)
    assert is_down(own.data_dir) or postmaster(own.data_dir) == killed
    async with open_database(own):
        assert postmaster(own.data_dir) != killed
    assert is_down(own.data_dir)


def test_a_server_that_lives_is_left_as_it_is_and_one_that_was_left_stays_down(tmp_path: Path) -> None:
    with embedded(tmp_path) as server:
        running = postmaster(tmp_path)
        server.revive()
        assert postmaster(tmp_path) == running
        assert ask(server.dsn, "SELECT 1") == 1
    server.revive()
    assert is_down(tmp_path)
