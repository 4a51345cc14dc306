"""What cannot be twice with one customer. Where two rows clash, the one that was there first stands.

The other is no longer the first of its kind, or, where it tells the same, it is deleted in favour of the one that stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.services.records.drafts import Draft, Row
from policies.standing import DELETED


@dataclass(frozen=True, slots=True)
class Clash:
    """Rows that agree in `columns` clash: with a `flag` those that have it set, else those that hold what `among` says."""

    columns: tuple[str, ...] = ()
    flag: str = ""
    among: tuple[tuple[str, Any], ...] = ()

    def key(self, row: Row) -> tuple[Any, ...] | None:
        """What a row clashes by; None for one that clashes with none."""
        counts = row[DELETED] is None and (not self.flag or row[self.flag])
        if not counts or any(row[name] != value for name, value in self.among):
            return None
        return tuple(row[name] for name in self.columns)

    def give_way(self, draft: Draft, gone: dt.datetime) -> None:
        """Has a row stand back."""
        draft.row |= {self.flag: False} if self.flag else {DELETED: gone}


@dataclass(frozen=True, slots=True)
class SamePoint(Clash):
    """Contact points that lead to the same place."""

    def key(self, row: Row) -> tuple[Any, ...] | None:
        """Whose it is, its kind, and where it leads."""
        if row[DELETED] is not None:
            return None
        return row["contact_id"], row["kind"], row["value_normalized"] or row["value"]


CLASHES: Mapping[str, tuple[Clash, ...]] = {
    "addresses": (Clash(("kind",), flag="is_default"),),
    "campaign_members": (Clash(("campaign_id", "contact_id")),),
    "contact_points": (SamePoint(), Clash(("contact_id", "kind"), flag="is_primary")),
    "contacts": (Clash(flag="is_primary"),),
    "customer_relations": (Clash(("related_customer_id", "type")),),
    "customer_scores": (Clash(("kind", "as_of")),),
    "data_quality_issues": (Clash(("kind", "field", "other_customer_id"), among=(("status", "OPEN"),)),),
    "segment_members": (Clash(("segment_id",), among=(("removed_at", None),)),),
}
"""By table, of what there is one with each customer."""


def settle(table: str, there: Iterable[Row], coming: Sequence[Draft], gone: dt.datetime) -> dict[UUID, UUID]:
    """Has rows that come to a customer stand back where they clash. Gives, for those that are deleted, what stands for them."""
    replaced: dict[UUID, UUID] = {}
    there = list(there)
    for clash in CLASHES.get(table, ()):
        taken = {key: row["id"] for row in there if (key := clash.key(row)) is not None}
        for draft in coming:
            key = clash.key(draft.row)
            if key is not None and taken.setdefault(key, draft.row["id"]) != draft.row["id"]:
                clash.give_way(draft, gone)
                if not clash.flag:
                    replaced[draft.row["id"]] = taken[key]
    return replaced
