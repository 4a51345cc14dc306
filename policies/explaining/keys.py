"""The keys that stand in an explanation, by the resource that they are keys of: what could be told by name."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from policies.explaining.told import Compared, Explanation, PartTold


def keys(explanation: Explanation) -> dict[str, list[UUID]]:
    """Each key that was compared, or compared with, by resource."""
    found: dict[str, dict[UUID, None]] = {}
    for compared in _compared(explanation):
        if compared.refers is not None:
            values = compared.operand if isinstance(compared.operand, tuple) else (compared.operand,)
            for value in (compared.value, *values):
                if isinstance(value, UUID):
                    found.setdefault(compared.refers, {})[value] = None
    return {resource: list(each) for resource, each in found.items()}


def _compared(explanation: Explanation) -> Iterator[Compared]:
    for rule in explanation.rules:
        yield from _of_part(rule.condition)
    for change in (*explanation.changes, *explanation.roles):
        yield from (wish.compared for wish in change.wishes if wish.compared is not None)


def _of_part(part: PartTold) -> Iterator[Compared]:
    if part.compared is not None:
        yield part.compared
    for inner in part.parts:
        yield from _of_part(inner)
