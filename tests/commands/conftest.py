"""The command line over an empty database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Line, forget_settings, line_over, stored_rep
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.rows import Row


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_settings(monkeypatch)


@pytest.fixture
def line(fresh_database: TemporaryDatabase, tmp_path: Path) -> Line:
    """The command line over an empty, migrated database."""
    return line_over(fresh_database, tmp_path)


@pytest.fixture
def rep(fresh_database: TemporaryDatabase) -> Row:
    """A representative."""
    return stored_rep(fresh_database)
