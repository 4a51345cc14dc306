"""Records made."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.records import defaults, events, locking, permission, references, rules, storing, unique_keys, values
from app.services.records.drafts import Draft, refuse, sound
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
    values.name(drafts, unit.access, Action.CREATE)
    values.take(drafts, unit.access, Action.CREATE)
    await references.resolve(unit, drafts)
    wanted = [draft.row["customer_id"] for draft in drafts if draft.row.get("customer_id")]
    customers = await locking.customers(unit, wanted)
    references.check_owners(drafts)
    defaults.preset(unit, drafts, Action.CREATE)
    defaults.fill(unit, drafts, customers, unit.now)
    await rules.prepare(unit, drafts)
    if step is not None:
        await step(unit, drafts)
    defaults.missing(drafts, rules.FILLED)
    rules.check(drafts)
    if only_validate:
        await unique_keys.look(unit, drafts)
    refuse(drafts)
    await storing.insert(unit, drafts)
    if not only_validate:
        await unique_keys.claim(unit, sound(drafts))
    refuse(drafts)
    await events.record(unit, Op.CREATE, drafts)
    await rules.follow(unit, drafts)
    unit.finally_do(lambda: permission.check(unit, drafts, Action.CREATE))
