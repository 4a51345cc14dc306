"""Tickets: what is promised about one, by its region, its kind and how pressing it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.models.enums import Priority, TicketSeverity, TicketStatus, TicketType
from app.services.errors import Invalid
from app.services.promises import DueTimes, TicketFacts, due_times, kept
from app.services.records.drafts import Draft
from app.services.records.rules import regions
from app.services.values.defaults import default
from app.services.writing import UnitOfWork

ENDED = frozenset({TicketStatus.RESOLVED, TicketStatus.CLOSED, TicketStatus.REJECTED, TicketStatus.DUPLICATE})
"""Where nothing is due any longer."""
_DEPENDS = ("type", "priority", "severity", "region_id", "opened_at")
"""Columns on which it depends what is promised."""


async def promise(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has tickets due by what their region promises: new ones, and open ones on which something else depends now."""
    asked = [draft for draft in drafts if draft.row.get("opened_at") is not None and _is_due_anew(draft)]
    services = await regions.services(unit, [draft.row.get("region_id") for draft in asked])
    for draft in asked:
        service = services[draft.row.get("region_id")]
        try:
            put(draft, due_times(service.promises, service.calendar, _facts(draft), terms(draft)))
        except Invalid as fault:
            draft.note(fault.at(("openedAt",)))


def _is_due_anew(draft: Draft) -> bool:
    if draft.old is None:
        return True
    is_ours = draft.old["sla_policy"] is None or terms(draft) is not None
    changes = any(draft.row[name] != draft.old[name] for name in _DEPENDS)
    return is_ours and changes and draft.old["status"] not in ENDED


def _facts(draft: Draft) -> TicketFacts:
    severity = _held(draft, "severity")
    return TicketFacts(
        TicketType(_held(draft, "type")),
        Priority(_held(draft, "priority")),
        TicketSeverity(severity) if severity else None,
        draft.row["opened_at"],
    )


def _held(draft: Draft, column: str) -> Any:
    return draft.row[column] if column in draft.row else default(draft.resource.table.c[column])


def terms(draft: Draft) -> DueTimes | None:
    """What is promised about a ticket; None where that is nothing of ours."""
    first, last = draft.row.get("first_response_due_at"), draft.row.get("resolution_due_at")
    if first is None or last is None:
        return None
    return kept(draft.row["sla_policy"], first, last)


def put(draft: Draft, found: DueTimes) -> None:
    """Has a ticket keep what is promised about it."""
    draft.row |= {
        "first_response_due_at": found.first_response_due_at,
        "resolution_due_at": found.resolution_due_at,
        "sla_policy": found.snapshot,
    }
