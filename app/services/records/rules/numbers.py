"""Numbers of documents that are given none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from app.services.numbering import SERIES, number
from app.services.records.drafts import Draft
from app.services.writing import UnitOfWork

_DRAW = "SELECT nextval($1::text::regclass) AS drawn FROM generate_series(1, $2)"
_HELD = "SELECT value FROM unique_keys WHERE kind = $1 AND value = ANY($2::text[])"
_DATED = ("ordered_at", "opened_at")
"""The day of a document; of those without one it is that of its making."""


async def draw(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Numbers new documents; draws again where somebody has used the number already."""
    without = [draft for draft in drafts if draft.old is None and draft.row.get("number") is None]
    if not without:
        return
    driver, table = await unit.driver, without[0].resource.table.name
    key = await driver.fetchval("SELECT key FROM numbering")
    while without:
        drawn = await driver.fetch(_DRAW, SERIES[table].sequence, len(without))
        for draft, row in zip(without, drawn, strict=True):
            draft.row["number"] = number(SERIES[table], _year(unit, draft), row["drawn"], key)
        held = await driver.fetch(_HELD, f"{table}.number", [draft.row["number"] for draft in without])
        without = [draft for draft in without if draft.row["number"] in {row["value"] for row in held}]


def _year(unit: UnitOfWork, draft: Draft) -> int:
    dated = (draft.row.get(name) for name in _DATED)
    at: dt.datetime = next((each for each in dated if each is not None), unit.now)
    return at.astimezone(dt.UTC).year
