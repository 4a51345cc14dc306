"""Many records at once: those that are there changed, the others made.

A record is there if the input names its id, or if a record in the caller's view has the same values in the fields to match
by. Only fields that the caller sees plain on every record can be matched by, so that a match tells nothing of what is hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.services.errors import Conflict, Forbidden, Invalid, Refused, Required
from app.services.records import statements
from app.services.records.changing import update
from app.services.records.creating import create
from app.services.records.drafts import Draft, Ref, refuse, sound
from app.services.values import stored
from app.services.writing import UnitOfWork
from policies.catalogue import Resource
from policies.states import State

MOST = 200
"""Inputs at once."""


async def upsert(
    unit: UnitOfWork,
    make: Callable[[], Sequence[Draft]],
    match_by: Sequence[str],
    *,
    reject_all: bool,
    only_validate: bool = False,
) -> Sequence[Draft]:
    """Changes or makes the records of drafts of one resource, in their order.

    `make` makes the drafts anew, for each try. Raises Refused where anything is wrong with any and `reject_all`; else
    those with mistakes are left out, and keep their mistakes.
    """
    drafts = make()
    _check(unit, drafts, match_by)
    wrong: dict[int, Draft] = {}
    while True:
        for number, draft in wrong.items():
            drafts[number].errors = draft.errors
        try:
            async with unit.attempt():
                await _write(unit, drafts, match_by, only_validate=only_validate)
            return drafts
        except Refused:
            found = {number: draft for number, draft in enumerate(drafts) if draft.errors and number not in wrong}
            if reject_all or not found:
                refuse(drafts)
                raise
            wrong |= found
            drafts = list(make())


def _check(unit: UnitOfWork, drafts: Sequence[Draft], match_by: Iterable[str]) -> None:
    """Raises Refused for too many inputs, or a field that cannot be matched by."""
    errors: list[Any] = []
    if len(drafts) > MOST:
        errors.append(Invalid("too_many", ("inputs",), max=MOST))
    for name in match_by:
        if drafts and unit.access.on(drafts[0].resource).state(name) is not State.PLAIN:
            errors.append(Forbidden("not_matchable", ("matchBy",), name=name))
    if errors:
        raise Refused(errors)


async def _write(unit: UnitOfWork, drafts: Sequence[Draft], match_by: Sequence[str], *, only_validate: bool) -> None:
    tried = sound(drafts)
    await _match(unit, [draft for draft in tried if draft.ref is None], match_by)
    refuse(tried)
    known, new = [d for d in tried if d.ref is not None], [d for d in tried if d.ref is None]
    failed: list[Draft] = []
    for group, write in ((known, update), (new, create)):
        try:
            if group:
                await write(unit, group, only_validate=only_validate)
        except Refused:
            failed += group
    refuse(failed)


async def _match(unit: UnitOfWork, drafts: Sequence[Draft], match_by: Sequence[str]) -> None:
    """Finds the records in view that have the same values as drafts."""
    if not match_by or not drafts:
        return
    resource = drafts[0].resource
    wanted = {id(draft): values for draft in drafts if (values := _values(draft, match_by)) is not None}
    found: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    columns = [[values[i] for values in wanted.values()] for i in range(len(match_by))]
    statement = statements.matching(unit.access, resource, tuple(match_by))
    for row in await unit.fetch(statement, statements.matched(columns)):
        found[tuple(row[resource.fields[name].column.name] for name in match_by)].append(row)
    for draft in drafts:
        rows = found.get(wanted.get(id(draft), ()), [])
        _settle(draft, rows, match_by)


def _values(draft: Draft, match_by: Iterable[str]) -> tuple[Any, ...] | None:
    """What a draft is matched by; None, with the mistake noted, where a value is missing or wrong."""
    values = []
    for name in match_by:
        try:
            value = stored(draft.resource.fields[name], draft.given.get(name))
        except Invalid as invalid:
            draft.note(invalid.at((name,)))
            continue
        if value is None:
            draft.note(Required("required", (name,)))
        values.append(value)
    return None if draft.errors else tuple(values)


def _settle(draft: Draft, rows: Sequence[Any], match_by: Sequence[str]) -> None:
    mine = [row for row in rows if _fits(draft, draft.resource, row)]
    if len(mine) > 1:
        draft.note(Conflict("several_match", (match_by[0],)))
    elif mine:
        [row] = mine
        draft.ref = Ref(draft.resource.name, row.get("customer_id") if draft.resource.owned else None, row["id"])
        draft.given = {name: value for name, value in draft.given.items() if not _is_key(draft.resource, name)}


def _fits(draft: Draft, resource: Resource, row: Any) -> bool:
    """Whether a record is of the customer that the draft names, where it names one."""
    customer = draft.given.get("customer")
    return not resource.owned or not isinstance(customer, Ref) or customer.id == row["customer_id"]


def _is_key(resource: Resource, name: str) -> bool:
    return name in resource.fields and resource.fields[name].column.name in resource.key
