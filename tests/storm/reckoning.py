"""What the database holds after a storm, against what was acknowledged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import asyncpg

from tests.storm.clients import Sent

_CALLS = "SELECT subject FROM interactions WHERE subject = ANY($1)"
_RENAMED = """
    SELECT changed->'displayName'->>1 FROM change_events
    WHERE entity = 'customers' AND op = 'UPDATE' AND changed->'displayName'->>1 = ANY($1)"""
_CALL_EVENTS = """
    SELECT changed->'subject'->>1 FROM change_events
    WHERE entity = 'interactions' AND op = 'CREATE' AND changed->'subject'->>1 = ANY($1)"""
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
    """Counts; all but the first two are to be nought."""

    acknowledged: int
    retries: int
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

    @property
    def is_right(self) -> bool:
        """Whether nothing was lost, doubled, or left without its event."""
        wrong = (self.refused, self.lost, self.doubled, self.without_event, self.wrong_versions, self.wrong_rollups)
        return not any(wrong)

    def __str__(self) -> str:
        return "\n".join(f"{name.replace('_', ' '):>16}  {value:,}" for name, value in vars(self).items())


async def reckon(connection: asyncpg.Connection, sent: Sent) -> Reckoning:
    """Counts what became of everything that was sent."""
    calls = await _found(connection, _CALLS, sent.sent["call"])
    renamed = await _found(connection, _RENAMED, sent.sent["rename"])
    events = await _found(connection, _CALL_EVENTS, sent.sent["call"])
    lost = (sent.acknowledged["call"] - set(calls)) | (sent.acknowledged["rename"] - set(renamed))
    return Reckoning(
        acknowledged=sum(map(len, sent.acknowledged.values())),
        retries=sent.retries,
        refused=len(sent.refused),
        lost=len(lost),
        doubled=sum(count > 1 for found in (calls, renamed) for count in found.values()),
        without_event=sum(events[key] != 1 for key in calls),
        wrong_versions=await connection.fetchval(_VERSIONS),
        wrong_rollups=await connection.fetchval(_LATEST, list(calls)),
    )


async def _found(connection: asyncpg.Connection, question: str, keys: set[str]) -> Counter[str]:
    return Counter(row[0] for row in await connection.fetch(question, list(keys)))
