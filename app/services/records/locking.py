"""Rows that a write changes, locked in one order, whatever the write: customers, then records, each by key.

So no two writes can wait for each other. What is not in view is not locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.services.errors import Conflict, Forbidden, NotFound
from app.services.records import statements
from app.services.records.drafts import Draft, Key, Row
from app.services.writing import UnitOfWork
from policies.catalogue import Resource
from policies.document import Action

Customers = Mapping[UUID, Mapping[str, Any]]
"""By key, what a record copies from its customer."""


async def customers(unit: UnitOfWork, keys: Iterable[UUID]) -> Customers:
    """Locks those customers that the caller sees."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    found = await unit.fetch(
        statements.customers(unit.access), statements.values_of(statements.CUSTOMER, [*zip(wanted)])
    )
    return {row["id"]: dict(row) for row in found}


async def records(unit: UnitOfWork, drafts: Sequence[Draft], action: Action) -> None:
    """Locks the records of drafts, and fills in what they are. Notes those that are not in view or may not be written."""
    resource = drafts[0].resource
    fields = frozenset(name for draft in drafts for name in draft.set)
    await owners(unit, drafts)
    keys = sorted({key for draft in drafts if (key := key_of(draft)) is not None})
    statement = statements.before(unit.access, resource, action, fields)
    found = await unit.fetch(statement, statements.values_of(resource, keys)) if keys else []
    rows = {tuple(row[f"t_{name}"] for name in resource.key): row for row in found}
    for draft in drafts:
        _fill(draft, rows)


async def owners(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Locks the customers of drafts' records."""
    if drafts[0].resource.owned:
        await customers(unit, (draft.ref.customer for draft in drafts if draft.ref and draft.ref.customer))


def key_of(draft: Draft) -> Key | None:
    """The key that the draft's id names; None for an id of something else."""
    ref = draft.ref
    if ref is None or ref.resource != draft.resource.name:
        return None
    if draft.resource.owned:
        return None if ref.customer is None else (ref.customer, ref.id)
    return (ref.id,)


def _fill(draft: Draft, rows: Mapping[Key, Mapping[str, Any]]) -> None:
    key = key_of(draft)
    found = rows.get(key) if key is not None else None
    if found is None:
        draft.note(NotFound("not_found", ("id",)))
        return
    draft.old = row_of(draft.resource, found, "t_")
    draft.row = dict(draft.old)
    draft.states = {name: found[f"s_{name}"] for name in draft.resource.fields if f"s_{name}" in found}
    draft.shown = {name: found[f"v_{name}"] for name in draft.set if f"v_{name}" in found}
    if not found["permitted"]:
        denied = [name for name in draft.set if found.get(f"u_{name}") is False]
        for name in denied:
            draft.note(Forbidden("not_settable", (draft.part_of(name),)))
        if not denied:
            draft.note(Forbidden("forbidden", ("id",)))


def row_of(resource: Resource, found: Mapping[str, Any], prefix: str = "") -> Row:
    """A row as a statement gives it."""
    return {column.name: found[f"{prefix}{column.name}"] for column in resource.table.columns}


def check_versions(drafts: Iterable[Draft]) -> None:
    """Notes a conflict where somebody has changed a record since the caller saw it.

    It names, of the fields that the caller sets, those that differ now; but only of those that it sees plain.
    """
    for draft in drafts:
        if draft.old is None or any(isinstance(error, Forbidden) for error in draft.errors):
            continue
        if draft.version is not None and draft.version != draft.old["version"]:
            differing = [draft.told_as(name) for name in draft.set if draft.sees(name) and _differs(draft, name)]
            fields = list(dict.fromkeys(differing))
            draft.note(Conflict("version_conflict", ("expectedVersion",), current=draft.old["version"], fields=fields))


def _differs(draft: Draft, name: str) -> bool:
    column = draft.resource.fields[name].column.name
    assert draft.old is not None
    return bool(draft.row.get(column) != draft.old[column])
