"""What tests of the audit trail share: writing through the front door, and what was noted."""

from __future__ import annotations

import json
from typing import Any

import asyncpg

from tests.graphql_schema.rows import Row
from tests.http.asking import Asking


async def write(graph: Asking, who: Row, name: str, /, shows: str = "", **given: Any) -> Any:
    """A mutation's payload."""
    title = name[:1].upper() + name[1:]
    text = f"mutation ($input: {title}Input!) {{ {name}(input: $input) {{ {shows} userErrors {{ code field }} }} }}"
    return (await graph.data(who, text, {"input": given}))[name]


async def noted(connection: asyncpg.Connection, since: int) -> list[tuple[str, str | None, dict[str, Any]]]:
    """What was noted after an event: its kind, subject and details."""
    found = await connection.fetch("SELECT kind, subject, details FROM audit_events WHERE seq > $1 ORDER BY seq", since)
    return [(row["kind"], row["subject"], json.loads(row["details"] or "{}")) for row in found]


async def last(connection: asyncpg.Connection) -> int:
    """The number of the last event."""
    found: int = await connection.fetchval("SELECT coalesce(max(seq), 0) FROM audit_events")
    return found
