"""Trees: a place is made of the codes from the root."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.errors import Invalid
from app.services.records import consequences
from app.services.records.drafts import Draft
from app.services.records.locking import row_of
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
    """Moves what stands below a place that moved: each with an event, as rights rest on where it stands."""
    for draft in drafts:
        if draft.old is None or draft.old["path"] == draft.row["path"]:
            continue
        resource, old, new = draft.resource, draft.old["path"], draft.row["path"]
        below = f"SELECT * FROM {resource.table.name} WHERE starts_with(path, $1) AND id <> $2 ORDER BY id FOR UPDATE"
        found = await (await unit.driver).fetch(below, old, draft.row["id"])
        rows = (row_of(resource, row) for row in found)
        moved = [consequences.changed(resource, row, {"path": new + row["path"].removeprefix(old)}) for row in rows]
        await consequences.change(unit, moved)
