"""A policy that hides nothing, in force for a while: what was planned under it must not be used after."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import yaml

from tests.leaks.personas import policy_texts

KEY = UUID(int=7)
NUMBER = 1_000_000
EVERYTHING = {"allow": ["read"], "on": "all", "fields": "all"}


def generous_texts() -> dict[str, str]:
    """The same roles as ever, each of which sees everything."""
    written = (yaml.safe_load(text) for text in policy_texts().values())
    named = [{name: each[name] for name in ("role", "scope") if name in each} for each in written]
    return {f"{n}.yaml": yaml.safe_dump({**name, "rules": [EVERYTHING]}) for n, name in enumerate(named)}


DOCUMENT = json.dumps({"files": generous_texts()})


@asynccontextmanager
async def under_generous_policy(dsn: str) -> AsyncIterator[None]:
    """Has the generous policy be the active one; afterwards all is as it was, but the epochs."""
    connection = await asyncpg.connect(dsn)
    try:
        row = await connection.fetchrow(
            "UPDATE policy_versions SET status = 'RETIRED' WHERE status = 'ACTIVE' RETURNING id"
        )
        await connection.execute(
            "INSERT INTO policy_versions (id, number, status, document) VALUES ($1, $2, 'ACTIVE', $3)",
            KEY,
            NUMBER,
            DOCUMENT,
        )
        yield
        await connection.execute("DELETE FROM policy_versions WHERE id = $1", KEY)
        await connection.execute("UPDATE policy_versions SET status = 'ACTIVE' WHERE id = $1", row["id"])
    finally:
        await connection.close()
