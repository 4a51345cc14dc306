"""Tasks repeat by rules that can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.services.checks.check import Check, check
from app.services.errors import Refused, UserError
from app.services.recurrence import read_rule


def _repeating(recurrence: str | None) -> Iterator[UserError]:
    if recurrence is None:
        return
    try:
        read_rule(recurrence)
    except Refused as refusal:
        yield from refusal.errors


CHECKS: Mapping[str, tuple[Check, ...]] = {"Task": (check("Task", ("recurrence",), _repeating),)}
