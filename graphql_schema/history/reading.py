"""The events of one record, each with what of it is shown, as SQL.

An event knows the row as it left it (`row_after`), and what each field held before. So the row before is known, too: the
row after with the old values in it. What every change moves, and what the database computes, events do not say: it is
NULL in the row before, on which no condition of an allow holds and none of a deny is ruled out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array

from app.models.platform import ChangeEvent
from app.services.records.events import KEPT
from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.operands import BadInput, Converted
from graphql_schema.compiler.pages import leaf
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Amount, Entity, One, Value
from graphql_schema.history.cursors import number_of, operand
from graphql_schema.history.sides import Told, field_of
from graphql_schema.history.telling import Telling
from graphql_schema.sight import readable
from graphql_schema.timeline.reading import MOMENT, moment
from policies.catalogue import Resource
from policies.predicates import Row, bound
from policies.predicates import literal as name_of

Column = sa.ColumnElement[Any]

NOT_BEFORE = frozenset({"version", "updated_at"})
"""Columns of which events do not say what they held before."""


def _events(resource: Resource, here: Row) -> sa.Select[Any]:
    """The events of a row that tell how it was after them."""
    events = ChangeEvent.__table__.alias("e")
    owned = (events.c.customer_id == here["customer_id"],) if resource.owned else ()
    changed, after = _object(events.c.changed), _object(events.c.row_after)
    is_update = events.c.op != name_of("CREATE")
    return (
        sa.select(
            events.c.seq,
            events.c.at,
            events.c.actor,
            events.c.op,
            changed.label("changed"),
            after.label("row_after"),
            sa.case((is_update, _before(resource, after, changed))).label("row_before"),
        )
        .select_from(events)
        .where(
            events.c.entity == name_of(resource.table.name),
            events.c.entity_id == here["id"],
            *owned,
            changed.is_not(None),
            after.is_not(None),
        )
        .correlate_except(events)
    )


def _object(document: Column) -> Column:
    """A document that is an object, which alone can be taken for a row; else NULL."""
    return sa.case((sa.func.jsonb_typeof(document) == name_of("object"), document))


def _before(resource: Resource, after: Column, changed: Column) -> Column:
    """The row before: that after, with the old values in it, and without what is not known."""
    columns = {name: field.column.name for name, field in resource.fields.items()}
    names = sa.literal_column(f"'{json.dumps(columns)}'::jsonb", JSONB())
    computed = {column.name for column in resource.table.columns if column.computed is not None}
    unknown: Any = array([name_of(name) for name in sorted(computed | NOT_BEFORE)], type_=sa.Text())
    pair = sa.func.jsonb_each(changed).table_valued("key", sa.column("value", JSONB()), name="o").render_derived()
    column = names.op("->>", return_type=sa.Text())(pair.c.key)
    old = pair.c.value.op("->", return_type=JSONB())(sa.literal_column("0"))
    olds = sa.select(sa.func.jsonb_object_agg(column, old)).select_from(pair).where(column.is_not(None))
    known = after.op("-", return_type=JSONB())(sa.cast(unknown, ARRAY(sa.Text())))
    none = sa.literal_column("'{}'::jsonb", JSONB())
    return known.op("||", return_type=JSONB())(sa.func.coalesce(olds.scalar_subquery(), none))


@dataclass(frozen=True)
class Asked:
    """What a history is asked for, and of what row."""

    reader: Reader
    selected: Selected
    here: Row

    @cached_property
    def entity(self) -> Entity:
        """Of which type the row is."""
        return self.reader.graph[self.selected.parent.name]

    @cached_property
    def members(self) -> Mapping[str, Told]:
        """The members whose changes are asked for and can ever be seen, in the order of the schema.

        Raises BadInput for a name that is no member with a history, NotReadable for one that is never readable.
        """
        every = {
            name: member
            for name, member in self.entity.members.items()
            if isinstance(member, (Value, Amount, One)) and field_of(self.entity, member).name not in KEPT
        }
        given = leaf(self.selected, "fields")
        seen = {name: member for name, member in every.items() if self._is_seen(member)}
        if given is None:
            return seen
        for name in given.value:
            self._check(name, every, seen)
        return {name: member for name, member in seen.items() if name in given.value}

    def _is_seen(self, member: Told) -> bool:
        return readable(self.reader.graph, self.reader.access, self.entity, member)

    def _check(self, name: str, every: Mapping[str, Told], seen: Mapping[str, Told]) -> None:
        place = (*self.selected.place, "fields")
        if name in every and name not in seen and not self.reader.access.tailored:
            raise NotReadable(self.entity.name, name, place)
        if name not in seen:
            raise BadInput(f"{name} is no field whose changes are shown", place)

    @cached_property
    def since(self) -> Column | None:
        """The first moment."""
        given, place = leaf(self.selected, "since"), (*self.selected.place, "since")
        return bound(Converted(given.operand, moment, place), MOMENT) if given else None

    @cached_property
    def after(self) -> Column | None:
        """The cursor that all is older than."""
        return self._cursor("after")

    @cached_property
    def before(self) -> Column | None:
        """The cursor that all is newer than."""
        return self._cursor("before")

    def _cursor(self, name: str) -> Column | None:
        given: Leaf | None = leaf(self.selected, name)
        return operand(given, (*self.selected.place, name)) if given else None

    @property
    def operands(self) -> Iterator[Column]:
        """What arguments come to; each is to be right, whatever is asked of the page."""
        yield from (each for each in (self.since, self.after, self.before) if each is not None)

    def between(self, number: Column) -> Column:
        """Whether an event of a number lies between the cursors."""
        found: Column = sa.true()
        if self.after is not None:
            found = sa.and_(found, number < number_of(self.after))
        if self.before is not None:
            found = sa.and_(found, number > number_of(self.before))
        return found

    def rows(self) -> sa.Subquery:
        """The events that show anything: `seq`, `at`, `actor`, `op`, and `told`, what is shown of each field."""
        events = _events(self.entity.resource, self.here).subquery(self.reader.name("h"))
        return Telling(self.reader, self.entity, self.members, self.here, events).rows(self.since)
