"""History: of what a row was, as much is shown as its reader would have seen then.

How a row was after a change is not stored whole. It is known where the rights to a field rest on fields of the row itself
that have not been changed since: then they were as they are now. Where they rest on anything else, it is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policies.conditions import And, Compare, Condition, Not, Or
from policies.grants import Grants


def rests_on(parties: Iterable[Grants], field: str) -> frozenset[str] | None:
    """The row's own fields that decide who sees the row and the field; None where something else decides, too."""
    found: set[str] = set()
    for grants in parties:
        of_field = grants.grounds(field)
        grounds = (*grants.rows.allowed, *grants.rows.denied, *of_field.plain, *of_field.shown_masked, *of_field.denied)
        for condition in (each for ground in grounds for each in ground):
            names = _own(condition)
            if names is None:
                return None
            found.update(names)
    return frozenset(found)


def _own(condition: Condition) -> frozenset[str] | None:
    """The row's own fields that a condition compares; None where it looks at related rows."""
    if isinstance(condition, Compare):
        return frozenset({condition.field})
    if not isinstance(condition, (And, Or, Not)):
        return None
    parts = [_own(part) for part in _parts(condition)]
    return None if None in parts else frozenset().union(*(part for part in parts if part is not None))


def _parts(condition: And | Or | Not) -> Iterator[Condition]:
    if isinstance(condition, Not):
        yield condition.condition
    else:
        yield from condition.conditions
