"""From settings to a database that is fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.database import DatabaseUnavailable, UnfitDatabase, connect, open_database, refuse_unfit
from app.database.fitness import faults_of
from app.postgres import embedded
from app.settings import Settings
from tests.conftest import TemporaryDatabase, TestServer
from tests.postgres.conftest import is_down

FIT: dict[str, Any] = {
    "major": 15,
    "version": "15.0",
    "encoding": "UTF8",
    "fsync": "on",
    "synchronous_commit": "on",
    "folds": True,
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, []),
        ({"major": 18}, []),
        ({"synchronous_commit": "remote_apply"}, []),
        ({"synchronous_commit": "local"}, []),
        ({"major": 14, "version": "14.9"}, ["PostgreSQL 14.9; 15 or later"]),
        ({"encoding": "LATIN1"}, ["LATIN1"]),
        ({"fsync": "off"}, ["fsync is off"]),
        ({"synchronous_commit": "off"}, ["synchronous_commit is off"]),
        ({"folds": False}, ["letters A to Z only"]),
        ({"fsync": "off", "encoding": "SQL_ASCII", "folds": False}, ["SQL_ASCII", "fsync is off", "A to Z only"]),
    ],
)
def test_every_fault_of_a_server_is_named(changes: dict[str, Any], words: list[str]) -> None:
    faults = faults_of(FIT | changes)
    assert len(faults) == len(words)
    assert all(word in fault for word, fault in zip(words, faults, strict=True))


async def _refusal(dsn: str) -> str:
    connection = await connect(dsn)
    try:
        with pytest.raises(UnfitDatabase) as refusal:
            await refuse_unfit(connection)
    finally:
        await connection.close()
    return str(refusal.value)


@pytest.fixture
def ascii_database(server: TestServer) -> Iterator[TemporaryDatabase]:
    """A database as an initdb without locale makes it."""
    server.execute("CREATE DATABASE c360_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'")
    yield server.at("c360_ascii")
    server.execute("DROP DATABASE c360_ascii WITH (FORCE)")


async def test_a_database_that_knows_ascii_only_is_refused(ascii_database: TemporaryDatabase) -> None:
    assert (await _refusal(ascii_database.dsn)).splitlines()[1:] == [
        "Its encoding is SQL_ASCII; create the database with ENCODING 'UTF8'.",
        "Its locale knows letters A to Z only; create the database with a locale such as C.UTF-8 or en_US.UTF-8.",
    ]


async def test_a_server_that_may_lose_rows_is_refused(tmp_path: Path) -> None:
    with embedded(tmp_path, settings={"fsync": "off", "synchronous_commit": "off"}) as careless:
        refusal = await _refusal(careless.dsn)
    assert "fsync is off" in refusal
    assert "synchronous_commit is off" in refusal


async def test_without_an_address_the_embedded_server_runs_while_it_is_open(settings: Settings, tmp_path: Path) -> None:
    async with open_database(settings.model_copy(update={"data_dir": tmp_path, "database_url": None})) as database:
        assert await database.read("SELECT current_database()") == ("customer360",)
        async with database.engine.begin() as connection:
            assert (await connection.execute(text("SELECT 1"))).scalar() == 1
    assert is_down(tmp_path)


async def test_a_given_address_is_used_and_nothing_is_embedded(
    settings: Settings, database: TemporaryDatabase, tmp_path: Path
) -> None:
    given = {"data_dir": tmp_path, "database_url": SecretStr(database.dsn)}
    async with open_database(settings.model_copy(update=given)) as found:
        assert found.dsn == database.dsn
        assert found.url == database.url
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://me:hidden@127.0.0.1:1/there", "postgresql://me@127.0.0.1:1/there cannot be reached: "),
        ("postgresql://me:hidden@/there?host=%2Fnowhere", "postgresql://me@/there?host=%2Fnowhere cannot be reached: "),
    ],
)
async def test_an_unreachable_server_is_named_without_its_password(settings: Settings, address: str, told: str) -> None:
    with pytest.raises(DatabaseUnavailable) as refusal:
        async with open_database(settings.model_copy(update={"database_url": SecretStr(address)})):
            pytest.fail("opened")
    assert str(refusal.value).startswith(told)
    assert "hidden" not in str(refusal.value)


async def test_a_missing_database_is_said_to_be_missing(settings: Settings, server: TestServer) -> None:
    missing = {"database_url": SecretStr(server.at("missing").dsn)}
    with pytest.raises(DatabaseUnavailable, match='database "missing" does not exist'):
        async with open_database(settings.model_copy(update=missing)):
            pytest.fail("opened")
