"""Rows into their tables: those with the same columns together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from app.services.records import statements
from app.services.records.drafts import Draft, Key, Row
from app.services.records.locking import row_of
from app.services.values.defaults import default
from app.services.writing import UnitOfWork


def as_json(found: object) -> str:
    """JSON as PostgreSQL reads it into columns: exact numbers as texts."""
    return orjson.dumps(found, default=str).decode()


async def insert(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Makes the rows; each draft then holds its row as the database has it."""
    for columns, group in _grouped(drafts, [tuple(draft.row) for draft in drafts]).items():
        statement = statements.insert(group[0].resource, columns)
        _take_back(group, await unit.fetch(statement, rows(group, columns)))


async def update(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Changes the rows where they are to be other than they were."""
    for columns, group in _grouped(drafts, [_changed(draft) for draft in drafts]).items():
        if columns:
            for draft in group:
                draft.row["updated_by"] = unit.actor
            written = (*columns, "updated_by")
            statement = statements.update(group[0].resource, written)
            _take_back(group, await unit.fetch(statement, rows(group, (*group[0].resource.key, *written))))


def _changed(draft: Draft) -> tuple[str, ...]:
    """The columns to write: those that differ, and those that the caller sets without seeing what was there."""
    assert draft.old is not None
    given = {draft.resource.fields[name].column.name for name in draft.changing}
    return tuple(name for name, value in draft.row.items() if value != draft.old[name] or name in given)


def _grouped(drafts: Iterable[Draft], columns: Iterable[tuple[str, ...]]) -> Mapping[tuple[str, ...], list[Draft]]:
    groups: dict[tuple[str, ...], list[Draft]] = defaultdict(list)
    for draft, names in zip(drafts, columns, strict=True):
        groups[tuple(sorted(names))].append(draft)
    return groups


def rows(drafts: Iterable[Draft], columns: Iterable[str]) -> dict[Any, Any]:
    """Columns of rows, as statements take them; with its default what is not said."""
    names = list(columns)
    found: list[Row] = [{name: held(draft, name) for name in names} for draft in drafts]
    return {statements.ROWS: as_json(found)}


def held(draft: Draft, column: str) -> Any:
    """What a row will hold in a column; the default where nothing is said."""
    return draft.row[column] if column in draft.row else default(draft.resource.table.c[column])


def _take_back(drafts: Sequence[Draft], found: Iterable[Mapping[str, Any]]) -> None:
    by_key: dict[Key, Mapping[str, Any]] = {}
    for row in found:
        by_key[tuple(row[name] for name in drafts[0].resource.key)] = row
    for draft in drafts:
        draft.row = row_of(draft.resource, by_key[draft.key])
