"""The process of tickets."""

from __future__ import annotations

from app.models.enums import TicketStatus
from app.services.transitions.machine import Transitions

_T = TicketStatus

_ENDING = {
    "resolve": _T.RESOLVED,
    "reject": _T.REJECTED,
    "markDuplicate": _T.DUPLICATE,
}
_WORKING = {"reply": _T.IN_PROGRESS, "start": _T.IN_PROGRESS, "wait": _T.PENDING_CUSTOMER, **_ENDING}

TICKETS = Transitions(
    _T.NEW,
    {
        _T.NEW: {"assign": _T.ASSIGNED, "escalate": _T.NEW, **_WORKING},
        _T.ASSIGNED: {"assign": _T.ASSIGNED, "escalate": _T.ASSIGNED, **_WORKING},
        _T.IN_PROGRESS: {
            "assign": _T.ASSIGNED,
            "escalate": _T.IN_PROGRESS,
            "reply": _T.IN_PROGRESS,
            "wait": _T.PENDING_CUSTOMER,
            **_ENDING,
        },
        _T.PENDING_CUSTOMER: {
            "assign": _T.PENDING_CUSTOMER,
            "escalate": _T.PENDING_CUSTOMER,
            "reply": _T.PENDING_CUSTOMER,
            "resume": _T.IN_PROGRESS,
            **_ENDING,
        },
        _T.RESOLVED: {"reply": _T.RESOLVED, "close": _T.CLOSED, "reopen": _T.IN_PROGRESS},
        _T.CLOSED: {"reopen": _T.IN_PROGRESS},
        _T.REJECTED: {"reopen": _T.IN_PROGRESS},
        _T.DUPLICATE: {"reopen": _T.IN_PROGRESS},
    },
)
"""A customer's answer is `resume` where it was waited for, and `reopen` where the ticket was resolved."""
