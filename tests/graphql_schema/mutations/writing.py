"""What tests of mutations share: what is wrong, and whether anything changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from app.models import Base

TABLES = tuple(table.name for table in Base.metadata.sorted_tables)


def codes(payload: Any) -> list[tuple[str, list[str] | None]]:
    """Code and place of each mistake."""
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


async def dump(connection: asyncpg.Connection) -> dict[str, Any]:
    """By table, a digest of all its rows."""
    parts = (
        f"SELECT '{name}' AS name, md5(string_agg(t::text, '' ORDER BY t::text)) AS rows FROM {name} t"
        for name in TABLES
    )
    return {row["name"]: row["rows"] for row in await connection.fetch(" UNION ALL ".join(parts))}


class Change:
    """Names of the tables that are other than before."""

    tables: list[str]


@asynccontextmanager
async def watched(connection: asyncpg.Connection) -> AsyncIterator[Change]:
    """What changes in the database meanwhile."""
    before, change = await dump(connection), Change()
    yield change
    after = await dump(connection)
    change.tables = [name for name in TABLES if before[name] != after[name]]
