"""Customers: whoever is answerable for one is so for what follows it; and one that was merged is not brought back alone."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.catalogue import CATALOGUE
from app.services.errors import InvalidState
from app.services.records import consequences, locking
from app.services.records.drafts import Draft
from app.services.records.statements import SCOPE
from app.services.writing import UnitOfWork
from policies.catalogue import Resource


def _following() -> tuple[Resource, ...]:
    """The resources whose rows always lie where their customer does."""
    owned = (resource for resource in CATALOGUE if resource.owned and SCOPE[0] in resource.table.c)
    return tuple(resource for resource in owned if resource.table.c[SCOPE[0]].info["field"].copies)


FOLLOWING = _following()
_ROWS = """
    SELECT * FROM {table} WHERE customer_id = ANY($1) AND deleted_at IS NULL ORDER BY customer_id, id FOR NO KEY UPDATE"""
_TAKEN = ", ".join(f"{name} = c.{name}" for name in SCOPE)
_DELETED = ", ".join(
    f"a{i} AS (UPDATE {each.table.name} t SET {_TAKEN} FROM customers c"
    " WHERE c.id = t.customer_id AND c.id = ANY($1) AND t.deleted_at IS NOT NULL)"
    for i, each in enumerate(FOLLOWING)
)


async def take_along(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has what follows a customer lie where the customer now lies; what is deleted, too, though nobody is told."""
    moved = {d.row["id"]: d.row for d in drafts if d.old and any(d.old[name] != d.row[name] for name in SCOPE)}
    if not moved:
        return
    driver = await unit.driver
    for resource in FOLLOWING:
        found = await driver.fetch(_ROWS.format(table=resource.table.name), sorted(moved))
        rows = [locking.row_of(resource, row) for row in found]
        scopes = [{name: moved[row["customer_id"]][name] for name in SCOPE} for row in rows]
        changed = (consequences.changed(resource, *pair) for pair in zip(rows, scopes, strict=True))
        await consequences.change(unit, changed)
    await driver.execute(f"WITH {_DELETED} SELECT", sorted(moved))


async def check_unmerged(_unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes customers that are deleted because they became part of another."""
    for draft in drafts:
        if draft.row["merged_into_id"] is not None:
            draft.tell(InvalidState("was_merged", ("id",)), "mergedInto")
