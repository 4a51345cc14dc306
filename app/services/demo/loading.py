"""The demo company into a database: one transaction, by COPY."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any
from uuid import UUID

import asyncpg

from app.database import connect
from app.models import Base
from app.services.demo.company import Rows, found, grow
from app.services.demo.founding import FOUNDED
from app.services.demo.organisation import role_names
from app.services.demo.source import Source
from app.services.ordering import CHANGE_RIGHTS
from app.services.stages import ensure_stages

SEED = 360
ONE_AT_A_TIME = 0x6333_3631
"""Key of the advisory lock under which a demo company is loaded."""
MAY_HAVE_ROWS = {"roles", "policy_versions", "pipeline_stages"}
"""Made by the product itself in a new database."""
TABLES = [table for table in Base.metadata.sorted_tables if "resource" in table.info]


class DemoRefused(Exception):
    """The database holds something already; a demo company is loaded into an empty one only."""


async def load_demo(
    address: str, customers: int = 500, *, progress: Callable[[int], None] = lambda _: None
) -> dict[str, int]:
    """Load a demo company with so many customers into a migrated database that holds no data yet.

    The same number always makes the same rows. `progress` is told the number of customers loaded.
    Returns the number of rows of each table. Raises DemoRefused, and then changes nothing.
    """
    connection = await connect(address)
    try:
        async with connection.transaction():
            counts = await _load(connection, customers, progress)
        await connection.execute(f"VACUUM (ANALYZE) {', '.join(counts)}")
    finally:
        await connection.close()
    return counts


async def _load(connection: asyncpg.Connection, customers: int, progress: Callable[[int], None]) -> dict[str, int]:
    await connection.execute("SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
    await connection.execute(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
    await connection.execute(CHANGE_RIGHTS)
    await _refuse_unless_empty(connection)
    source, counts = Source(SEED), dict[str, int]()
    stages = await ensure_stages(connection, lambda: source.key(FOUNDED))
    roles = await _ensure_roles(connection, source)
    world, rows, leaders = found(source, stages, roles, customers)
    await _copy(connection, rows, counts)
    await connection.executemany("UPDATE departments SET manager_user_id = $2 WHERE id = $1", leaders.items())
    pieces = grow(world, source, customers)
    piece = next(pieces, None)
    while piece:  # the next is made while this one is written
        _, piece = await asyncio.gather(_copy(connection, piece, counts), asyncio.to_thread(next, pieces, None))
        progress(counts["customers"])
    await _count_members(connection)
    return counts


async def _refuse_unless_empty(connection: asyncpg.Connection) -> None:
    for table in TABLES:
        if table.name not in MAY_HAVE_ROWS and await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table.name})"):
            raise DemoRefused(f"{table.name} is not empty: a demo company is loaded into an empty database only")


async def _ensure_roles(connection: asyncpg.Connection, source: Source) -> Mapping[str, UUID]:
    rows = [(source.key(FOUNDED), code, name, rank) for rank, (code, name) in enumerate(role_names().items())]
    await connection.executemany(
        "INSERT INTO roles (id, code, name, rank, is_system) VALUES ($1, $2, $3, $4, true) ON CONFLICT DO NOTHING",
        rows,
    )
    return {row["code"]: row["id"] for row in await connection.fetch("SELECT code, id FROM roles")}


async def _copy(connection: asyncpg.Connection, rows: Rows, counts: dict[str, int]) -> None:
    for table in (*(table.name for table in TABLES), "unique_keys"):
        if some := rows.get(table):
            await _copy_table(connection, table, some)
            counts[table] = counts.get(table, 0) + len(some)


async def _copy_table(connection: asyncpg.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    columns = tuple(rows[0])
    if any(len(row) != len(columns) for row in rows):
        raise ValueError(f"{table}: rows have different columns")
    await connection.copy_records_to_table(table, records=map(itemgetter(*columns), rows), columns=columns)


async def _count_members(connection: asyncpg.Connection) -> None:
    await connection.execute("""
        UPDATE segments s SET member_count =
            (SELECT count(*) FROM segment_members m WHERE m.segment_id = s.id AND m.removed_at IS NULL)""")
