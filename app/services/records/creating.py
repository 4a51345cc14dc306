"""Records made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

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
from app.services.records.drafts import Draft, Ref, refuse
from app.services.records.events import Op
from app.services.records.rules import Step
from app.services.writing import UnitOfWork
from policies.document import Action


async def create(
    unit: UnitOfWork, drafts: Sequence[Draft], *, only_validate: bool = False, step: Step | None = None
) -> None:
    """Makes the records of drafts of one resource.

    Raises Refused where anything is wrong with any. With `only_validate` clashes are looked for in what the caller
    sees alone, and the caller of this has to undo what was written. `step` is the first of a process: it notes what
    stands in the way, and fills in what follows.
    """
    await entries.take(unit, drafts, Action.CREATE)
    values.name(drafts, unit.access, Action.CREATE)
    values.take(drafts, unit.access, Action.CREATE)
    customers = await locking.customers(unit, _customers(drafts))
    await references.resolve(unit, drafts, customers)
    references.check_owners(drafts)
    defaults.preset(unit, drafts, Action.CREATE)
    defaults.fill(unit, drafts, customers, unit.now)
    await rules.prepare(unit, drafts)
    if step is not None:
        await step(unit, drafts)
    defaults.missing(drafts, rules.FILLED)
    rules.check(drafts)
    entries.check(drafts, unit.access, Action.CREATE)
    await clashes.note(unit, drafts, only_validate=only_validate)
    refuse(drafts)
    if only_validate and not await clashes.fits(unit, storing.insert, drafts):
        await permission.check_unstored(unit, drafts, Action.CREATE)
        return
    if not only_validate:
        await storing.insert(unit, drafts)
        await unique_keys.claim(unit, drafts)
        refuse(drafts)
    await events.record(unit, Op.CREATE, drafts)
    await rules.follow(unit, drafts)
    unit.finally_do(lambda: permission.check(unit, drafts, Action.CREATE))


def _customers(drafts: Sequence[Draft]) -> Iterator[UUID]:
    """The customers that records are to belong to."""
    for draft in drafts:
        customer = draft.given.get("customer")
        if draft.resource.owned and isinstance(customer, Ref) and customer.resource == "Customer":
            yield customer.id
