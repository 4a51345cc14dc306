"""The tables whose change waits for writes are those that triggers watch."""

from __future__ import annotations

from typing import Any

import asyncpg

from app.services.ordering import RIGHTS_REST_ON

WATCHED = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'change_rights_first' AND tgenabled = 'A'"


async def test_every_table_that_rights_rest_on_is_watched(database: Any) -> None:
    connection = await asyncpg.connect(database.dsn)
    try:
        found = {table for (table,) in await connection.fetch(WATCHED)}
    finally:
        await connection.close()
    assert found == RIGHTS_REST_ON
