"""`customerMergePreview`: what merging some customers would come to, as far as the caller sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
import strawberry
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array

from app.services.merging.checking import MOST, choosable
from graphql_schema import ids
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.converting import each, key_of
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.pages import leaf
from graphql_schema.compiler.parts import TYPENAME, Needs, few, shown
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Amount, Computed, Entity, Graph, Value
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, maybe
from graphql_schema.scalars import JSON
from policies.access import Access
from policies.document import Action
from policies.permits import settled
from policies.predicates import Row, bound, companion, literal
from policies.states import ACCESS, STATE, State

Column = sa.ColumnElement[Any]

NAME = "customerMergePreview"
_NOTHING = sa.literal_column("'[]'::json", sa.JSON())


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    value, conflict, moved = empty("MergeValue"), empty("MergeConflict"), empty("MergeCount")
    fill_type(
        value,
        "What a customer holds in a field.",
        [
            Part("customer", strawberry.ID, "The customer."),
            Part("value", maybe(JSON), "What is seen of it, written as the field is."),
            Part("masked", bool, "Whether only a part is shown; then it cannot be chosen."),
        ],
    )
    fill_type(
        conflict,
        "A field in which customers differ, as they are seen.",
        [
            Part("field", str, "Name of the field."),
            Part("values", listed(value), "What each holds, the one that stays first."),
        ],
    )
    fill_type(
        moved,
        "Records that would become those of the one that stays.",
        [Part("type", str, "Their type."), Part("count", int, "How many are in view.")],
    )
    preview = empty("CustomerMergePreview")
    fill_type(
        preview,
        "What merging some customers would come to.",
        [
            Part("canMerge", bool, "Whether all are in view, and may be merged by the caller."),
            Part("conflicts", listed(conflict), "Where they differ."),
            Part("moved", listed(moved), "What would be moved."),
        ],
    )
    given = (
        Part("id", strawberry.ID, "The customer that stays.", default=REQUIRED),
        Part("merged", listed(strawberry.ID), f"Those that become part of it, at most {MOST}.", default=REQUIRED),
    )
    told = "What `customerMerge` would come to; null where the one that stays is not in view."
    return Part(NAME, maybe(preview), told, given)


def _few_ids(convert: Any) -> Any:
    def checked(values: Any, place: Place) -> Any:
        if not 0 < len(values) <= MOST:
            raise BadInput(f"1 to {MOST} customers can be merged at once", place)
        return convert(values, place)

    return checked


@dataclass(frozen=True)
class _Preview:
    reader: Reader
    selected: Selected

    @cached_property
    def customers(self) -> Entity:
        return self.reader.graph["Customer"]

    @cached_property
    def kept(self) -> Column:
        return self._given("id", key_of(self.customers), sa.Uuid())

    @cached_property
    def merged(self) -> Column:
        return self._given("merged", _few_ids(each(key_of(self.customers))), ARRAY(sa.Uuid()))

    def _given(self, name: str, convert: Any, type_: Any) -> Column:
        given = leaf(self.selected, name)
        assert given is not None
        return bound(Converted(given.operand, convert, (*self.selected.place, name)), type_)

    @cached_property
    def members(self) -> Mapping[str, Value | Amount]:
        """What of customers can be chosen, and is ever seen."""
        on = self.reader.access.on(self.customers.resource)
        return {
            name: member
            for name, member in self.customers.members.items()
            if name in choosable() and name in on.readable and isinstance(member, (Value, Amount))
        }

    def _rows(self, needs: Needs) -> sa.Subquery:
        """The customers in view that are named."""
        view = self.reader.view(self.customers.resource, needs)
        named = sa.or_(view.c.id == self.kept, view.c.id == sa.any_(self.merged))
        return sa.select(view).where(named).correlate_except(view).subquery(self.reader.name("c"))

    def json(self) -> Column:
        parts = self.selected.children()
        self.reader.check(self.merged)
        made = {"canMerge": self._can_merge, "conflicts": self._conflicts, "moved": self._moved}
        told = few(
            [(item, made[item.name](item) if item.name in made else literal("CustomerMergePreview")) for item in parts]
        )
        rows = self._rows(Needs())
        found = sa.select(told).select_from(rows).where(rows.c.id == self.kept)
        return found.correlate_except(rows).scalar_subquery()

    def _can_merge(self, _item: Selected) -> Column:
        known = settled(self.reader.access.ways(Action.MERGE, self.customers.resource))
        rows = self._rows(Needs(permitted={Action.MERGE} if known is None else set()))
        may: Column = rows.c[companion(ACCESS, Action.MERGE)] if known is None else sa.true() if known else sa.false()
        wanted = sa.func.cardinality(self.merged) + sa.literal_column("1")
        found = sa.select(sa.func.coalesce(sa.and_(sa.func.bool_and(may), sa.func.count() == wanted), sa.false()))
        return found.select_from(rows).correlate_except(rows).scalar_subquery()

    def _conflicts(self, item: Selected) -> Column:
        on = self.reader.access.on(self.customers.resource)
        depending = {name for name in self.members if on.state(name) is None}
        rows = self._rows(Needs(set(self.members), depending))
        listed_ = [self._conflict(item, name, member, rows) for name, member in self.members.items()]
        if not listed_:
            return _NOTHING
        table = sa.select(*(column.label(f"f{i}") for i, column in enumerate(listed_))).select_from(rows)
        one = table.correlate_except(rows).subquery(self.reader.name("f"))
        every: Any = array(list(one.c), type_=sa.JSON())
        unnested = sa.func.unnest(every).table_valued(sa.column("value", sa.JSON()), with_ordinality="n", name="w")
        fields = unnested.render_derived()
        found = sa.select(sa.func.json_agg(aggregate_order_by(fields.c.value, fields.c.n)))
        told = found.select_from(one.join(fields, sa.true())).where(fields.c.value.is_not(None))
        return sa.func.coalesce(told.correlate_except(one, fields).scalar_subquery(), _NOTHING, type_=sa.JSON())

    def _conflict(self, item: Selected, name: str, member: Value | Amount, rows: sa.Subquery) -> Column:
        """The JSON of a field in which rows differ; NULL where they do not."""
        told: list[tuple[Selected, Column]] = []
        for child in item.children():
            values = {"field": literal(name), TYPENAME: literal(child.parent.name)}
            told.append((child, values[child.name] if child.name in values else self._values(child, member, rows)))
        text = _text(member, rows.c)
        return sa.case((sa.func.count(sa.distinct(text)) > sa.literal_column("1"), few(told)))

    def _values(self, item: Selected, member: Value | Amount, rows: sa.Subquery) -> Column:
        value = few([(child, self._value(child, member, rows.c)) for child in item.children()])
        in_order = aggregate_order_by(value, (rows.c.id == self.kept).desc(), rows.c.id)
        return sa.func.json_agg(in_order)

    def _value(self, child: Selected, member: Value | Amount, row: Row) -> Column:
        values = {
            "customer": ids.expression(self.customers.tag, row["id"], None),
            "value": _shown(member, row),
            "masked": self._is_masked(member, row),
            TYPENAME: literal(child.parent.name),
        }
        return values[child.name]

    def _is_masked(self, member: Value | Amount, row: Row) -> Column:
        state = self.reader.access.on(self.customers.resource).state(member.field.name)
        if state is None:
            return row[companion(member.field.column.name, STATE)] == literal(State.MASKED.value)
        return sa.true() if state is State.MASKED else sa.false()

    def _moved(self, item: Selected) -> Column:
        counts = [self._count(item, entity) for entity in self._owned()]
        if not counts:
            return _NOTHING
        every = sa.union_all(*counts).subquery(self.reader.name("m"))
        found = sa.select(sa.func.json_agg(aggregate_order_by(every.c.told, every.c.of))).select_from(every)
        told = found.where(every.c.count > sa.literal_column("0")).correlate_except(every)
        return sa.func.coalesce(told.scalar_subquery(), _NOTHING, type_=sa.JSON())

    def _owned(self) -> Iterator[Entity]:
        access = self.reader.access
        return (entity for entity in self.reader.graph if entity.resource.owned and access.on(entity.resource).visible)

    def _count(self, item: Selected, entity: Entity) -> sa.Select[Any]:
        view, customers = self.reader.view(entity.resource, Needs()), self._rows(Needs())
        those = sa.select(customers.c.id).where(customers.c.id != self.kept)
        count: Column = sa.func.count()
        values = {"type": literal(entity.name), "count": count, TYPENAME: literal("MergeCount")}
        told = few([(child, values[child.name]) for child in item.children()])
        found = sa.select(literal(entity.name).label("of"), count.label("count"), told.label("told"))
        return found.select_from(view).where(view.c.customer_id.in_(those)).correlate_except(view)


def _shown(member: Value | Amount, row: Row) -> Column:
    name = member.field.column.name
    if isinstance(member, Value):
        return shown(row[name], member.field)
    amount, currency = (sa.cast(row[each], sa.Text()) for each in (name, companion(name, "currency")))
    parts = (literal("amount"), amount, literal("currency"), currency)
    return sa.case((row[name].is_not(None), sa.func.json_build_object(*parts, type_=sa.JSON())))


def _text(member: Value | Amount, row: Row) -> Column:
    """What rows differ by, never NULL."""
    return sa.func.coalesce(sa.cast(_shown(member, row), sa.Text()), sa.literal_column("''"), type_=sa.Text())


def _visible(graph: Graph, access: Access) -> bool:
    resource = graph["Customer"].resource
    return access.on(resource).visible and any(each.possible for each in access.ways(Action.MERGE, resource))


PREVIEW = Computed(NAME, _part, lambda reader, selected, _row: _Preview(reader, selected).json(), _visible, cost=50)
