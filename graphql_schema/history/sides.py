"""Sides of a change: a record as it is, as an event left it, and as it was before; each as the policy shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from app.services.records.events import KEPT
from graphql_schema import ids
from graphql_schema.compiler.parts import Needs, shown
from graphql_schema.compiler.rows import Reader
from graphql_schema.entities import Amount, Entity, One, Value
from graphql_schema.sight import readable
from policies.access import ResourceAccess
from policies.catalogue import Field
from policies.levels import PLAIN, Level, met
from policies.masks.mask import literal
from policies.predicates import companion, joins
from policies.states import LEVEL
from policies.view import graded

Column = sa.ColumnElement[Any]
Told = Value | Amount | One


def field_of(entity: Entity, member: Told) -> Field:
    """The field that a member shows."""
    return entity.resource.fields[member.relation.field] if isinstance(member, One) else member.field


def told(entity: Entity) -> Mapping[str, Told]:
    """The members whose changes are told, in the order of the schema."""
    members = ((name, member) for name, member in entity.members.items() if isinstance(member, (Value, Amount, One)))
    return {name: member for name, member in members if field_of(entity, member).name not in KEPT}


def seen(reader: Reader, entity: Entity) -> Mapping[str, Told]:
    """Of these, those that a caller can ever see."""
    graph, access = reader.graph, reader.access
    return {name: member for name, member in told(entity).items() if readable(graph, access, entity, member)}


@dataclass(frozen=True)
class Levels:
    """The levels at which one field can be shown."""

    field: Field
    possible: tuple[Level, ...]
    settled: Level | None
    """The one that it has on every visible row."""

    def on(self, side: sa.FromClause) -> Column:
        """The level on a row; NULL where the field is withheld."""
        found: Column = side.c[companion(self.field.column.name, LEVEL)]
        return found

    def level(self, side: sa.FromClause) -> Column:
        """The level on a row, also where that is the same on all."""
        return self.on(side) if self.settled is None else literal(self.settled)

    def met(self, one: Column, other: Column) -> Column:
        """The meet of two levels; NULL where nothing is left."""
        pairs = ((a, b, met((a, b))) for a in self.possible for b in self.possible)
        whens = [(sa.and_(one == literal(a), other == literal(b)), literal(m)) for a, b, m in pairs if m is not None]
        return sa.case(*whens)


def levels(on: ResourceAccess, field: Field) -> Levels:
    """The levels of a field that is readable."""
    settled = on.settled(field.name)
    possible = (settled,) if settled is not None else tuple(sorted(on.levels(field.name)))
    return Levels(field, possible, settled)


@dataclass(frozen=True)
class At:
    """A row of a side, of which each column is what one level shows of it."""

    side: sa.FromClause
    level: Level

    def __getitem__(self, column: str, /) -> Column:
        return self.side.c[column] if column in self.side.c else self.side.c[graded(column, self.level)]


@dataclass(frozen=True)
class Values:
    """What sides show of the fields of an entity."""

    reader: Reader
    entity: Entity

    def at(self, side: sa.FromClause, member: Told, of: Levels, level: Column) -> Column:
        """What a level, which the row gives at least, shows of a member, as JSON; NULL where it is none."""
        if of.settled is not None:
            return self._json(member, At(side, of.settled))
        return sa.case(*((level == literal(each), self._json(member, At(side, each))) for each in of.possible))

    def _json(self, member: Told, row: At) -> Column:
        if isinstance(member, One):
            return self._id(member, row)
        name = member.field.column.name
        if isinstance(member, Value):
            return sa.func.to_jsonb(shown(row[name], member.field), type_=JSONB())
        currency = sa.cast(row[companion(name, member.field.spec.companions[0])], sa.Text())
        amount = sa.cast(row[name], sa.Text())
        parts = (literal("amount"), amount, literal("currency"), currency)
        return sa.case((row[name].is_not(None), sa.func.jsonb_build_object(*parts, type_=JSONB())))

    def _id(self, member: One, row: At) -> Column:
        """The id of the related row, where that is in view as it is now."""
        target = self.reader.graph[member.relation.target]
        view = self.reader.view(target.resource, Needs())
        key = ids.expression(target.tag, view.c.id, view.c.customer_id if target.resource.owned else None)
        found = sa.select(sa.func.to_jsonb(key, type_=JSONB())).select_from(view)
        return found.where(joins(member.relation, row, view.c)).correlate_except(view).scalar_subquery()


def is_masked(level: Column) -> Column:
    """Whether a level shows only a part."""
    return level != literal(PLAIN)
