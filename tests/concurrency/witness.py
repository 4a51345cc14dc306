"""A service whose statements say in which snapshot they ran."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from app.database import Database

LOOK = "pg_current_snapshot()::text, extract(epoch FROM {})::float8"
"""What the database says of a moment: its snapshot, and the time in seconds."""
AT_ONCE = f"SELECT {LOOK.format('clock_timestamp()')}"
_BESIDE = f"SELECT q.*, {LOOK.format('now()')} FROM (SELECT) AS one LEFT JOIN (%s) AS q ON true"


@dataclass
class Witness:
    """Reads as the database does, and keeps what it said of the moment of each statement of a request."""

    database: Database
    _said: ContextVar[list[Sequence[Any]]] = field(default_factory=lambda: ContextVar("said"))

    def begin(self) -> None:
        """A request begins."""
        self._said.set([])

    @property
    def first_and_last(self) -> tuple[list[Any], list[Any]]:
        """The moments of the request's first and last statement."""
        said = self._said.get()
        return list(said[0]), list(said[-1])

    async def read(self, statement: str, *values: object) -> Any:
        """The row, or None."""
        row = await self.database.read(_BESIDE % statement, *values)
        assert row is not None
        self._said.get().append(row[-2:])
        return row if any(value is not None for value in row[:-2]) else None

    async def read_columns(self, statement: str, *values: object) -> Any:
        """The row's columns, by number."""
        row = await self.read(statement, *values)
        return row[:-2]
