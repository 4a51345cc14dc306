"""The merge: what belonged to some customers belongs to one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from app.services.merging.checking import Merger, prepare
from app.services.merging.clashes import CLASHES, settle
from app.services.merging.moving import Moving, copied, going, move, read, rows_of, write
from app.services.merging.others import redirect, speak_of_itself
from app.services.merging.tables import CUSTOMER, LINKS, OWNED, POINTING
from app.services.records import consequences, events, permission, storing, unique_keys
from app.services.records.drafts import Draft, Row
from app.services.records.events import Op
from app.services.records.rules import points
from app.services.writing import UnitOfWork
from policies.document import Action
from policies.standing import DELETED

_TOGETHER: dict[str, Callable[[list[Any]], Any]] = {"last_interaction_at": max, "first_ordered_at": min}


async def merge(unit: UnitOfWork, merger: Merger, *, only_validate: bool = False) -> None:
    """Merges customers into one, in the order in which they are named. Raises Refused where anything stands in the way."""
    await prepare(unit, merger)
    if only_validate:
        return
    survivor, wanted = merger.survivor, dict(merger.survivor.row)
    survivor.row = dict(survivor.old or {})
    for draft in merger.merged:
        await _end(unit, draft, survivor)
        await _take_in(unit, draft.row["id"], survivor.row)
        await redirect(unit, draft.row["id"], survivor.row["id"])
        taken = merger.taken.get(draft.row["id"], [])
        await _grow(
            unit, survivor, {**{name: wanted[name] for name in taken}, **_together(survivor.row, draft.row)}, draft
        )
        merger.refuse()
    unit.finally_do(lambda: permission.check(unit, [survivor], Action.MERGE))


async def _end(unit: UnitOfWork, draft: Draft, survivor: Draft) -> None:
    """Deletes a merged customer, which says into which it was merged."""
    assert draft.old is not None
    ended = consequences.changed(CUSTOMER, draft.old, {"merged_into_id": survivor.row["id"], DELETED: unit.now})
    await storing.update(unit, [ended])
    await unique_keys.release(unit, [ended])
    await events.record(unit, Op.MERGE, [ended], merged=ended.row["id"])


async def _take_in(unit: UnitOfWork, lost: UUID, survivor: Row) -> None:
    """Moves all that belongs to a merged customer."""
    rows = await rows_of(unit, lost)
    moving: Moving = {name: going(name, rows[name]) for name in OWNED}
    for name, drafts in moving.items():
        for draft in drafts:
            draft.row |= copied(name, survivor)
            if (
                name == points.POINT.table.name
                and draft.row["contact_id"] is None
                and draft.row["kind"] in points.SHOWN
            ):
                draft.row["is_primary"] = False
    await _part(unit, moving, lost, survivor["id"])
    replaced = {
        name: settle(name, await _there(unit, name, survivor["id"]), moving[name], unit.now) for name in CLASHES
    }
    for name, drafts in moving.items():
        for link in LINKS[name]:
            for draft in drafts:
                draft.row[link.column] = replaced.get(link.target, {}).get(
                    draft.row[link.column], draft.row[link.column]
                )
    await move(unit, moving, lost, survivor["id"], Op.MERGE, lost)


async def _part(unit: UnitOfWork, moving: Moving, lost: UUID, kept: UUID) -> None:
    """Rows of the merged customer that name the one that stays: an issue is told of the two as before, a relation ends."""
    for name, column in POINTING.items():
        about = [draft for draft in moving[name] if draft.row[column] == kept]
        for draft in about:
            speak_of_itself(draft, unit.now)
        if name == "data_quality_issues":
            for draft in about:
                draft.row[column] = lost
            continue
        moving[name] = [draft for draft in moving[name] if draft not in about]
        await write(unit, about, Op.MERGE, lost)


async def _there(unit: UnitOfWork, name: str, customer: UUID) -> list[Row]:
    return await read(unit, OWNED[name], f"customer_id = $1 AND {DELETED} IS NULL", customer)


def _together(one: Row, other: Row) -> Row:
    """First and last dates of two customers' rows together."""
    pairs = {name: [row[name] for row in (one, other) if row[name] is not None] for name in _TOGETHER}
    return {name: _TOGETHER[name](found) for name, found in pairs.items() if found}


async def _grow(unit: UnitOfWork, survivor: Draft, changes: Row, merged: Draft) -> None:
    survivor.old = dict(survivor.row)
    survivor.row = {**survivor.row, **changes}
    await storing.update(unit, [survivor])
    await unique_keys.claim(unit, [survivor])
    await events.record(unit, Op.MERGE, [survivor], merged=merged.row["id"])
    await _lead(unit, survivor, [name for name in points.KINDS if name in changes], merged.row["id"])


async def _lead(unit: UnitOfWork, survivor: Draft, columns: Iterable[str], lost: UUID) -> None:
    """Has the points of addresses and numbers that were taken over be the first of their kind."""
    own = await points.own(unit, [survivor.row["id"]])
    for column in columns:
        points.prefer(survivor.row, column, own)
    await write(unit, own, Op.MERGE, lost)
