"""What the change events of a merge tell, from which it is undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from app.services.merging.checking import columns_of
from app.services.merging.tables import CUSTOMER
from app.services.records.drafts import Draft
from app.services.records.storing import as_json
from app.services.writing import UnitOfWork
from policies.catalogue import Kind
from policies.standing import DELETED

DAYS = 30
"""How long a merge can be undone."""

_EVENTS = f"""
    SELECT entity, entity_id, customer_id, changed, row_after->>'{DELETED}' AS gone, at,
        at < statement_timestamp() - interval '{DAYS} days' AS is_old
    FROM change_events WHERE merged_id = $1 AND op = 'MERGE'
    AND at = (SELECT max(at) FROM change_events WHERE merged_id = $1 AND op = 'MERGE') ORDER BY seq"""


@dataclass(frozen=True, slots=True)
class Event:
    """What a merge did with one row."""

    entity: str
    """The table."""
    entity_id: UUID
    customer_id: UUID
    """Whose row it is now."""
    changed: Mapping[str, Sequence[Any]]
    """By field, what it held before and after."""
    gone: str | None
    """When the row was deleted, as the merge left it."""
    at: dt.datetime
    is_old: bool

    def moved(self, source: UUID) -> bool:
        """Whether it took the row from a customer."""
        return self.entity != CUSTOMER.table.name and self.changed.get("customer", [None])[0] == str(source)

    def then(self, later: Event) -> Event:
        """This and a later one of the same row as one."""
        both = {name: [old, later.changed.get(name, [None, new])[1]] for name, (old, new) in self.changed.items()}
        return replace(later, changed={**later.changed, **both})


async def events_of(unit: UnitOfWork, merged: UUID) -> list[Event]:
    """What the last merge of a customer did with each row."""
    folded: dict[tuple[str, UUID], Event] = {}
    for row in await (await unit.driver).fetch(_EVENTS, merged):
        event = Event(**row)
        key = (event.entity, event.entity_id)
        folded[key] = folded[key].then(event) if key in folded else event
    return list(folded.values())


def take_back(draft: Draft, event: Event, gone: dt.datetime) -> None:
    """Has a row hold again what it held before, as far as it still holds what the merge left."""
    old = draft.old or {}
    for names in _together(event.changed):
        columns = {name: draft.resource.fields[name].column for name in names}
        if all(plain(old[column.name]) == event.changed[name][1] for name, column in columns.items()):
            draft.row |= {column.name: _typed(column, event.changed[name][0]) for name, column in columns.items()}
    if event.gone is not None and event.gone == plain(gone) == plain(old[DELETED]):
        draft.row[DELETED] = None


def _together(changed: Mapping[str, object]) -> Iterable[Sequence[str]]:
    """Fields that changed, those of one amount together."""
    names = [name for name in changed if name != "customer"]
    amounts = [each for each in CUSTOMER.fields.values() if each.spec.kind is Kind.MONEY]
    grouped = [
        [n for n in names if CUSTOMER.fields[n].column.name in columns_of(each)]
        for each in amounts
        if each.name in names
    ]
    taken = {name for group in grouped for name in group}
    return [*grouped, *([name] for name in names if name not in taken)]


def plain(value: object) -> Any:
    """A value as an event holds it."""
    return orjson.loads(as_json(value))


def _typed(column: sa.Column[object], value: Any) -> Any:
    return UUID(value) if value is not None and isinstance(column.type, sa.Uuid) else value
