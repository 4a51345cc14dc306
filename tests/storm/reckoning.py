"""What the database holds after a storm, against what was acknowledged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from tests.storm.clients import Sent

_CALLS = "SELECT subject FROM interactions WHERE subject = ANY($1)"
_RENAMED = """
    SELECT changed->'displayName'->>1 FROM change_events
    WHERE entity = 'customers' AND op = 'UPDATE' AND changed->'displayName'->>1 = ANY($1)"""
_CALL_EVENTS = """
    SELECT changed->'subject'->>1 FROM change_events
    WHERE entity = 'interactions' AND op = 'CREATE' AND changed->'subject'->>1 = ANY($1)"""
_LINES = "SELECT description FROM order_lines WHERE description = ANY($1)"
_CONFIRMED = """
    SELECT l.description FROM order_lines l JOIN orders o ON o.customer_id = l.customer_id AND o.id = l.order_id
    WHERE l.description = ANY($1) AND o.status <> 'DRAFT'"""
_TOTALS = """
    SELECT count(*) FROM orders o WHERE subtotal <> (
        SELECT coalesce(sum(line_total), 0) FROM order_lines l
        WHERE l.customer_id = o.customer_id AND l.order_id = o.id AND l.deleted_at IS NULL)"""
_STOCK = "SELECT available_quantity FROM products WHERE id = $1"
_VERSIONS = """
    SELECT count(*) FROM customers c WHERE version <> 1 + (
        SELECT count(*) FROM change_events e WHERE e.entity = 'customers' AND e.entity_id = c.id AND e.op = 'UPDATE')"""
_LATEST = """
    SELECT count(*) FROM customers c WHERE last_interaction_at IS DISTINCT FROM (
        SELECT max(occurred_at) FROM interactions i
        WHERE i.customer_id = c.id AND i.deleted_at IS NULL AND i.occurred_at <= now())
    AND id IN (SELECT customer_id FROM interactions WHERE subject = ANY($1))"""


@dataclass(frozen=True)
class Reckoning:
    """Counts; all but the first three are to be nought."""

    acknowledged: int
    retries: int
    sold_out: int
    refused: int
    lost: int
    """Acknowledged, and not there."""
    doubled: int
    """There more than once."""
    without_event: int
    """Written, and not just one event of it."""
    wrong_versions: int
    """Customers whose version is not one more than their changes."""
    wrong_rollups: int
    """Customers whose last contact is not the latest of their calls."""
    wrong_totals: int
    """Orders that do not cost what their lines do."""
    wrong_stock: int
    """Pieces that are neither in stock nor sold, or both."""

    @property
    def is_right(self) -> bool:
        """Whether nothing was lost, doubled, or left without its event."""
        return not any(
            value for name, value in vars(self).items() if name not in ("acknowledged", "retries", "sold_out")
        )

    def __str__(self) -> str:
        return "\n".join(f"{name.replace('_', ' '):>16}  {value:,}" for name, value in vars(self).items())


async def reckon(connection: asyncpg.Connection, sent: Sent, product: UUID, stock: int) -> Reckoning:
    """Counts what became of everything that was sent."""
    calls = await _found(connection, _CALLS, sent.sent["call"])
    renamed = await _found(connection, _RENAMED, sent.sent["rename"])
    events = await _found(connection, _CALL_EVENTS, sent.sent["call"])
    lines = await _found(connection, _LINES, sent.sent["line"])
    confirmed = await _found(connection, _CONFIRMED, sent.sent["line"])
    found = {"call": calls, "rename": renamed, "line": lines, "confirm": confirmed}
    left = int(await connection.fetchval(_STOCK, product))
    return Reckoning(
        acknowledged=sum(map(len, sent.acknowledged.values())),
        retries=sent.retries,
        refused=len(sent.refused),
        sold_out=sent.sold_out,
        lost=sum(len(sent.acknowledged[kind] - set(keys)) for kind, keys in found.items()),
        doubled=sum(count > 1 for keys in found.values() for count in keys.values()),
        without_event=sum(events[key] != 1 for key in calls),
        wrong_versions=await connection.fetchval(_VERSIONS),
        wrong_rollups=await connection.fetchval(_LATEST, list(calls)),
        wrong_totals=await connection.fetchval(_TOTALS),
        wrong_stock=abs(stock - left - len(confirmed)) + max(0, -left),
    )


async def _found(connection: asyncpg.Connection, question: str, keys: set[str]) -> Counter[str]:
    return Counter(row[0] for row in await connection.fetch(question, list(keys)))
