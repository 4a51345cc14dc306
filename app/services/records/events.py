"""Change events: one for each record that is changed, written with the change.

An event names fields as the API does, with what each held before and after; and keeps the row as it was left, from
which it is told who may read of it.

Events are written in a subtransaction of their own, whose id is drawn after their numbers (the sort has these drawn before
the first row is written), while the transaction has one already, having written the records: by that a reader who goes by
the numbers knows how far nothing can come in between any more (ADR 22).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg

from app.services.records.drafts import Draft
from app.services.records.storing import as_json
from app.services.writing import UnitOfWork
from policies.catalogue import Field, Resource


class Op(StrEnum):
    """What was done with a record."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    RESTORE = "RESTORE"
    MERGE = "MERGE"
    UNMERGE = "UNMERGE"


KEPT = frozenset({"id", "version", "createdAt", "updatedAt"})
"""Fields that every change changes, or none does."""

_INSERT = """
    WITH written AS (
        INSERT INTO change_events (seq, customer_id, entity, entity_id, op, changed, row_after, actor, request_id,
            policy_version, merged_id)
        OVERRIDING SYSTEM VALUE
        SELECT seq, customer_id, $1, entity_id, $2, changed, row_after, $3, $4,
            (SELECT number FROM policy_versions WHERE status = 'ACTIVE' AND deleted_at IS NULL), $6
        FROM (
            SELECT nextval('change_events_seq_seq') AS seq, r.*
            FROM jsonb_to_recordset($5::jsonb) AS r(customer_id uuid, entity_id uuid, changed jsonb, row_after jsonb)
        ) AS numbered
        ORDER BY seq
        RETURNING seq)
    SELECT max(seq) FROM written"""


async def record(unit: UnitOfWork, op: Op, drafts: Iterable[Draft], *, merged: UUID | None = None) -> None:
    """Writes the events of one kind of change. A record that is as it was has none.

    `merged` is the customer whose merge, or whose way back, the changes are part of.
    """
    reached = await write(await unit.driver, op, drafts, unit.actor, request_id=unit.request_id, merged=merged)
    unit.reached = unit.reached if reached is None else reached


async def write(
    driver: asyncpg.Connection,
    op: Op,
    drafts: Iterable[Draft],
    actor: UUID,
    *,
    request_id: str | None = None,
    merged: UUID | None = None,
) -> int | None:
    """Writes the events of one kind of change, made by an actor, into the open transaction: the number of the last."""
    changed = [(draft, found) for draft in drafts if (found := _changed(draft)) or op is not Op.UPDATE]
    if not changed:
        return None
    table = changed[0][0].resource.table.name
    events = [_event(draft, found) for draft, found in changed]
    async with driver.transaction():
        last: int = await driver.fetchval(_INSERT, table, str(op), actor, request_id, as_json(events), merged)
    return last


def _event(draft: Draft, changed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "customer_id": customer_of(draft),
        "entity_id": draft.row["id"],
        "changed": changed,
        "row_after": {name: value for name, value in draft.row.items() if value is not None},
    }


def customer_of(draft: Draft) -> Any:
    """The customer that a record is about."""
    return draft.row["id"] if draft.resource.name == "Customer" else draft.row.get("customer_id")


def _changed(draft: Draft) -> dict[str, Any]:
    old = draft.old or {}
    pairs = (
        (field.name, old.get(field.column.name), draft.row[field.column.name]) for field in _fields(draft.resource)
    )
    return {name: [before, now] for name, before, now in pairs if before != now}


def _fields(resource: Resource) -> Iterator[Field]:
    return (field for name, field in resource.fields.items() if name not in KEPT)
