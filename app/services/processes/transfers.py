"""Customers that are given to another owner, department or region, and what of their open work goes with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.models.catalogue import CATALOGUE
from app.models.enums import StageOutcome, TaskStatus
from app.services.errors import Required
from app.services.records import consequences, locking, statements
from app.services.records.drafts import Draft, Row
from app.services.records.rules import tickets
from app.services.records.statements import SCOPE
from app.services.writing import UnitOfWork
from policies.catalogue import Resource
from policies.states import State

STAGE = CATALOGUE["PipelineStage"]


class OpenWork(StrEnum):
    """What may go along."""

    OPPORTUNITIES = "OPPORTUNITIES"
    TASKS = "TASKS"
    TICKETS = "TICKETS"


@dataclass(frozen=True)
class _Kind:
    """OpenWork of one kind: the field that says whether it is open, and the condition under which it is."""

    resource: Resource
    field: str
    is_open: str

    @property
    def statement(self) -> str:
        """The open work of somebody for a customer, locked."""
        return f"""
            SELECT t.* FROM {self.resource.table.name} t WHERE t.customer_id = $1 AND t.owner_id = $2
            AND t.deleted_at IS NULL AND {self.is_open} ORDER BY t.id FOR NO KEY UPDATE OF t"""


def _not_in(statuses: Collection[str]) -> str:
    listed = ", ".join(f"'{status}'" for status in sorted(statuses))
    return f"t.status NOT IN ({listed})"


_AT_OPEN_STAGE = f"t.stage_id IN (SELECT s.id FROM pipeline_stages s WHERE s.outcome = '{StageOutcome.OPEN}')"
_KINDS: Mapping[OpenWork, _Kind] = {
    OpenWork.OPPORTUNITIES: _Kind(CATALOGUE["Opportunity"], "stage", _AT_OPEN_STAGE),
    OpenWork.TASKS: _Kind(CATALOGUE["Task"], "status", _not_in((TaskStatus.COMPLETED, TaskStatus.CANCELED))),
    OpenWork.TICKETS: _Kind(CATALOGUE["Ticket"], "status", _not_in(tickets.ENDED)),
}


async def transfer(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Gives customers to others; of the former owner's open work that which is named."""
    for draft in drafts:
        if not {"owner", "department", "region"} & set(draft.given):
            draft.note(Required("required", ("owner",)))
        asked = draft.asked.get("include") or ()
        for work, kind in _KINDS.items():
            draft.told[work.value.lower()] = await _move(unit, draft, kind) if work in asked else 0


async def _move(unit: UnitOfWork, draft: Draft, kind: _Kind) -> int | None:
    """Moves open work of the former owner's, and says how much, as the caller saw it; None where that cannot be seen."""
    assert draft.old is not None
    found = await (await unit.driver).fetch(kind.statement, draft.row["id"], draft.old["owner_id"])
    rows = [locking.row_of(kind.resource, row) for row in found]
    there = [consequences.changed(kind.resource, row, _scope(draft, row)) for row in rows]
    moved = [each for each in there if each.row != each.old]
    count = await _seen(unit, kind, moved)
    if kind.resource.name == "Ticket":
        await tickets.promise(unit, moved)
    await consequences.change(unit, moved)
    return count


def _scope(draft: Draft, row: Row) -> Row:
    """Where work lies that lay where its customer did."""
    assert draft.old is not None
    return {name: draft.row[name] for name in SCOPE if row[name] == draft.old[name]}


async def _seen(unit: UnitOfWork, kind: _Kind, moved: Sequence[Draft]) -> int | None:
    if kind.field == "stage" and unit.access.on(STAGE).state("outcome") is not State.PLAIN:
        return None
    fields = ("owner", kind.field)
    columns = [kind.resource.fields[name].column.name for name in fields]
    keys = statements.values_of(kind.resource, [each.key for each in moved])
    found = await unit.fetch(statements.seen(unit.access, kind.resource, fields), keys)
    return sum(all(row[name] is not None for name in columns) for row in found)
