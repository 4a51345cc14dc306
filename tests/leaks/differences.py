"""How much two twins differ, by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.leaks.changes import Change, between
from tests.leaks.views import Seen
from tests.leaks.worlds import World, key_of

ADDED, REMOVED, HIDDEN = "rows added", "rows removed", "hidden rows changed"
NO_FIELD, REFERENCE = "values of no field", "references to hidden rows"
STATES = {"withheld": "withheld values", "masked": "values behind masks", "plain": REFERENCE}


def kinds(change: Change, seen: Seen) -> Iterator[str]:
    """What a change is to those who do not see it: of a row, or of each value of a row in view."""
    resource = change.resource
    if change.before is None or change.after is None:
        yield ADDED if change.before is None else REMOVED
        return
    cells = seen.told(resource.name).get(key_of(resource, change.row))
    if cells is None:
        yield HIDDEN
        return
    names = {field.column.name: name for name, field in resource.fields.items()}
    for column in change.columns:
        yield STATES[cells[names[column]].state] if column in names else NO_FIELD


def differences(one: World, other: World, seen: Seen) -> Counter[str]:
    """How many there are of each kind."""
    return Counter(kind for change in between(one, other) for kind in kinds(change, seen))
