"""`changeHistory`: its JSON, and where it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from graphql_schema.compiler.pages import INSIDE
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Entity
from graphql_schema.history.cursors import NEWEST_FIRST
from graphql_schema.history.past import as_of
from graphql_schema.history.reading import Asked
from graphql_schema.history.showing import Changes
from graphql_schema.history.types import part
from policies.predicates import Row

Column = sa.ColumnElement[Any]


@dataclass(frozen=True)
class _History(Asked):
    def total(self) -> Column:
        return sa.select(sa.func.count()).select_from(self.rows()).scalar_subquery()

    def limited(self, wanted: Sequence[Selected]) -> sa.Subquery:
        """The page's events and one more, each with its cursor and what is selected of it."""
        rows = self.rows()
        order = rows.c.seq.asc() if self.backward else rows.c.seq.desc()
        found = sa.select(rows).where(self.between(rows.c.seq)).order_by(order).limit(self.most)
        return Changes(self.reader, [self.entity], found.subquery(self.reader.name("q"))).rows(NEWEST_FIRST, wanted)

    def behind(self) -> Column:
        number = self.before if self.backward else self.after
        if number is None:
            return sa.false()
        rows = self.rows()
        there = rows.c.seq <= number if self.backward else rows.c.seq >= number
        return sa.select(sa.literal_column("1")).select_from(rows).where(there).exists()


def _json(reader: Reader, selected: Selected, here: Row | None) -> Column:
    assert here is not None
    return _History(reader, selected, here).json()


DATED = {"Customer": as_of}
"""Entities of which a row is told as it was."""


def with_history(entities: Mapping[str, Entity]) -> dict[str, Entity]:
    """The same entities, each with the history of its rows."""
    return {
        name: replace(entity, computed=(*entity.computed, _of(entity)), as_of=DATED.get(name))
        for name, entity in entities.items()
    }


def _of(entity: Entity) -> Computed:
    return Computed(
        "changeHistory", part, _json, lambda _, access: access.on(entity.resource).visible, cost=20, size=INSIDE
    )
