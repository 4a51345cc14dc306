"""Definitions of custom fields: what is stored goes with them.

A definition is changed while nobody writes (ADR 11), so that what is stored under a key has its type, and lies in the
column of its data class, from the change on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from app.models.catalogue import CATALOGUE
from app.models.extending import COLUMNS, EXTENDED, UNCLASSED
from app.services.errors import InvalidState
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork
from policies.catalogue import DataClass

KEPT = {"entity": "entity", "key": "key", "data_type": "dataType", "is_custom": "isCustom"}
"""Columns that stay as they are while there are values, with their fields."""
ALL = (UNCLASSED, *COLUMNS.values())
_HELD = " OR ".join(f"{column} ? $1" for column in ALL)


async def check_unused(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes definitions that come to mean something else while records hold values of theirs."""
    for draft in drafts:
        changed = [field for column, field in KEPT.items() if draft.old and draft.row[column] != draft.old[column]]
        if changed and draft.old and await _is_used(unit, draft.old):
            for field in changed:
                draft.note(InvalidState("not_possible", (field,)))


async def _is_used(unit: UnitOfWork, definition: Mapping[str, Any]) -> bool:
    if not definition["is_custom"] or definition["entity"] not in EXTENDED:
        return False
    table = CATALOGUE[definition["entity"]].table.name
    found = await (await unit.driver).fetchval(f"SELECT EXISTS (SELECT FROM {table} WHERE {_HELD})", definition["key"])
    return bool(found)


async def file(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Moves what is stored under definitions into the columns of their data classes."""
    for draft in drafts:
        row, old = draft.row, draft.old or {}
        is_filed = old.get("is_custom") and old["data_class"] == row["data_class"]
        if row["is_custom"] and row["entity"] in EXTENDED and not is_filed:
            column = COLUMNS[DataClass(row["data_class"])] if row["data_class"] else UNCLASSED
            await (await unit.driver).execute(_moving(CATALOGUE[row["entity"]].table.name, column), row["key"])


@lru_cache
def _moving(table: str, column: str) -> str:
    """Moves the values of a key into a column, from whichever they lie in."""
    others = [each for each in ALL if each != column]
    value = f"coalesce({', '.join(f'{each} -> $1::text' for each in others)})"
    left = (f"{each} = {_without(each)}" for each in others)
    there = " OR ".join(f"{each} ? $1" for each in others)
    return (
        f"UPDATE {table} SET {column} = coalesce({column}, '{{}}') || jsonb_build_object($1::text, {value}), "
        f"{', '.join(left)} WHERE {there}"
    )


def _without(column: str) -> str:
    """A column without the key; NULL rather than empty, where it may be."""
    return f"{column} - $1::text" if column == UNCLASSED else f"nullif({column} - $1::text, '{{}}')"
