"""Which fields of an event are shown, and what of them.

A change of a field is shown where the field is readable on the row as it is now and on the row as the event left it: what
it came to hold, at the meet of the two levels. What it held before is shown where the field was readable on the row
before, too, then both at the meet of the three; else it is not, so that nothing is told that its reader could at no time
have read. What looks the same on both sides is no change; and an event of which no field is left is not shown.

The three rows are put before the policy as views are made: by the same grounds and masks. Where these look at related
rows, they find them as they are now, for each of the three: what those were no event of this record says.

That a row was deleted, or brought back, is shown where the row now and the row then are seen, as if it were not deleted;
of what else was changed of a row that is deleted now nothing is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by, array

from graphql_schema.compiler.rows import Reader
from graphql_schema.entities import Entity, One
from graphql_schema.history.events import MAKING, Named
from graphql_schema.history.sides import Levels, Told, Values, field_of, is_masked, levels
from policies.predicates import literal as name_of

Column = sa.ColumnElement[Any]

BOTH, EVERY, OLD, NEW = "both", "every", "old", "new"
"""Of a field: the meet of its levels now and after, that with the one before, and what they show."""


@dataclass(frozen=True)
class Telling:
    """Events of rows of a type, each with what is shown of it."""

    reader: Reader
    entity: Entity
    members: Mapping[str, Told]
    events: sa.Subquery
    whole: bool = True
    """Whether it is told, too, that a row was deleted or brought back."""

    @cached_property
    def _levels(self) -> Mapping[str, Levels]:
        on = self.reader.access.on(self.entity.resource)
        return {name: levels(on, field_of(self.entity, member)) for name, member in self.members.items()}

    def _side(self, record: str | None) -> sa.FromClause:
        levels = self._levels.values()
        told = dict.fromkeys(each.field.name for each in levels if each.settled is None)
        shown = {each.field.name: each.possible for each in levels} if record else {}
        deleted = f"{self.events.name}.bare" if record is None else None
        return self.reader.graded(self.entity.resource, told, shown, record, deleted)

    @cached_property
    def _now(self) -> sa.FromClause:
        return self._side(None)

    @cached_property
    def _after(self) -> sa.FromClause:
        return self._side(f"{self.events.name}.row_after")

    @cached_property
    def _before(self) -> sa.FromClause:
        return self._side(f"{self.events.name}.row_before")

    @property
    def _source(self) -> sa.FromClause:
        now, row = self._now, Named(self.events)
        here = (now.c[name] == row[name] for name in self.entity.resource.key)
        sides = self.events.join(now, sa.and_(*here)).join(self._after, sa.true()).outerjoin(self._before, sa.true())
        met = sides.join(self._met, sa.true()) if self._met.c else sides
        return met.join(self._told, sa.true())

    @property
    def told(self) -> Column:
        """What is shown of an event: the changes of fields, one JSON object each; NULL where nothing is."""
        found: Column = self._told.c.told
        if not self.whole:
            return found
        none = sa.literal_column("'{}'::jsonb[]", ARRAY(JSONB()))
        return sa.func.coalesce(found, sa.case((self.events.c.bare, none)), type_=ARRAY(JSONB()))

    def rows(self, since: Column | None) -> sa.Subquery:
        """The events that show anything: `seq`, `at`, `actor`, `op`, the row's key, and `told`."""
        events, told = self.events, self.told
        names = ("seq", "at", "actor", "op", "entity_id", "customer_id")
        found = sa.select(*(events.c[name] for name in names), told.label("told")).select_from(self._source)
        shown = found.where(told.is_not(None), sa.true() if since is None else events.c.at >= since)
        return shown.subquery(self.reader.name("h"))

    def alone(self) -> Column:
        """What is shown of the one event that there is."""
        return sa.select(self.told).select_from(self._source).scalar_subquery()

    @cached_property
    def _met(self) -> sa.FromClause:
        """The meets of levels, each evaluated once."""
        found = sa.select(*self._levels_met()).offset(sa.literal_column("0")).correlate_except(None)
        return found.lateral(self.reader.name("m"))

    def _levels_met(self) -> Iterator[sa.Label[Any]]:
        for name, of in self._levels.items():
            if of.settled is None:
                both = of.met(of.on(self._now), of.on(self._after))
                yield both.label(f"{name}__{BOTH}")
                every = of.met(both, of.on(self._before))
                yield sa.case((self._before.c["id"].is_not(None), every)).label(f"{name}__{EVERY}")

    def _level(self, name: str, of: str) -> Column:
        """The meet of the levels of some sides; NULL where nothing is left."""
        settled = self._levels[name].settled
        if settled is not None:
            return sa.literal_column(f"'{settled}'", sa.Text())
        found: Column = self._met.c[f"{name}__{of}"]
        return found

    def _values(self) -> Iterator[tuple[Column, Column]]:
        """What is shown of each member before and after."""
        values = Values(self.reader, self.entity)
        for name, member in self.members.items():
            both, every = self._level(name, BOTH), self._level(name, EVERY)
            level = sa.func.coalesce(every, both, type_=sa.Text())
            sides = ((self._before, every), (self._after, level))
            old, new = (values.at(side, member, self._levels[name], at) for side, at in sides)
            if isinstance(member, One):
                named = self._is_named(name_of(self._levels[name].field.name))
                old, new = sa.case((named, old)), sa.case((named, new))
            yield old, new

    def _is_named(self, field: Column) -> Column:
        return sa.func.jsonb_exists(self.events.c.changed, field, type_=sa.Boolean())

    @cached_property
    def _told(self) -> sa.FromClause:
        """The changes that are shown, one JSON object each, as an array; NULL where there is none."""
        field = self._fields()
        every = sa.case((self._before.c["id"].is_not(None), field.c.every))
        withheld = sa.and_(every.is_(None), self.events.c.op != name_of(MAKING))
        parts: dict[str, Column] = {
            "field": field.c.member,
            "old": field.c.old,
            "new": field.c.new,
            "masked": is_masked(sa.func.coalesce(every, field.c.both, type_=sa.Text())),
            "oldWithheld": withheld,
        }
        pieces = (piece for key, value in parts.items() for piece in (name_of(key), value))
        told = sa.func.jsonb_build_object(*pieces, type_=JSONB())
        in_order = sa.func.array_agg(aggregate_order_by(told, field.c.n), type_=ARRAY(JSONB()))
        differs = sa.or_(sa.and_(withheld, field.c.hides), field.c.old.is_distinct_from(field.c.new))
        found = sa.select(in_order.label("told")).select_from(field)
        shown = found.where(self._is_named(field.c.field), field.c.both.is_not(None), differs)
        return shown.correlate_except(field).lateral(self.reader.name("t"))

    def _fields(self) -> Any:
        """A row for each member: its name and its field's, what is shown of it, at which levels, and whether a value that
        is not shown makes a difference: of a relation nothing does but the ids.
        """
        shown = list(self._values())
        hides = (sa.false() if isinstance(member, One) else sa.true() for member in self.members.values())
        columns: dict[str, tuple[Any, list[Column]]] = {
            "member": (sa.Text(), list(map(name_of, self.members))),
            "field": (sa.Text(), [name_of(each.field.name) for each in self._levels.values()]),
            "old": (JSONB(), [old for old, _ in shown]),
            "new": (JSONB(), [new for _, new in shown]),
            "both": (sa.Text(), [self._level(name, BOTH) for name in self.members]),
            "every": (sa.Text(), [self._level(name, EVERY) for name in self.members]),
            "hides": (sa.Boolean(), list(hides)),
        }
        arrays: list[Any] = [array(values, type_=type_) for type_, values in columns.values()]
        named = (sa.column(name, type_) for name, (type_, _) in columns.items())
        return sa.func.unnest(*arrays).table_valued(*named, with_ordinality="n", name="f").render_derived()
