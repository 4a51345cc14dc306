"""Histories of the rows of a company, and in its twins histories that differ in what is not shown of them.

Of an event somebody is shown, by the oracle, each field that is readable on the row as it is now and as the event left
it: as it was then; and as it was before, where that row gives it, too. A deletion, and what undid one, is shown where
both would be seen if they were not deleted. Of customers, which are told as they were, all that is readable of the row
that an event left, and of the one before it, counts as shown. What is not shown differs in the twin.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from app.models.catalogue import CATALOGUE
from app.services.records.events import KEPT
from graphql_schema.history.events import NOT_BEFORE
from policies.catalogue import Resource
from tests.leaks.making import Maker
from tests.leaks.storing import as_json
from tests.leaks.views import Eyes, Seen
from tests.leaks.worlds import Row, World, key_of
from tests.oracle import PLAIN, WITHHELD, Cell, Oracle

ROWS, EVENTS, GONE = 4, 2, 2
"""Of how many rows of a table there are events, and how many of each; and how many deleted rows have one."""
LONG = 5
"""How many of each row of which more than its changes is told."""
MORE = 0.3
"""How many of the events of which nothing is shown have another behind them in a twin."""
DATED_ROWS = 16
"""Of how many rows, where rows are told as they were, and where a whole history is concluded from."""
BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

DATED, CONCLUDED, WHOLE = "Customer", "Opportunity", "*"
"""What is told as it was; of what more than its changes is told; and what stands for all of a row."""
Shown: TypeAlias = Mapping[str, tuple[Cell, Cell | None]]
"""By field, how it is shown after an event and before it."""
ALONE: Shown = {"": (Cell(None, PLAIN), None)}
"""An event that is shown without any field."""


@dataclass(frozen=True)
class Event:
    """A change: the row after it, and what the columns of some fields held before."""

    resource: Resource
    after: Row
    olds: Row
    op: str
    at: dt.datetime
    actor: UUID

    @property
    def names(self) -> list[str]:
        """The fields that changed."""
        return [name for name, field in self.resource.fields.items() if field.column.name in self.olds]

    @property
    def is_bare(self) -> bool:
        """Whether it tells that the row was deleted, or brought back."""
        return self.op in ("DELETE", "RESTORE")

    @property
    def before(self) -> Row | None:
        """The row before it, as far as it is known."""
        if self.op == "CREATE":
            return None
        computed = (column.name for column in self.resource.table.columns if column.computed is not None)
        return {**self.after, **dict.fromkeys((*computed, *NOT_BEFORE)), **self.olds}


@dataclass(frozen=True)
class Reader:
    """One who reads histories in one world."""

    oracle: Oracle
    seen: Seen
    world: World

    def shown(self, event: Event) -> Shown:
        """What is shown of an event; nothing where that is all of it."""
        if event.is_bare:
            return self._whole(event) | (dict(ALONE) if self._would_be_seen(event) else {})
        return self._whole(event) | dict(self._changes(event))

    def _changes(self, event: Event) -> Shown:
        """What is shown of the fields that changed."""
        now = self.seen.views[event.resource.name].get(key_of(event.resource, event.after))
        after = self._cells(event, event.after) if now else None
        if now is None or after is None:
            return {}
        before = self._cells(event, event.before) if event.before else None
        readable = (name for name in after if WITHHELD not in (now[name].state, after[name].state))
        return {name: (after[name], before[name] if before else None) for name in readable}

    def _whole(self, event: Event) -> dict[str, tuple[Cell, Cell | None]]:
        """Of a customer that is in view, what is readable of the rows after the event and before it."""
        now = self.seen.views["Customer"].get(key_of(event.resource, event.after))
        if event.resource.name != DATED or now is None:
            return {}
        sides = [None if row is None else {**row, "deleted_at": None} for row in (event.after, event.before)]
        told = [self._readable(now, row) if row else None for row in sides]
        return {WHOLE: (Cell(told, PLAIN), None)}

    def _readable(self, now: Mapping[str, Cell], row: Row) -> Mapping[str, Cell] | None:
        found = self.oracle.view(self.seen.who, DATED, references="by target", among=[row])
        then = next(iter(found.values()), None)
        return then and {name: then[name] for name in now if WITHHELD not in (now[name].state, then[name].state)}

    def _would_be_seen(self, event: Event) -> bool:
        row = self.world[event.resource.name].get(key_of(event.resource, event.after))
        sides = [None if each is None else {**each, "deleted_at": None} for each in (row, event.after)]
        return all(each is not None and self._cells(event, each) is not None for each in sides)

    def _cells(self, event: Event, row: Row) -> Mapping[str, Cell] | None:
        on = event.resource
        found = self.oracle.view(self.seen.who, on.name, event.names, references="by target", among=[row])
        return next(iter(found.values()), None)


def readers(eyes: Eyes, *worlds: World) -> list[Reader]:
    """The same one in several worlds."""
    return [Reader(eyes.oracle(world), eyes.see(world), world) for world in worlds]


async def draw(connection: asyncpg.Connection, world: World, rng: Random) -> list[Event]:
    """Events of some rows of each table: each leaves the row much as it is now, or as another."""
    found: list[Event] = []
    for resource in CATALOGUE:
        rows = [row for row in world[resource.name].values() if row["deleted_at"] is None]
        most = DATED_ROWS if resource.name in (DATED, CONCLUDED) else ROWS
        chosen = rng.sample(rows, min(most, len(rows)))
        each = LONG if resource.name == CONCLUDED else EVENTS
        drafts = [_drawn(Maker(rng, world), row, resource) for row in chosen for _ in range(each)]
        found += [event async for event in _stored(connection, resource, drafts, world, rng)]
        found += [event async for event in _bare(connection, resource, world, rng)]
    return found


async def _bare(connection: asyncpg.Connection, resource: Resource, world: World, rng: Random) -> Any:
    """Deletions of rows that are deleted now, and of rows that were brought back."""
    rows = list(world[resource.name].values())
    gone = [row for row in rows if row["deleted_at"] is not None]
    chosen = [*rng.sample(gone, min(GONE, len(gone))), *rng.sample(rows, min(1, len(rows)))]
    drafts = [_drawn(Maker(rng, world), row, resource)[0] for row in chosen]
    for row in await as_rows(connection, resource, drafts):
        op = "RESTORE" if row["deleted_at"] is None else "DELETE"
        yield Event(resource, row, {}, op, _moment(rng), rng.choice(_users(world)))


def _moment(rng: Random) -> dt.datetime:
    return BEGAN + dt.timedelta(seconds=rng.randrange(10**6))


def _users(world: World) -> list[UUID]:
    return [row["id"] for row in world["User"].values()]


def _drawn(maker: Maker, row: Row, resource: Resource) -> tuple[dict[str, Any], dict[str, Any]]:
    """A row after a change of one, and one before; both are like the row now in much."""
    rng, kept = maker.rng, {name: row[name] for name in resource.key}
    after, before = (maker.row(resource, **kept) for _ in range(2))
    share = rng.choice((0.0, 0.1, 0.5))
    mixed = {name: after[name] if name in after and rng.random() < share else value for name, value in row.items()}
    settable = [f.column.name for name, f in resource.fields.items() if name not in KEPT]
    open_ = [name for name in settable if name in before and name not in resource.key]
    return mixed, {name: before[name] for name in open_ if rng.random() < rng.choice((0.2, 0.6))}


async def _stored(
    connection: asyncpg.Connection,
    resource: Resource,
    drafts: Sequence[tuple[Row, Row]],
    world: World,
    rng: Random,
) -> Any:
    afters = await as_rows(connection, resource, [after for after, _ in drafts])
    befores = await as_rows(connection, resource, [{**after, **olds} for after, olds in drafts])
    for after, before, (_, olds) in zip(afters, befores, drafts, strict=True):
        changed = {name: before[name] for name in olds if before[name] != after[name]}
        if changed:
            yield Event(resource, after, changed, "UPDATE", _moment(rng), rng.choice(_users(world)))


async def as_rows(connection: asyncpg.Connection, resource: Resource, rows: Sequence[Row]) -> list[Row]:
    """Rows as the database would keep them."""
    table = resource.table.name
    found = await connection.fetch(
        f"SELECT r.* FROM unnest($1::text[]) WITH ORDINALITY AS j(v, n), jsonb_populate_record(NULL::{table}, v::jsonb) AS r"
        " ORDER BY n",
        [as_json(resource, row) for row in rows],
    )
    return [dict(row) for row in found]


async def differing(
    connection: asyncpg.Connection, events: Iterable[Event], reader: Reader, rng: Random, maker: Maker
) -> list[Event]:
    """For each event one of which the same is shown; most differ in the rest. Behind them more of which nothing is."""
    found, more = [], []
    for event in events:
        shown = reader.shown(event)
        other = await _other(connection, event, shown, rng, maker)
        found.append(other if reader.shown(other) == shown else event)
        if not shown and rng.random() < MORE:
            more.append(found[-1])
    return found + more


async def _other(connection: asyncpg.Connection, event: Event, shown: Shown, rng: Random, maker: Maker) -> Event:
    """The event with other values in the place of those that are not shown."""
    on = event.resource
    hidden = [on.fields[name].column.name for name in event.names if name not in shown]
    olds_hidden = (name for name, (_, old) in shown.items() if old is None or old.state == WITHHELD)
    withheld = [on.fields[name].column.name for name in olds_hidden if name in event.names]
    kept = {name: event.after[name] for name in on.key}
    after, before = (maker.row(on, **kept) for _ in range(2))
    whole = [side for side in (shown[WHOLE][0].value if WHOLE in shown else ()) if side]
    told = {on.fields[name].column.name for side in whole for name in side}
    kept_as = {*event.olds, *on.key, "deleted_at", *told}
    unnamed = [name for name in after if name not in kept_as and rng.random() < 0.2]
    news = {name: after[name] for name in (*hidden, *unnamed) if name in after and rng.random() < 0.8}
    olds = {name: before[name] for name in (*hidden, *withheld) if name in before}
    [row, was] = await as_rows(connection, on, [{**event.after, **news}, {**event.after, **event.olds, **olds}])
    changed = replace(event, after=row, olds={name: was[name] for name in event.olds})
    return changed if shown else replace(changed, at=changed.at + dt.timedelta(days=1))


async def write(connection: asyncpg.Connection, events: Iterable[Event]) -> None:
    """Writes events, in their order."""
    await connection.executemany(
        "INSERT INTO change_events (customer_id, entity, entity_id, op, changed, row_after, actor, at)"
        " VALUES ($1, $2, $3, $4, $5::text::jsonb, $6::text::jsonb, $7, $8)",
        list(map(_written, events)),
    )


def _written(event: Event) -> tuple[Any, ...]:
    on, row = event.resource, event.after
    customer = row["id"] if on.name == "Customer" else row.get("customer_id")
    before, after = (json.loads(as_json(on, each)) for each in ({**row, **event.olds}, row))
    columns = {name: on.fields[name].column.name for name in event.names}
    changed = {name: [before[column], after[column]] for name, column in columns.items()}
    return customer, on.table.name, row["id"], event.op, json.dumps(changed), json.dumps(after), event.actor, event.at


def alike(events: Iterable[Event], readers_: Sequence[Sequence[Reader]]) -> Iterator[Event]:
    """The events of which each of some readers is shown the same in all of their worlds."""
    for event in events:
        if all(reader.shown(event) == same[0].shown(event) for same in readers_ for reader in same[1:]):
            yield event
