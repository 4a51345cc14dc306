"""The command line, run inside the tests' process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from app.cli import app
from app.services.policies.store import ensure_policy
from app.settings import FOR_TESTS
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.rows import Row, assign, store, user


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line that a failed command says."""
        assert self.code == 1, self
        assert self.out == ""
        (line,) = self.err.splitlines()
        return line


@dataclass(frozen=True)
class Line:
    """The command line in an environment of its own."""

    environment: Mapping[str, str | None]

    def run(self, *arguments: str, **more: str | None) -> Ran:
        """Runs a command. Any exception that is no exit is a bug."""
        found = CliRunner().invoke(app, arguments, env={**self.environment, **more}, catch_exceptions=False)
        return Ran(found.exit_code, found.stdout, found.stderr)


def line_over(database: TemporaryDatabase, directory: Path) -> Line:
    """The command line over a database, with a data directory of its own."""
    return Line({"C360_DATABASE_URL": database.dsn, "C360_DATA_DIR": str(directory / "data")})


def stored_rep(database: TemporaryDatabase) -> Row:
    """A representative, in the directory of an empty database."""
    rep = user("rep")

    async def put() -> None:
        connection = await asyncpg.connect(database.dsn)
        await ensure_policy(connection)
        await store(connection, rep)
        await assign(connection, rep, "sales_rep")
        await connection.close()

    asyncio.run(put())
    return rep


def forget_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that sets nothing of ours."""
    for name in os.environ:
        if name.startswith("C360_") and not name.startswith(FOR_TESTS):
            monkeypatch.delenv(name)
