"""The groups of an analysis as JSON: their keys and figures, in the order of their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from graphql_schema.aggregates.money import NONE
from graphql_schema.analyses.dimensions import Dimension
from graphql_schema.analyses.joined import Column
from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.converting import PAGE_LIMIT
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.parts import TYPENAME, few, whole
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from policies.conditions import Constant
from policies.predicates import bound, literal

MOST_GROUPS = 1_000
"""Groups of one answer; a company has more owners than a page has rows."""


def _number(value: int, place: Place) -> int:
    if not 1 <= value <= MOST_GROUPS:
        raise BadInput(f"an analysis has 1 to {MOST_GROUPS} groups", place)
    return value


@dataclass(frozen=True)
class Groups:
    """Groups, and how they are shown."""

    reader: Reader
    selected: Selected
    title: str
    dimensions: Sequence[Dimension]
    rows: sa.Subquery
    values: Mapping[str, Column]
    """Figures by response key."""

    def json(self) -> Column:
        """The list of groups."""
        columns = [self._column(item).label(item.key) for item in self.selected.children()]
        keys = [self.rows.c[f"k{i}"].asc().nulls_last() for i, _ in enumerate(self.dimensions)]
        page = sa.select(*columns).select_from(self.rows).order_by(*keys).limit(self._size())
        return collected(self.reader, page.correlate_except(self.rows))

    def _size(self) -> Column:
        leaf = self.selected.arguments.get("first")
        if not isinstance(leaf, Leaf):
            return bound(Constant(PAGE_LIMIT), sa.Integer())
        return bound(Converted(leaf.operand, _number, (*self.selected.place, "first")), sa.Integer())

    def _column(self, item: Selected) -> Column:
        if item.name == TYPENAME:
            return literal(self.title)
        if item.name == "keys":
            return few([(key, self._key(key)) for key in item.children()])
        return self.values.get(item.key, sa.cast(sa.null(), sa.Text()))

    def _key(self, item: Selected) -> Column:
        if item.name == TYPENAME:
            return literal(f"{self.title}Keys")
        for i, dimension in enumerate(self.dimensions):
            if dimension.key == item.name:
                return self._shown(dimension, item, self.rows.c[f"k{i}"])
        return sa.cast(sa.null(), sa.Text())

    def _shown(self, dimension: Dimension, item: Selected, key: Column) -> Column:
        if not dimension.entity:
            return key
        return self.reader.one(self.reader.graph[dimension.entity], item.children(), lambda row: row["id"] == key)


def collected(reader: Reader, found: sa.Select[Any]) -> Column:
    """The rows of a select as a JSON list."""
    page = found.subquery(reader.name("p"))
    rows = sa.select(sa.func.json_agg(whole(page))).select_from(page).scalar_subquery()
    return sa.func.coalesce(rows, NONE, type_=sa.JSON())
