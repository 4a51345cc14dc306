"""A company served over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.http.asking import asking
from tests.http.fixtures import company, log, writer
from tests.http.streaming.served import Served, served

__all__ = ["company", "log", "writer"]

SOON = {"rights_interval": 0.05}
"""Rights are asked for as often as may be."""


@pytest.fixture(scope="module")
async def streams(database: TemporaryDatabase, company: Company, settings: Settings) -> AsyncIterator[Served]:
    """A server."""
    given = settings.model_copy(update=SOON)
    async with asking(database.dsn, given) as graph, served(graph, given) as found:
        yield found
