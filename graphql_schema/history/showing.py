"""What is selected of changes, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from graphql_schema import ids
from graphql_schema.building import upper_snake
from graphql_schema.compiler.parts import TYPENAME, few
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Entity
from graphql_schema.history.cursors import Order, expression
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]


@dataclass(frozen=True)
class Changes:
    """The events of a page, which are of some types."""

    reader: Reader
    entities: Sequence[Entity]
    page: sa.Subquery

    def rows(self, order: Order, wanted: Sequence[Selected]) -> sa.Subquery:
        """Each event's cursor, and what is selected of it."""
        columns = [self._change(item).label(f"n{i}") for i, item in enumerate(wanted)]
        found = sa.select(expression(self.page.c.seq, order).label("cursor"), *columns).select_from(self.page)
        return found.correlate_except(self.page).subquery(self.reader.name("t"))

    def _change(self, item: Selected) -> Column:
        return few([(child, self._part(child)) for child in item.children()])

    def _part(self, child: Selected) -> Column:
        page = self.page
        if child.name == TYPENAME:
            return constant(child.parent.name)
        if child.name == "actor":
            users = self.reader.graph["User"]
            return self.reader.one(users, child.children(), lambda user: user["id"] == page.c.actor)
        if child.name == "fields":
            return self._fields(child)
        if child.name in ("type", "id"):
            return self._by_type(_type if child.name == "type" else self._id)
        found: Column = page.c[child.name]
        return found

    def _by_type(self, of: Callable[[Entity], Column]) -> Column:
        if len(self.entities) == 1:
            return of(self.entities[0])
        whens = [(self.page.c.entity == constant(each.resource.table.name), of(each)) for each in self.entities]
        return sa.case(*whens) if whens else sa.cast(sa.null(), sa.Text())

    def _id(self, entity: Entity) -> Column:
        page = self.page
        return ids.expression(entity.tag, page.c.entity_id, page.c.customer_id if entity.resource.owned else None)

    def _fields(self, selected: Selected) -> Column:
        each = sa.func.unnest(self.page.c.told).table_valued(sa.column("value", JSONB()), with_ordinality="n", name="f")
        fields = each.render_derived()

        def told(child: Selected) -> Column:
            if child.name == TYPENAME:
                return constant(child.parent.name)
            return fields.c.value.op("->", return_type=JSONB())(constant(child.name))

        shown = few([(child, told(child)) for child in selected.children()])
        listed = sa.func.json_agg(aggregate_order_by(shown, fields.c.n))
        found = sa.select(listed).select_from(fields).correlate_except(fields).scalar_subquery()
        return sa.func.coalesce(found, sa.literal_column("'[]'::json"), type_=sa.JSON())


def _type(entity: Entity) -> Column:
    return constant(upper_snake(entity.name))
