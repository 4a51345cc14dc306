"""Rows on their way into tables."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any
from uuid import UUID

from app.services.demo.account import Account
from app.services.demo.source import NOW, Source
from app.services.demo.world import World

Row = dict[str, Any]


class Writer:
    """Collects the rows of each table. Every row of a table has the same columns."""

    def __init__(self, world: World, source: Source) -> None:
        self.world, self.source = world, source
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self._numbers: dict[str, int] = defaultdict(int)

    def add(self, table: str, account: Account, at: dt.datetime, /, **columns: Any) -> UUID:
        """A row of a customer, made at a time; columns given replace those that follow from the customer."""
        made = min(at, NOW)
        key = self.source.key(made)
        self.rows[table].append(
            {
                "customer_id": account.id,
                "id": key,
                "owner_id": account.owner,
                "department_id": account.department,
                "region_id": account.area.region,
                "created_at": made,
                "updated_at": made,
                **columns,
            }
        )
        return key

    def number(self, prefix: str, at: dt.datetime) -> str:
        """The next number of a kind of document."""
        self._numbers[prefix] += 1
        return f"{prefix}-{at.year}-{self._numbers[prefix]:06d}"

    def claim(self, kind: str, value: str, account: Account, entity_id: UUID) -> None:
        """Keep a value that is unique across customers."""
        table = kind.partition(".")[0]
        self.rows["unique_keys"].append(
            {"kind": kind, "value": value, "entity": table, "entity_id": entity_id, "customer_id": account.id}
        )

    def campaign(self, at: dt.datetime) -> UUID | None:
        """Now and then a campaign that ran at a time."""
        one = self.source.pick(self.world.campaigns)
        return one.id if one.begins <= at <= one.ends else None

    def say(self, account: Account, kind: str) -> str:
        """A line of a kind in the customer's language."""
        line = self.source.pick(self.world.phrases[account.area.culture][kind])
        return line.format(count=5 * self.source.between(1, 24), city=account.area.city) if "{" in line else line

    def take(self) -> dict[str, list[Row]]:
        """The rows collected since the last time."""
        rows, self.rows = self.rows, defaultdict(list)
        return rows
