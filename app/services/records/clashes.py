"""Values that a record is to have and another has already, found before anything is written.

A clash is told with its field only to one who sees the other record with all that matters of it; else it is a bare
conflict, of which a caller may meet a few in an hour. Whoever has met more tries no values any longer, whether they are
free or not. With `only_validate` nothing is looked at that the caller does not see.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

import asyncpg

from app.services import auditing
from app.services.errors import Conflict, Forbidden, HiddenConflict, NotFound, RateLimited
from app.services.records import holders, statements, storing, unique_keys
from app.services.records.drafts import Draft
from app.services.uniqueness import Uniqueness, uniqueness
from app.services.writing import UnitOfWork
from policies.catalogue import Resource
from policies.statements import Statement

Write: TypeAlias = Callable[[UnitOfWork, Sequence[Draft]], Awaitable[None]]


async def note(unit: UnitOfWork, drafts: Sequence[Draft], *, only_validate: bool) -> None:
    """Notes clashes, or that the caller has met too many hidden ones."""
    trying = [draft for draft in drafts if _may(draft) and (unique_keys.tries(draft) or any(_tried(draft)))]
    if not trying:
        return
    if not only_validate and await auditing.hidden_clashes(unit) >= auditing.MOST_HIDDEN_CLASHES:
        for draft in trying:
            draft.note(RateLimited("too_many_clashes"))
        return
    await unique_keys.look(unit, trying)
    for unique in _of(trying[0].resource):
        await _look(unit, [draft for draft in trying if unique in _tried(draft)], unique, only_validate=only_validate)


def _may(draft: Draft) -> bool:
    """Whether nothing but its values stands in the way."""
    return not any(isinstance(error, (Forbidden, NotFound)) for error in draft.errors)


async def fits(unit: UnitOfWork, write: Write, drafts: Sequence[Draft]) -> bool:
    """Writes rows, and says whether that can be: not where a hidden row has a value that its table holds only once."""
    try:
        async with unit.connection.begin_nested():
            await write(unit, drafts)
    except asyncpg.UniqueViolationError:
        return False
    return True


async def _look(unit: UnitOfWork, drafts: Sequence[Draft], unique: Uniqueness, *, only_validate: bool) -> None:
    if not drafts:
        return
    resource = drafts[0].resource
    seen = holders.seen(unit.access, resource, unique)
    if only_validate:
        clashing = told = await _numbers(unit, seen, drafts, unique)
    else:
        clashing = await _numbers(unit, holders.held(resource, unique), drafts, unique)
        told = await _numbers(unit, seen, drafts, unique) if clashing else set()
    for number in sorted(clashing):
        _note(drafts[number], unique, is_seen=number in told)


async def _numbers(unit: UnitOfWork, asked: Statement, drafts: Sequence[Draft], unique: Uniqueness) -> set[int]:
    names = sorted({"id", *unique.columns, *unique.reads})
    rows = [{"n": n, **{name: storing.held(draft, name) for name in names}} for n, draft in enumerate(drafts)]
    return {row["n"] for row in await unit.fetch(asked, {statements.ROWS: storing.as_json(rows)})}


@lru_cache(maxsize=64)
def _of(resource: Resource) -> tuple[Uniqueness, ...]:
    return tuple(each for each in uniqueness(resource.table) if "id" not in each.columns)


def _tried(draft: Draft) -> Iterator[Uniqueness]:
    """Of what must be unique that which the caller gives a new value, or brings back."""
    given = {draft.resource.fields[name].column.name for name in draft.set}
    for unique in _of(draft.resource):
        columns = {*unique.columns, *unique.reads} - {"customer_id"}
        is_out = any(storing.held(draft, name) is False for name in unique.reads)
        if not is_out and (given & columns if draft.old is None else _differs(draft, columns)):
            yield unique


def _differs(draft: Draft, columns: Collection[str]) -> bool:
    assert draft.old is not None
    return any(draft.row[name] != draft.old[name] for name in columns)


def _note(draft: Draft, unique: Uniqueness, *, is_seen: bool) -> None:
    if not is_seen:
        draft.note(HiddenConflict("conflict"))
        return
    names = [draft.resource.of_column(column) for column in (*sorted(unique.reads), *reversed(unique.columns))]
    draft.note(Conflict("taken", tuple(name for name in names if name in draft.set)[:1]))
