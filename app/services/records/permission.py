"""The last word of a write: the rows, as they were left, are granted to the caller, too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from app.services.errors import Forbidden
from app.services.records import statements, storing
from app.services.records.drafts import Draft, Key, refuse
from app.services.writing import UnitOfWork
from policies.document import Action


async def check_added(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes amounts that bring another currency where that may not be changed on the row as it is."""
    bringing = [draft for draft in drafts if "currency" in draft.set and "currency" not in draft.given]
    if bringing:
        permitted = await _permitted(unit, bringing, Action.UPDATE, frozenset({"currency"}))
        for draft in bringing:
            if draft.key not in permitted:
                draft.note(Forbidden("not_settable", ("currency",)))


async def check_unstored(unit: UnitOfWork, drafts: Sequence[Draft], action: Action) -> None:
    """Notes records that might not be left as they are to be, though they cannot be stored. Raises Refused."""
    for draft in drafts:
        statement = statements.unstored(unit.access, draft.resource, action, frozenset(draft.set))
        if not await unit.fetch(statement, storing.rows([draft], draft.resource.table.c.keys())):
            draft.note(Forbidden("forbidden"))
    refuse(drafts)


async def check(unit: UnitOfWork, drafts: Sequence[Draft], action: Action) -> None:
    """Notes records that may not be left, or made, as they are. Raises Refused where there are any."""
    groups: dict[frozenset[str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[frozenset(draft.set)].append(draft)
    for fields, group in groups.items():
        permitted = await _permitted(unit, group, action, fields)
        for draft in group:
            if draft.key not in permitted:
                draft.note(Forbidden("forbidden"))
    refuse(drafts)


async def _permitted(unit: UnitOfWork, drafts: Sequence[Draft], action: Action, fields: frozenset[str]) -> set[Key]:
    """The keys of those whose rows, as they are now, are granted for an action that sets fields."""
    resource = drafts[0].resource
    statement = statements.after(unit.access, resource, action, fields)
    rows = await unit.fetch(statement, statements.values_of(resource, [draft.key for draft in drafts]))
    return {tuple(row[name] for name in resource.key) for row in rows}
