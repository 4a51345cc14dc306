"""Rows that belong to no customer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any
from uuid import UUID

from app.services.demo.source import Source

FOUNDED = dt.datetime(2022, 1, 3, 8, tzinfo=dt.UTC)
"""When the demo company began."""


class Founding:
    """Collects the rows that stand before the first customer."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, table: str, **columns: Any) -> UUID:
        """A row, with its key and times."""
        key = self.source.key(FOUNDED)
        self.rows[table].append({"id": key, "created_at": FOUNDED, "updated_at": FOUNDED, **columns})
        return key
