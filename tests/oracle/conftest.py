"""A database in which models are made as they come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import TestServer
from tests.oracle.answers import Database, database


@pytest.fixture(scope="module")
def asked(server: TestServer) -> Iterator[Database]:
    """A database for the models of one module."""
    with server.database("template0") as bare, database(bare.dsn) as found:
        yield found
