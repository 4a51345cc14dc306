"""Tasks: done, and due again if they repeat."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from app.models.catalogue import CATALOGUE
from app.services.errors import Invalid, Refused
from app.services.processes.moving import move
from app.services.records import consequences
from app.services.records.drafts import Draft, Row
from app.services.recurrence import Rule, next_after, read_rule
from app.services.transitions import TASKS
from app.services.values.places import time_zone
from app.services.writing import UnitOfWork

_AGAIN = (
    *("customer_id", "owner_id", "department_id", "region_id", "title", "priority", "all_day", "reminders"),
    *("subject_type", "subject_id"),
)
"""Columns in which the next task is like the one before."""
_count = re.compile(r"(?<=COUNT=)[0-9]+", re.IGNORECASE)


async def reopen(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Takes tasks up again."""
    for draft in drafts:
        if move(draft, TASKS, "reopen"):
            draft.row["completed_at"] = None


async def complete(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes that tasks are done. Of one that repeats the next is made, if there is one."""
    for draft in drafts:
        if move(draft, TASKS, "complete"):
            draft.row["completed_at"] = unit.now
            due, recurrence = await _next(unit, draft.row)
            if due is not None:
                like = {name: draft.row[name] for name in _AGAIN}
                following = consequences.new(unit, CATALOGUE["Task"], {**like, "due_at": due, "recurrence": recurrence})
                await consequences.make(unit, [following])
                draft.brought["next"] = following


async def _next(unit: UnitOfWork, row: Row) -> tuple[dt.datetime | None, str | None]:
    """When a task is due again, on the clock of its owner, and how it repeats from then on."""
    text = row["recurrence"]
    rule = _read(text)
    if rule is None:
        return None, None
    zone = await _zone(unit, row["owner_id"])
    due = next_after(rule, row["due_at"] or unit.now, zone, all_day=row["all_day"], done=1)
    return due, _count.sub(lambda found: str(int(found[0]) - 1), text)


def _read(text: str | None) -> Rule | None:
    """The rule of a task; none for a text that is none, as one that was imported."""
    try:
        return read_rule(text) if text else None
    except Refused:
        return None


async def _zone(unit: UnitOfWork, owner: UUID | None) -> ZoneInfo:
    """A user's time zone; UTC where there is none."""
    name = await (await unit.driver).fetchval("SELECT time_zone FROM users WHERE id = $1", owner)
    try:
        return ZoneInfo(time_zone(name) if name else "UTC")
    except Invalid:
        return ZoneInfo("UTC")
