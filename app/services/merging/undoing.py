"""The way back: a merged customer has again what it had.

What a merge moved goes back, with all that became a part of it since. What it changed is as before where nobody has changed
it since. What came to the customer that stayed remains there. A reference between rows that part is cleared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.services.errors import InvalidState, NotFound
from app.services.merging.clashes import CLASHES, settle
from app.services.merging.moving import Moving, copied, going, lock, move, read, rows_of, write
from app.services.merging.tables import CUSTOMER, LINKS, OWNED
from app.services.merging.told import DAYS, Event, events_of, take_back
from app.services.records import events, locking, permission, statements, storing, unique_keys
from app.services.records.drafts import Draft, Ref, Row, refuse
from app.services.records.events import Op
from app.services.records.locking import row_of
from app.services.records.rules import interactions, orders
from app.services.writing import UnitOfWork
from policies.document import Action
from policies.standing import DELETED

_INTO = "SELECT merged_into_id FROM customers WHERE id = $1"
_TOUCHES = {"interactions": interactions.touch, "orders": orders.touch}


@dataclass(frozen=True)
class Undoing:
    """A merge that is to be undone."""

    merged: Draft
    survivor: Draft
    events: Sequence[Event]

    def of(self, *, moved: bool) -> dict[tuple[str, UUID], Event]:
        """By table and key, what the merge did with rows that it moved, or left where they were."""
        lost = self.merged.row["id"]
        return {
            (each.entity, each.entity_id): each
            for each in self.events
            if each.entity in OWNED and each.moved(lost) is moved
        }

    def of_survivor(self) -> Event:
        """What the merge did with the customer that stayed."""
        return next(each for each in self.events if each.entity_id == self.survivor.row["id"])


async def unmerge(unit: UnitOfWork, merged: Draft, *, only_validate: bool = False) -> Draft:
    """Undoes the merge of a customer. Gives the one into which it was merged. Raises Refused where it cannot be undone."""
    undoing = await _prepare(unit, merged)
    if only_validate:
        return undoing.survivor
    await _bring_back(unit, undoing)
    await _hand_back(unit, undoing)
    await _put_right(unit, undoing)
    unit.finally_do(lambda: permission.check(unit, [merged, undoing.survivor], Action.MERGE))
    return undoing.survivor


async def _prepare(unit: UnitOfWork, merged: Draft) -> Undoing:
    """Locks the customers concerned, and looks whether the merge can be undone."""
    key = locking.key_of(merged)
    into: UUID | None = await (await unit.driver).fetchval(_INTO, *key) if key else None
    if key is None or into is None:
        await locking.records(unit, [merged], Action.MERGE)
        if not merged.errors:
            merged.note(InvalidState("not_merged", ("id",)))
        refuse([merged])
    assert key is not None
    assert into is not None
    found = await events_of(unit, key[0])
    await lock(unit, {key[0], into, *(each.customer_id for each in found)})
    await _find(unit, merged)
    refuse([merged])
    survivor = Draft(CUSTOMER, {}, ref=Ref(CUSTOMER.name, None, into))
    undoing = Undoing(merged, survivor, found)
    stayed = [each for each in found if each.entity_id == into]
    survivor.set = [name for each in stayed for name in each.changed if CUSTOMER.fields[name].spec.settable]
    await locking.records(unit, [survivor], Action.MERGE)
    if not stayed or merged.row["merged_into_id"] != into:
        merged.note(InvalidState("not_possible", ("id",)))
    elif stayed[0].is_old:
        merged.note(InvalidState("merged_long_ago", ("id",), days=DAYS))
    refuse([merged, survivor])
    return undoing


async def _find(unit: UnitOfWork, merged: Draft) -> None:
    """Fills in the merged customer. Notes one that the caller may not merge, as one that is not there."""
    key = locking.key_of(merged)
    assert key is not None
    statement = statements.gone(unit.access, CUSTOMER, Action.MERGE)
    found = [row for row in await unit.fetch(statement, statements.values_of(CUSTOMER, [key])) if row["permitted"]]
    if not found:
        merged.note(NotFound("not_found", ("id",)))
        return
    merged.old = row_of(CUSTOMER, found[0], "t_")
    merged.row = dict(merged.old)
    merged.states = {name: unit.access.on(CUSTOMER).state(name) for name in CUSTOMER.fields}


async def _bring_back(unit: UnitOfWork, undoing: Undoing) -> None:
    """Makes both customers what they were, as far as nobody has changed them since."""
    merged, survivor = undoing.merged, undoing.survivor
    take_back(survivor, undoing.of_survivor(), merged.row[DELETED])
    merged.row |= {"merged_into_id": None, DELETED: None}
    await storing.update(unit, [survivor])
    await storing.update(unit, [merged])
    await unique_keys.claim(unit, [survivor, merged])
    refuse([survivor, merged])
    await events.record(unit, Op.UNMERGE, [survivor, merged], merged=merged.row["id"])


async def _hand_back(unit: UnitOfWork, undoing: Undoing) -> None:
    """Moves what goes back, and clears references between what goes and what stays."""
    merged, kept = undoing.merged, undoing.survivor.row["id"]
    gone = (merged.old or {})[DELETED]
    rows = await rows_of(unit, kept)
    moved = undoing.of(moved=True)
    goes = _going(rows, moved)
    moving: Moving = {name: going(name, [r for r in rows[name] if r["id"] in goes[name]]) for name in OWNED}
    staying = {name: going(name, [r for r in rows[name] if r["id"] not in goes[name]]) for name in OWNED}
    for name, drafts in moving.items():
        for draft in drafts:
            event = moved.get((name, draft.row["id"]))
            if event is not None:
                take_back(draft, event, gone)
            draft.row |= copied(name, merged.row)
    for name in OWNED:
        _sever(name, moving[name], goes, rows)
        _sever(name, staying[name], goes, rows)
    for name in CLASHES:
        settle(name, [], sorted(moving[name], key=lambda draft: draft.row != draft.old), unit.now)
    for drafts in staying.values():
        await write(unit, drafts, Op.UNMERGE, merged.row["id"])
    await move(unit, moving, kept, merged.row["id"], Op.UNMERGE, merged.row["id"])
    await _touch(unit, undoing, rows)


def _going(rows: Mapping[str, Sequence[Row]], moved: Mapping[tuple[str, UUID], Event]) -> Mapping[str, set[UUID]]:
    """By table, what goes back: what the merge moved; but what is part of another record goes with that."""
    found: dict[str, set[UUID]] = {}
    for name in OWNED:
        whole = next((link for link in LINKS[name] if link.required), None)
        found[name] = {
            row["id"]
            for row in rows[name]
            if (row[whole.column] in found[whole.target] if whole else (name, row["id"]) in moved)
        }
    return found


def _sever(
    name: str, drafts: Iterable[Draft], goes: Mapping[str, set[UUID]], rows: Mapping[str, Sequence[Row]]
) -> None:
    """Clears references to rows that part from these."""
    there = {link.target: {row["id"] for row in rows[link.target]} for link in LINKS[name]}
    for link in LINKS[name]:
        for draft in drafts:
            to = draft.row[link.column]
            is_meant = all(draft.row[column] == value for column, value in link.fixed)
            if is_meant and to in there[link.target] and (to in goes[link.target]) != (draft.row["id"] in goes[name]):
                draft.row |= {link.column: None, **{column: None for column, _ in link.fixed}}


async def _touch(unit: UnitOfWork, undoing: Undoing, rows: Mapping[str, Sequence[Row]]) -> None:
    """Reckons anew when the two were in touch or ordered, where something of that was changed since."""
    for name, touch in _TOUCHES.items():
        if any(row["updated_at"] > undoing.events[0].at for row in rows[name]):
            owners = (undoing.merged.row["id"], undoing.survivor.row["id"])
            await touch(unit, [Draft(OWNED[name], {}, row={"customer_id": each}) for each in owners])


async def _put_right(unit: UnitOfWork, undoing: Undoing) -> None:
    """Has the rows that stayed where they were, of these customers and of others, hold what they held."""
    gone = (undoing.merged.old or {})[DELETED]
    by_table: dict[str, list[Event]] = {}
    for (name, _), event in undoing.of(moved=False).items():
        by_table.setdefault(name, []).append(event)
    for name, changed in by_table.items():
        drafts = []
        for event in changed:
            rows = await read(unit, OWNED[name], "customer_id = $1 AND id = $2", event.customer_id, event.entity_id)
            drafts += going(name, rows)
            for draft in drafts[-1:] if rows else ():
                take_back(draft, event, gone)
        await write(unit, drafts, Op.UNMERGE, undoing.merged.row["id"])
