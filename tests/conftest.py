"""One PostgreSQL per run, a template migrated once, a clone of it for each module that asks.

The server is the embedded one, or where `C360_TEST_DATABASE_URL` says so, a given one on which the role may create
databases. Workers of one run share server and template.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.engine import make_url

from app.database import connect, dsn_of, url_of
from app.postgres import embedded
from app.postgres.sharing import shared
from app.settings import FOR_TESTS, Settings
from migrations import upgrade
from tests.longest import LONGEST

TESTS = Path(__file__).parent
GIVEN = os.environ.get(f"{FOR_TESTS}DATABASE_URL")


@dataclass(frozen=True)
class TemporaryDatabase:
    """A database that a test may change as it likes."""

    __test__ = False

    dsn: str
    """For asyncpg and libpq."""

    @property
    def url(self) -> str:
        """For SQLAlchemy."""
        return url_of(self.dsn)


@dataclass(frozen=True)
class TestServer:
    """The run's server, with the name of its migrated template."""

    __test__ = False

    dsn: str
    template: str

    def at(self, name: str) -> TemporaryDatabase:
        """A database of this server."""
        return TemporaryDatabase(make_url(self.dsn).set(database=name).render_as_string(hide_password=False))

    def execute(self, statement: str) -> None:
        """Run a statement on the server, outside any of the tests' databases."""
        asyncio.run(self._execute(statement))

    async def _execute(self, statement: str) -> None:
        connection = await connect(self.dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    @contextmanager
    def database(self, template: str) -> Iterator[TemporaryDatabase]:
        """A copy of a template, dropped afterwards."""
        name = f"c360_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.at(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _ensure_template(server: TestServer, made: Path, _turn: int) -> None:
    if not made.exists():
        server.execute(f"CREATE DATABASE {server.template} TEMPLATE template0")
        asyncio.run(upgrade(server.at(server.template).url))
        made.touch()


@contextmanager
def _with_template(dsn: str, run: str, directory: Path) -> Iterator[TestServer]:
    server = TestServer(dsn, f"c360_template_{run}")
    made = directory / server.template

    def drop(_joined: None) -> None:
        server.execute(f"DROP DATABASE {server.template}")
        made.unlink()

    with shared(directory, partial(_ensure_template, server, made), drop):
        yield server


@contextmanager
def template_server(directory: Path, run: str = "") -> Iterator[TestServer]:
    """The server, with a template; shared by all processes that name the same directory and run."""
    run = run or uuid4().hex
    if GIVEN:
        with _with_template(dsn_of(GIVEN), run, directory) as given:
            yield given
        return
    with embedded(directory) as own, _with_template(own.dsn, run, directory) as found:
        yield found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files come first, and all others stay in their order."""
    places = {TESTS / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The event loop that the product runs on."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def run_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    directory = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    directory.mkdir(exist_ok=True)
    return directory


@pytest.fixture(scope="session")
def server(run_directory: Path) -> Iterator[TestServer]:
    """The run's PostgreSQL."""
    with template_server(run_directory, os.environ.get("PYTEST_XDIST_TESTRUNUID", "")) as found:
        yield found


@pytest.fixture(scope="module")
def database(server: TestServer) -> Iterator[TemporaryDatabase]:
    """A migrated database with nothing in it, shared by the tests of a module."""
    with server.database(server.template) as clone:
        yield clone


@pytest.fixture
def fresh_database(server: TestServer) -> Iterator[TemporaryDatabase]:
    """A migrated database with nothing in it, for one test."""
    with server.database(server.template) as clone:
        yield clone


@pytest.fixture
def bare_database(server: TestServer) -> Iterator[TemporaryDatabase]:
    """A database without any table, for one test."""
    with server.database("template0") as clone:
        yield clone


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings as of an environment that sets none, with a data directory of the run's own; nothing is asked between answers."""
    return Settings(data_dir=tmp_path_factory.mktemp("data"), shadow_time=0, look_time=0)
