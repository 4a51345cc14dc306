"""The process of tasks."""

from __future__ import annotations

from app.models.enums import TaskStatus
from app.services.transitions.machine import Transitions

_T = TaskStatus

_ENDING = {"complete": _T.COMPLETED, "cancel": _T.CANCELED}

TASKS = Transitions(
    _T.NOT_STARTED,
    {
        _T.NOT_STARTED: {"start": _T.STARTED, "defer": _T.DEFERRED, **_ENDING},
        _T.STARTED: {"defer": _T.DEFERRED, **_ENDING},
        _T.DEFERRED: {"start": _T.STARTED, "reopen": _T.NOT_STARTED, **_ENDING},
        _T.COMPLETED: {"reopen": _T.NOT_STARTED},
        _T.CANCELED: {"reopen": _T.NOT_STARTED},
    },
)
