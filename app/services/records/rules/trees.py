"""Trees: a place is made of the codes from the root."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.errors import Invalid
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork


async def place(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Gives departments and regions their paths. Notes those that would stand below themselves."""
    table = drafts[0].resource.table.name
    parents = [draft.row["parent_id"] for draft in drafts if draft.row.get("parent_id")]
    found = await (await unit.driver).fetch(f"SELECT id, path FROM {table} WHERE id = ANY($1)", parents)
    paths = {row["id"]: row["path"] for row in found}
    for draft in drafts:
        above = paths.get(draft.row.get("parent_id"), "/")
        if draft.old is not None and above.startswith(draft.old["path"]):
            draft.note(Invalid("below_itself", ("parent",)))
        elif draft.row.get("code"):
            draft.row["path"] = f"{above}{draft.row['code'].replace('/', '-')}/"


async def take_along(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Moves what stands below a place that moved."""
    for draft in drafts:
        if draft.old is not None and draft.old["path"] != draft.row["path"]:
            table, old, new = draft.resource.table.name, draft.old["path"], draft.row["path"]
            moved = (
                f"UPDATE {table} SET path = $2 || substr(path, length($1) + 1) WHERE starts_with(path, $1) AND id <> $3"
            )
            await (await unit.driver).execute(moved, old, new, draft.row["id"])
