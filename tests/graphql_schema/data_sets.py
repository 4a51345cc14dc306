"""Public data sets, imported and served, for tests that compare answers with what their files say."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from app.services.importing import read_mapping, run_import
from app.services.policies.store import ensure_policy
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.rows import assign, store, user
from tests.http.asking import Asking, asking

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the data sets do not lie beside the repository")

AUDITOR = user("auditor")
"""Sees everything."""


@pytest.fixture(scope="module")
async def graph(database: TemporaryDatabase, settings: Settings) -> AsyncIterator[Asking]:
    """Both data sets, served."""
    for name in ("crm_maven", "erp_northwind"):
        await run_import(database.dsn, read_mapping(name), DATA / name)
    connection = await asyncpg.connect(database.dsn)
    await ensure_policy(connection)
    await store(connection, AUDITOR)
    await assign(connection, AUDITOR, "auditor")
    await connection.close()
    async with asking(database.dsn, settings) as served:
        yield served


def read(folder: str, file: str) -> list[dict[str, str]]:
    """The rows of a file."""
    with (DATA / folder / f"{file}.csv").open(encoding="utf-8", newline="") as found:
        return list(csv.DictReader(found))
