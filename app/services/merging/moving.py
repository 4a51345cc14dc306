"""Rows from one customer to another: made under the new key, then taken from under the old one, as they are in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from app.services.merging.tables import CUSTOMER, OWNED, REKEYED
from app.services.records import events, storing
from app.services.records.drafts import Draft, Row
from app.services.records.events import Op
from app.services.records.locking import row_of
from app.services.records.storing import as_json
from app.services.writing import UnitOfWork
from policies.catalogue import Resource

LOCK = "SELECT FROM customers WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"

FLAGS = ("is_primary", "is_default")
"""Columns that say of a row that it is the first of its kind."""

Moving: TypeAlias = dict[str, list[Draft]]
"""By table, rows on their way: `old` as they are, `row` as they are to be."""


async def lock(unit: UnitOfWork, customers: Iterable[UUID]) -> None:
    """Locks customers, in order: also those that the caller does not see, with whom something follows from the write."""
    await (await unit.driver).execute(LOCK, sorted(set(customers)))


async def rows_of(unit: UnitOfWork, customer: UUID) -> dict[str, list[Row]]:
    """All that belongs to a customer, deleted or not, by table and key."""
    return {name: await read(unit, resource, "customer_id = $1", customer) for name, resource in OWNED.items()}


async def read(unit: UnitOfWork, resource: Resource, condition: str, *values: Any) -> list[Row]:
    """Rows that meet a condition, locked in the order of their keys."""
    order = ", ".join(resource.key)
    text = f"SELECT * FROM {resource.table.name} WHERE {condition} ORDER BY {order} FOR UPDATE"
    return [row_of(resource, row) for row in await (await unit.driver).fetch(text, *values)]


async def move(unit: UnitOfWork, moving: Moving, source: UUID, target: UUID, op: Op, merged: UUID) -> None:
    """Has rows belong to another customer, as they are to be. Rows of one customer refer to each other, so all move at once."""
    for name, drafts in moving.items():
        if drafts:
            await _make(unit, OWNED[name], drafts, source, target)
    for name, drafts in reversed(list(moving.items())):
        if drafts:
            await _leave(unit, name, drafts, source)
    await _follow(unit, moving, source, target)
    for drafts in moving.values():
        await events.record(unit, op, drafts, merged=merged)


async def write(unit: UnitOfWork, drafts: Iterable[Draft], op: Op, merged: UUID) -> None:
    """Changes rows of one table that stay with their customer, as they are to be: first those that are first of their kind no longer."""
    differing = [draft for draft in drafts if draft.row != draft.old]
    resigning = [draft for draft in differing if any(draft.row.get(flag) is False for flag in FLAGS)]
    await storing.update(unit, resigning)
    await storing.update(unit, [draft for draft in differing if draft not in resigning])
    await events.record(unit, op, differing, merged=merged)


async def _make(unit: UnitOfWork, resource: Resource, drafts: Sequence[Draft], source: UUID, target: UUID) -> None:
    table = resource.table
    columns = [column.name for column in table.columns if column.computed is None]
    made = {"customer_id": target, "updated_by": unit.actor}
    given = [{"id": draft.row["id"], "changes": {**_changes(draft), **made}} for draft in drafts]
    version = {"version": "p.version + 1", "updated_at": "now()"}
    found = await (await unit.driver).fetch(
        f"INSERT INTO {table.name} ({', '.join(columns)})"
        f" SELECT {', '.join(version.get(name, f'p.{name}') for name in columns)}"
        f" FROM jsonb_to_recordset($2::jsonb) AS x(id uuid, changes jsonb)"
        f" JOIN {table.name} t ON t.customer_id = $1 AND t.id = x.id"
        f" CROSS JOIN LATERAL jsonb_populate_record(t, x.changes) AS p ORDER BY p.id RETURNING *",
        source,
        as_json(given),
    )
    rows = {row["id"]: row for row in found}
    for draft in drafts:
        draft.row = row_of(resource, rows[draft.row["id"]])


def _changes(draft: Draft) -> dict[str, Any]:
    assert draft.old is not None
    return {name: value for name, value in draft.row.items() if value != draft.old[name]}


async def _leave(unit: UnitOfWork, name: str, drafts: Sequence[Draft], source: UUID) -> None:
    text = f"DELETE FROM {name} WHERE customer_id = $1 AND id = ANY($2)"
    await (await unit.driver).execute(text, source, [draft.row["id"] for draft in drafts])


async def _follow(unit: UnitOfWork, moving: Moving, source: UUID, target: UUID) -> None:
    """Has what the platform keeps about rows know whose they are."""
    driver, keys = await unit.driver, [draft.row["id"] for drafts in moving.values() for draft in drafts]
    entities = [name for name, drafts in moving.items() for _ in drafts]
    for table in REKEYED:
        await driver.execute(
            f"UPDATE {table} t SET customer_id = $2 FROM unnest($3::text[], $4::uuid[]) AS k(entity, id)"
            f" WHERE t.entity = k.entity AND t.entity_id = k.id AND t.customer_id = $1",
            source,
            target,
            entities,
            keys,
        )


def going(name: str, rows: Iterable[Row]) -> list[Draft]:
    """Rows of a table, to be moved."""
    return [Draft(OWNED[name], {}, row=dict(row), old=row) for row in rows]


def copied(name: str, customer: Row) -> dict[str, Any]:
    """What rows of a table always hold as their customer does."""
    columns = [column for column in OWNED[name].table.columns if "field" in column.info]
    found = {column.name: column.info["field"].copies for column in columns}
    prefix = f"{CUSTOMER.name.lower()}."
    return {name: customer[of.removeprefix(prefix)] for name, of in found.items() if of.startswith(prefix)}
