"""Which fields of an event are shown, and what of them.

A change of a field is shown where the field is readable on the row as it is now and on the row as the event left it: what
it came to hold, at the meet of the two levels. What it held before is shown where the field was readable on the row
before, too, then both at the meet of the three; else it is not, so that nothing is told that its reader could at no time
have read. What looks the same on both sides is no change; and an event of which no field is left is not shown.

The three rows are put before the policy as views are made: by the same grounds and masks. Where these look at related
rows, they find them as they are now, for each of the three: what those were no event of this record says.
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
from graphql_schema.history.sides import Levels, Told, Values, field_of, is_masked, levels
from policies.predicates import Row
from policies.predicates import literal as name_of

Column = sa.ColumnElement[Any]

BOTH, EVERY, OLD, NEW = "both", "every", "old", "new"
"""Of a field: the meet of its levels now and after, that with the one before, and what they show."""


@dataclass(frozen=True)
class Telling:
    """The events of a row, each with what is shown of it."""

    reader: Reader
    entity: Entity
    members: Mapping[str, Told]
    here: Row
    events: sa.Subquery

    @cached_property
    def _levels(self) -> Mapping[str, Levels]:
        on = self.reader.access.on(self.entity.resource)
        return {name: levels(on, field_of(self.entity, member)) for name, member in self.members.items()}

    def _side(self, record: str | None) -> sa.FromClause:
        shown = {each.field.name: each.possible if record else () for each in self._levels.values()}
        return self.reader.graded(self.entity.resource, shown, record)

    @cached_property
    def _now(self) -> sa.FromClause:
        return self._side(None)

    @cached_property
    def _after(self) -> sa.FromClause:
        return self._side(f"{self.events.name}.row_after")

    @cached_property
    def _before(self) -> sa.FromClause:
        return self._side(f"{self.events.name}.row_before")

    def rows(self, since: Column | None) -> sa.Subquery:
        """The events that show anything: `seq`, `at`, `actor`, `op`, and `told`, what is shown of each field."""
        events, now = self.events, self._now
        here = (now.c[name] == self.here[name] for name in self.entity.resource.key)
        sides = events.join(now, sa.and_(*here)).join(self._after, sa.true()).outerjoin(self._before, sa.true())
        source = sides.join(self._met, sa.true()).join(self._values, sa.true()).join(self._told, sa.true())
        told = self._told.c.told
        found = sa.select(events.c.seq, events.c.at, events.c.actor, events.c.op, told).select_from(source)
        shown = found.where(told.is_not(None), sa.true() if since is None else events.c.at >= since)
        return shown.subquery(self.reader.name("h"))

    def _beside(self, columns: Iterator[sa.Label[Any]]) -> sa.FromClause:
        """Columns of the rows so far, each evaluated once."""
        one: Column = sa.literal_column("1")
        found = sa.select(one.label("one"), *columns).offset(sa.literal_column("0")).correlate_except(None)
        return found.lateral(self.reader.name("m"))

    @cached_property
    def _met(self) -> sa.FromClause:
        return self._beside(self._levels_met())

    def _levels_met(self) -> Iterator[sa.Label[Any]]:
        for name, of in self._levels.items():
            if of.settled is None:
                both = of.met(of.on(self._now), of.on(self._after))
                yield both.label(f"{name}__{BOTH}")
                yield of.met(both, of.on(self._before)).label(f"{name}__{EVERY}")

    def _level(self, name: str, of: str) -> Column:
        """The meet of the levels of some sides; NULL where nothing is left."""
        settled = self._levels[name].settled
        if settled is None:
            found: Column = self._met.c[f"{name}__{of}"]
            return found
        level = sa.literal_column(f"'{settled}'", sa.Text())
        return level if of == BOTH else sa.case((self._before.c["id"].is_not(None), level))

    @cached_property
    def _values(self) -> sa.FromClause:
        return self._beside(self._shown())

    def _shown(self) -> Iterator[sa.Label[Any]]:
        values = Values(self.reader, self.entity)
        for name, member in self.members.items():
            every = self._level(name, EVERY)
            yield values.at(self._before, member, self._levels[name], every).label(f"{name}__{OLD}")
            level = sa.func.coalesce(every, self._level(name, BOTH), type_=sa.Text())
            yield values.at(self._after, member, self._levels[name], level).label(f"{name}__{NEW}")

    @cached_property
    def _told(self) -> sa.FromClause:
        """The changes that are shown, one JSON object each, as an array; NULL where there is none."""
        every: Any = array([self._field(name) for name in self.members], type_=JSONB())
        each = sa.func.unnest(every).table_valued(sa.column("value", JSONB()), with_ordinality="n", name="f")
        fields = each.render_derived()
        in_order = sa.func.array_agg(aggregate_order_by(fields.c.value, fields.c.n), type_=ARRAY(JSONB()))
        found = sa.select(in_order.label("told")).select_from(fields).where(fields.c.value.is_not(None))
        return found.correlate_except(fields).lateral(self.reader.name("t"))

    def _field(self, name: str) -> Column:
        both, every = (self._level(name, of) for of in (BOTH, EVERY))
        old, new = (self._values.c[f"{name}__{of}"] for of in (OLD, NEW))
        withheld = sa.and_(every.is_(None), self.events.c.op != name_of("CREATE"))
        is_link = isinstance(self.members[name], One)
        differs = old.is_distinct_from(new) if is_link else sa.or_(withheld, old.is_distinct_from(new))
        parts: dict[str, Column] = {
            "field": name_of(name),
            "old": old,
            "new": new,
            "masked": is_masked(sa.func.coalesce(every, both, type_=sa.Text())),
            "oldWithheld": withheld,
        }
        pieces = (piece for key, value in parts.items() for piece in (name_of(key), value))
        changed = self._levels[name].field.name
        named = sa.func.jsonb_exists(self.events.c.changed, name_of(changed), type_=sa.Boolean())
        return sa.case((sa.and_(named, both.is_not(None), differs), sa.func.jsonb_build_object(*pieces, type_=JSONB())))
