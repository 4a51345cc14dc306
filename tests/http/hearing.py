"""What a process says to its database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from app.identity.proof import proof_columns
from app.settings import Settings
from graphql_schema.compiler.plans import gather
from graphql_schema.reading import SUBJECTS
from tests.http.asking import Asking, asking

PROOF = gather([], proof_columns(SUBJECTS)).sql
"""The statement that proves rights and asks nothing."""


@dataclass
class Heard:
    """The statements that reached the database."""

    statements: list[str] = field(default_factory=list)

    def hear(self, record: Any) -> None:
        """Takes note of one."""
        self.statements.append(record.query)

    def taken(self) -> list[str]:
        """Those since the last time."""
        found, self.statements = self.statements, []
        return found


@asynccontextmanager
async def overheard(dsn: str, settings: Settings) -> AsyncIterator[tuple[Asking, Heard]]:
    """A process with a single connection, and what is said on it."""
    heard = Heard()
    async with asking(dsn, settings, pool_size=1) as served:
        async with served.database.pool.acquire() as connection:
            connection.add_query_logger(heard.hear)
        yield served, heard
