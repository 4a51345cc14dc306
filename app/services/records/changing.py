"""Records changed."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.errors import Forbidden, Invalid
from app.services.records import (
    clashes,
    defaults,
    entries,
    events,
    locking,
    permission,
    references,
    rules,
    storing,
    unique_keys,
    values,
)
from app.services.records.drafts import Draft, refuse, sound
from app.services.records.events import Op
from app.services.records.rules import Step
from app.services.writing import UnitOfWork
from policies.document import Action
from policies.states import State


async def update(
    unit: UnitOfWork, drafts: Sequence[Draft], *, only_validate: bool = False, step: Step | None = None
) -> None:
    """Changes the records of drafts of one resource. Raises Refused where anything is wrong with any.

    `step` is a step of a process: it looks at the records as they are, notes what stands in the way, and fills in what
    follows. What it fills in is done by the system; what the caller gives has to be granted.
    """
    await entries.take(unit, drafts, Action.UPDATE)
    values.name(drafts, unit.access, Action.UPDATE)
    await locking.records(unit, drafts, Action.UPDATE)
    known = [draft for draft in drafts if draft.old is not None]
    values.take(known, unit.access, Action.UPDATE)
    await references.resolve(unit, known, {})
    references.check_owners(known)
    if known:
        defaults.preset(unit, known, Action.UPDATE)
    locking.check_versions(known)
    _check_masks(known)
    await permission.check_added(unit, known)
    await rules.prepare(unit, known)
    if step is not None and sound(known):
        await step(unit, sound(known))
    if step is None:
        rules.check_kept(known)
    _check_compared(known)
    rules.check(known)
    entries.check(known, unit.access, Action.UPDATE)
    await clashes.note(unit, known, only_validate=only_validate)
    refuse(drafts)
    if only_validate and not await clashes.fits(unit, storing.update, drafts):
        await permission.check_unstored(unit, drafts, Action.UPDATE)
        return
    if not only_validate:
        await unique_keys.claim(unit, drafts)
        refuse(drafts)
        await storing.update(unit, drafts)
    await events.record(unit, Op.UPDATE, drafts)
    await rules.follow(unit, drafts)
    unit.finally_do(lambda: permission.check(unit, drafts, Action.UPDATE))


def _check_masks(drafts: Sequence[Draft]) -> None:
    """Notes masks that are sent back as values."""
    for draft in drafts:
        for name in draft.set:
            column = draft.resource.fields[name].column.name
            is_masked = draft.states.get(name) == State.MASKED and draft.row[column] is not None
            if is_masked and str(draft.row[column]) == str(draft.shown.get(name)):
                draft.note(Invalid("masked_value", (name,)))


def _check_compared(drafts: Sequence[Draft]) -> None:
    """Notes fields that are checked against others which the caller does not see plain: an answer would tell of these."""
    for draft in drafts:
        for name in draft.changing:
            if not draft.knows(*rules.compared_with(draft, name)):
                draft.note(Forbidden("not_settable", (name,)))
