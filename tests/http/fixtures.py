"""Fixtures of a served company, for the conftest of each folder that asks."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from functools import cache
from typing import Any

import asyncpg
import pytest

from app.logs import set_up_logs
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company, found
from tests.http.asking import Asking, asking
from tests.secrecy import said


@pytest.fixture(scope="module")
async def writer(database: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    """A connection that writes, as another process would."""
    connection = await asyncpg.connect(database.dsn)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def company(writer: asyncpg.Connection) -> Company:
    """A company with a user for each role."""
    return await found(writer)


@pytest.fixture(scope="module")
async def graph(database: TemporaryDatabase, company: Company, settings: Settings) -> AsyncIterator[Asking]:
    """The graph over the company's database, asked over HTTP."""
    async with asking(database.dsn, settings) as served:
        yield served


UNLIMITED = {"most_aliases": 10_000, "most_root_fields": 10_000, "most_requests_per_caller": 10_000}
"""Settings under which a document has as many aliases and root fields as it likes, and comes as often at once."""


@pytest.fixture(scope="module")
async def unlimited(database: TemporaryDatabase, company: Company, settings: Settings) -> AsyncIterator[Asking]:
    """The graph where documents may have as many aliases and root fields as they like."""
    async with asking(database.dsn, settings.model_copy(update=UNLIMITED)) as served:
        yield served


@cache
def _sink() -> tuple[io.BytesIO, io.TextIOWrapper]:
    """Where the logs of this run go, and the stream that would close it if it were forgotten."""
    sink = io.BytesIO()
    return sink, io.TextIOWrapper(sink)


@dataclass(frozen=True)
class Log:
    """What is logged while a test runs."""

    start: int

    def lines(self) -> list[Any]:
        """The lines, each read as JSON."""
        return [json.loads(line) for line in self.text().splitlines()]

    def text(self) -> str:
        """All of it."""
        return _sink()[0].getvalue()[self.start :].decode()


@pytest.fixture(autouse=True)
def log() -> Iterator[Log]:
    """The log from here on, one line of JSON for each event, as in production; whatever has set it up before.

    Whatever a test asks, nothing that no log may hold is in it in the end.
    """
    with redirect_stderr(_sink()[1]):
        set_up_logs(readable=False)
    found = Log(len(_sink()[0].getvalue()))
    yield found
    assert said(found.text()) == []
