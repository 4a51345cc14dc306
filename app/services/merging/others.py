"""Rows that name another customer: where that becomes a part of a third, they name the third."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from app.models.enums import IssueStatus
from app.services.merging.clashes import settle
from app.services.merging.moving import going, read, write
from app.services.merging.tables import OWNED, POINTING
from app.services.records.drafts import Draft
from app.services.records.events import Op
from app.services.writing import UnitOfWork
from policies.standing import DELETED


async def owners(unit: UnitOfWork, customers: Iterable[UUID]) -> set[UUID]:
    """The customers of rows that name one of these."""
    named = sorted(set(customers))
    texts = (f"SELECT customer_id FROM {name} WHERE {column} = ANY($1)" for name, column in POINTING.items())
    found = await (await unit.driver).fetch(" UNION ".join(texts), named)
    return {row["customer_id"] for row in found}


def speak_of_itself(draft: Draft, gone: dt.datetime) -> None:
    """Has a row stand for nothing any longer that says something of two customers which are one now."""
    if draft.resource.name != "DataQualityIssue":
        draft.row[DELETED] = draft.row[DELETED] or gone
    elif draft.row["status"] != IssueStatus.FIXED:
        draft.row["status"] = str(IssueStatus.ACCEPTED)


async def redirect(unit: UnitOfWork, lost: UUID, kept: UUID) -> None:
    """Has the rows of all others that name a merged customer name the one that it became."""
    for name, column in POINTING.items():
        resource = OWNED[name]
        rows = await read(unit, resource, f"{column} = $1 AND customer_id <> $1", lost)
        if not rows:
            continue
        drafts = going(name, rows)
        there = await read(
            unit, resource, f"{column} = $1 AND customer_id = ANY($2)", kept, [r["customer_id"] for r in rows]
        )
        for owner, group in groupby(drafts, lambda draft: draft.row["customer_id"]):
            coming = list(group)
            for draft in coming:
                if owner == kept:
                    speak_of_itself(draft, unit.now)
                else:
                    draft.row[column] = kept
            settle(name, [row for row in there if row["customer_id"] == owner], coming, unit.now)
        await write(unit, drafts, Op.MERGE, lost)
