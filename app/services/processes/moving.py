"""A step in the process of a record."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.errors import InvalidState
from app.services.records.drafts import Draft
from app.services.records.rules import Step
from app.services.transitions import Transitions, step
from app.services.transitions.machine import Status
from app.services.writing import UnitOfWork


def move(draft: Draft, machine: Transitions[Status], name: str, field: str = "status") -> bool:
    """Takes a step from where a record stands, and says whether it could be taken.

    Where it stands is told only to one who sees that plain.
    """
    column = draft.resource.fields[field].column.name
    assert draft.old is not None
    try:
        draft.row[column] = step(machine, name, draft.old[column])
    except InvalidState as refusal:
        draft.tell(refusal, field)
        return False
    return True


def moves(machine: Transitions[Status], name: str) -> Step:
    """A step of which nothing follows but another status."""

    async def service(_unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            move(draft, machine, name)

    return service
