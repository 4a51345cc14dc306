"""File sets to import into the module's database, or into one of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import TemporaryDatabase
from tests.services.importing.imports import Imports


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture
def imports(fresh_database: TemporaryDatabase, tmp_path: Path) -> Imports:
    """Imports into an empty database."""
    return Imports(fresh_database.dsn, _folder(tmp_path))


@pytest.fixture
def shared_imports(database: TemporaryDatabase, tmp_path: Path) -> Imports:
    """Imports into the module's database, which other tests fill too."""
    return Imports(database.dsn, _folder(tmp_path))
