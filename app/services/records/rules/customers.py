"""Customers: whoever is answerable for one is so for what follows it."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.catalogue import CATALOGUE
from app.services.records.drafts import Draft
from app.services.records.statements import SCOPE
from app.services.writing import UnitOfWork


def _following() -> tuple[str, ...]:
    """The tables whose rows always lie where their customer does."""
    tables = (resource.table for resource in CATALOGUE if resource.owned and SCOPE[0] in resource.table.c)
    return tuple(table.name for table in tables if table.c[SCOPE[0]].info["field"].copies)


_TAKEN = ", ".join(f"{name} = c.{name}" for name in SCOPE)
_OTHER = " OR ".join(f"t.{name} IS DISTINCT FROM c.{name}" for name in SCOPE)
_FOLLOW = "".join(
    f"a{i} AS (UPDATE {table} t SET {_TAKEN} FROM customers c WHERE c.id = t.customer_id AND c.id = ANY($1) AND ({_OTHER})), "
    for i, table in enumerate(_following())
)
_STATEMENT = f"WITH {_FOLLOW.removesuffix(', ')} SELECT"


async def take_along(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Has what follows a customer lie where the customer now lies."""
    moved = [draft.row["id"] for draft in drafts if draft.old and any(draft.old[n] != draft.row[n] for n in SCOPE)]
    if moved:
        await (await unit.driver).execute(_STATEMENT, moved)
