"""Records that change because another does: written by the system, each with an event of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.models.ids import uuid7
from app.services.records import events, storing, unique_keys
from app.services.records.drafts import Draft, Row, refuse
from app.services.records.events import Op
from app.services.writing import UnitOfWork
from policies.catalogue import Resource


def changed(resource: Resource, old: Row, changes: Mapping[str, Any]) -> Draft:
    """A record that is to be other than it was."""
    return Draft(resource, {}, row={**old, **changes}, old=old)


def new(unit: UnitOfWork, resource: Resource, columns: Mapping[str, Any]) -> Draft:
    """A record that is to be."""
    made = {"id": uuid7(), "created_by": unit.actor, "updated_by": unit.actor}
    return Draft(resource, {}, row={**made, **columns})


async def change(unit: UnitOfWork, drafts: Iterable[Draft]) -> None:
    """Changes records of one resource that are locked. Those that stay as they were are left alone."""
    differing = [draft for draft in drafts if draft.row != draft.old]
    if differing:
        await storing.update(unit, differing)
        await events.record(unit, Op.UPDATE, differing)


async def make(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Makes records of one resource. Raises Refused where a value is taken that must be unique."""
    if drafts:
        await storing.insert(unit, drafts)
        await unique_keys.claim(unit, drafts)
        refuse(drafts)
        await events.record(unit, Op.CREATE, drafts)
