"""`changeHistory`: its JSON, and where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from graphql_schema.compiler.pages import INSIDE, PAGED, Page, items, leaf, size
from graphql_schema.compiler.parts import TYPENAME, few
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Entity
from graphql_schema.history.cursors import expression, number_of
from graphql_schema.history.reading import Asked
from graphql_schema.history.types import part
from policies.predicates import Row
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]


@dataclass(frozen=True)
class _History:
    asked: Asked

    @property
    def reader(self) -> Reader:
        return self.asked.reader

    @property
    def selected(self) -> Selected:
        return self.asked.selected

    @cached_property
    def backward(self) -> bool:
        return leaf(self.selected, "last") is not None

    @cached_property
    def size(self) -> Column:
        return size(self.selected, INSIDE)

    def json(self) -> Column:
        parts = self.selected.children()
        paged = [item for item in parts if item.name in PAGED]
        _ = self.asked.members
        for column in () if paged else (self.size, *self.asked.operands):
            self.reader.check(column)
        if not paged:
            return self.reader.object([self._unpaged(item) for item in parts])
        page = Page(
            reader=self.reader,
            limited=self._limited(items(paged)),
            items=items(paged),
            size=self.size,
            backward=self.backward,
            further=sa.func.count() > self.size,
            behind=self._behind,
        )
        return page.json(parts, self._unpaged)

    def _unpaged(self, item: Selected) -> Column:
        if item.name == TYPENAME:
            return constant(item.parent.name).label(item.key)
        rows = self.asked.rows()
        return sa.select(sa.func.count()).select_from(rows).scalar_subquery().label(item.key)

    def _limited(self, wanted: list[Selected]) -> sa.Subquery:
        """The page's events and one more, each with its cursor and what is selected of it."""
        rows = self.asked.rows()
        order = rows.c.seq.asc() if self.backward else rows.c.seq.desc()
        page = (
            sa.select(rows)
            .where(self.asked.between(rows.c.seq))
            .order_by(order)
            .limit(self.size + sa.literal_column("1"))
            .subquery(self.reader.name("q"))
        )
        columns = [self._change(item, page).label(f"n{i}") for i, item in enumerate(wanted)]
        found = sa.select(expression(page.c.seq).label("cursor"), *columns).select_from(page)
        return found.correlate_except(page).subquery(self.reader.name("t"))

    def _change(self, item: Selected, page: sa.Subquery) -> Column:
        return few([(child, self._part(child, page)) for child in item.children()])

    def _part(self, child: Selected, page: sa.Subquery) -> Column:
        if child.name == "actor":
            users = self.reader.graph["User"]
            return self.reader.one(users, child.children(), lambda user: user["id"] == page.c.actor)
        if child.name == "fields":
            return self._fields(child, page)
        return constant(child.parent.name) if child.name == TYPENAME else page.c[child.name]

    def _fields(self, selected: Selected, page: sa.Subquery) -> Column:
        each = sa.func.unnest(page.c.told).table_valued(sa.column("value", JSONB()), with_ordinality="n", name="f")
        fields = each.render_derived()

        def told(child: Selected) -> Column:
            if child.name == TYPENAME:
                return constant(child.parent.name)
            return fields.c.value.op("->", return_type=JSONB())(constant(child.name))

        shown = few([(child, told(child)) for child in selected.children()])
        listed = sa.func.json_agg(aggregate_order_by(shown, fields.c.n))
        return sa.select(listed).select_from(fields).correlate_except(fields).scalar_subquery()

    def _behind(self) -> Column:
        """Whether there is anything where the page was read from."""
        cursor = self.asked.before if self.backward else self.asked.after
        if cursor is None:
            return sa.false()
        rows, number = self.asked.rows(), number_of(cursor)
        there = rows.c.seq <= number if self.backward else rows.c.seq >= number
        return sa.select(sa.literal_column("1")).select_from(rows).where(there).exists()


def _json(reader: Reader, selected: Selected, here: Row | None) -> Column:
    assert here is not None
    return _History(Asked(reader, selected, here)).json()


def with_history(entities: Mapping[str, Entity]) -> dict[str, Entity]:
    """The same entities, each with the history of its rows."""
    return {name: replace(entity, computed=(*entity.computed, _of(entity))) for name, entity in entities.items()}


def _of(entity: Entity) -> Computed:
    return Computed(
        "changeHistory", part, _json, lambda _, access: access.on(entity.resource).visible, cost=20, size=INSIDE
    )
