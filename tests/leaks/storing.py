"""Changes made in a database, many at a time: each is taken or refused for itself, as constraints have it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

import asyncpg

from policies.catalogue import Kind, Resource
from tests.leaks.changes import Change
from tests.leaks.worlds import Key, Row, key_of

READY = """
CREATE FUNCTION pg_temp.try_all(statements text[], rows jsonb[]) RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE
    taken boolean[] := '{}';
    found integer;
BEGIN
    FOR i IN 1 .. cardinality(statements) LOOP
        BEGIN
            EXECUTE statements[i] USING rows[i];
            GET DIAGNOSTICS found = ROW_COUNT;
            taken := taken || (found = 1);
        EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
            taken := taken || false;
        END;
    END LOOP;
    RETURN taken;
END $$
"""
"""What a connection needs before changes are stored through it."""


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _here(resource: Resource) -> str:
    return " AND ".join(f"{name} = ($1 ->> '{name}')::uuid" for name in resource.key)


def _statement(change: Change) -> str:
    """The statement that makes a change; the row is its parameter."""
    table = change.resource.table
    given = f"FROM jsonb_populate_record(NULL::{table.name}, $1)"
    written = [column.name for column in table.columns if column.computed is None and column.name in change.row]
    if change.before is None:
        return f"INSERT INTO {table.name} ({_quoted(written)}) SELECT {_quoted(written)} {given}"
    if change.after is None:
        return f"DELETE FROM {table.name} WHERE {_here(change.resource)}"
    columns = set(change.columns)
    changed = [name for name in written if name in columns] or [*change.resource.key]
    return (
        f"UPDATE {table.name} SET ({_quoted(changed)}) = ROW({_quoted_from(changed)})"
        f" {given} AS given WHERE {_there(change.resource)}"
    )


def _quoted_from(names: Sequence[str]) -> str:
    return ", ".join(f'given."{name}"' for name in names)


def _there(resource: Resource) -> str:
    return " AND ".join(f"{resource.table.name}.{name} = given.{name}" for name in resource.key)


def as_json(resource: Resource, row: Row) -> str:
    """A row as JSON from which the database makes it again."""
    documents = {field.column.name for field in resource.fields.values() if field.spec.kind is Kind.JSON}
    return json.dumps(
        {name: json.loads(value) if name in documents and value is not None else value for name, value in row.items()},
        default=_text,
    )


def _text(value: Any) -> str:
    assert isinstance(value, (dt.date, Decimal, UUID))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


async def store(connection: asyncpg.Connection, changes: Sequence[Change]) -> list[Change | None]:
    """Makes changes of one resource's rows, in their order.

    Gives for each what it came to, with all that the database computes; None for one that is refused.
    """
    if not changes:
        return []
    resource = changes[0].resource
    statements = [_statement(change) for change in changes]
    rows = [as_json(resource, change.row) for change in changes]
    taken = await connection.fetchval("SELECT pg_temp.try_all($1, $2::text[]::jsonb[])", statements, rows)
    kept = [change.after["id"] for change, was in zip(changes, taken, strict=True) if was and change.after is not None]
    found = await connection.fetch(f"SELECT * FROM {resource.table.name} WHERE id = ANY($1)", kept)
    now: dict[Key, Row] = {key_of(resource, row): row for row in map(dict, found)}
    return [_made(change, now) if was else None for change, was in zip(changes, taken, strict=True)]


def _made(change: Change, now: Mapping[Key, Row]) -> Change:
    after = None if change.after is None else now[key_of(change.resource, change.after)]
    return Change(change.resource, change.before, after)


async def store_all(connection: asyncpg.Connection, changes: Sequence[Change]) -> bool:
    """Makes changes of any rows, each once those that it needs are made. Whether the database took every one."""
    waiting = list(changes)
    while waiting:
        refused = [change async for change in _refused(connection, waiting)]
        if len(refused) == len(waiting):
            return False
        waiting = refused
    return True


async def _refused(connection: asyncpg.Connection, changes: Sequence[Change]) -> AsyncIterator[Change]:
    for part in _by_resource(changes):
        for change, made in zip(part, await store(connection, part), strict=True):
            if made is None:
                yield change


def _by_resource(changes: Sequence[Change]) -> Iterator[list[Change]]:
    return (list(part) for _, part in groupby(changes, key=lambda change: change.resource.name))
