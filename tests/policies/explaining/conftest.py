"""A customer to be explained."""

from __future__ import annotations

import asyncpg
import pytest

from tests.policies.explaining.asking import put_ann


@pytest.fixture
async def ann(connection: asyncpg.Connection) -> asyncpg.Connection:
    """A customer of someone else in the East, with two orders."""
    await put_ann(connection)
    return connection
