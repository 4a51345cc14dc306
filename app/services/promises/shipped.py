"""The promises of a company that has made none of its own."""

from __future__ import annotations

from app.models.enums import Priority, TicketSeverity
from app.services.promises.promise import Clock, Promise

_HOUR = 3600
_DAY = 8 * _HOUR
"""Of business."""

SHIPPED = (
    Promise(_HOUR, 8 * _HOUR, Clock.ELAPSED, frozenset([Priority.URGENT])),
    Promise(_HOUR, 8 * _HOUR, Clock.ELAPSED, frozenset([Priority.HIGH]), frozenset([TicketSeverity.CRITICAL])),
    Promise(_DAY // 2, 2 * _DAY, Clock.BUSINESS, frozenset([Priority.HIGH])),
    Promise(_DAY, 5 * _DAY, Clock.BUSINESS, frozenset([Priority.NORMAL])),
    Promise(2 * _DAY, 10 * _DAY),
)
