"""A record as it was at a moment, as far as its reader sees it now and saw it then.

    1  the row that the last event up to the moment left
    2  where none is known: the row before the first event that came later
    3  where there is no event at all: the row as it is

2 and 3 hold of a record that was there already, as its caller reads in `createdAt`. What was changed without an event,
as by an import, is not known of: it is as if it had been so before, or not at all.

Only what a record holds itself is told. What belongs to it, or leads on from it, would be told as it is now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from graphql_schema import ids
from graphql_schema.compiler.converting import key_of, past
from graphql_schema.compiler.operands import BadInput, Converted
from graphql_schema.compiler.pages import MOMENT, leaf
from graphql_schema.compiler.parts import TYPENAME, shown
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Amount, Entity, Key, Member, One, Value
from graphql_schema.history.events import REMOVING, events, of_row, told_of
from graphql_schema.history.sides import At, Levels, Told, field_of, levels
from graphql_schema.making import Part, maybe
from graphql_schema.scalars import DateTime
from graphql_schema.sight import readable
from policies.masks.mask import literal
from policies.predicates import Row, bound
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

ARGUMENT, MADE = "asOf", "createdAt"
AS_OF = Part(
    ARGUMENT,
    maybe(DateTime),
    "As it was then, as far as its changes tell: its own fields, and of single relations the id. Null before it was known.",
)


def as_of(reader: Reader, entity: Entity, selected: Selected) -> Column:
    """The JSON of a record of no customer's as it was. Raises BadInput for what is not told of the past."""
    return _Past(reader, entity, selected).json()


@dataclass(frozen=True)
class _Past:
    reader: Reader
    entity: Entity
    selected: Selected

    def _operand(self, name: str, convert: Any, type_: Any) -> Column:
        given = leaf(self.selected, name)
        assert given is not None
        return bound(Converted(given.operand, convert, (*self.selected.place, name)), type_)

    @cached_property
    def _moment(self) -> Column:
        return self._operand(ARGUMENT, past, MOMENT)

    @cached_property
    def _asked(self) -> Mapping[str, Told]:
        """What is asked of the record, by response key, where it can ever be seen."""
        found: dict[str, Told] = {}
        for item in self.selected.children():
            member = None if item.name == TYPENAME else self.entity.members[item.name]
            _check(item, member)
            if isinstance(member, (Value, Amount, One)) and self._is_readable(member):
                found[item.key] = member
        return found

    def _is_readable(self, member: Member) -> bool:
        return readable(self.reader.graph, self.reader.access, self.entity, member)

    # The sides

    @cached_property
    def _levels(self) -> Mapping[str, Levels]:
        """By name of the field, of what is asked, and when the record was made."""
        on = self.reader.access.on(self.entity.resource)
        made = self.entity.members[MADE]
        every = [*self._asked.values(), *([made] if isinstance(made, Value) and self._is_readable(made) else ())]
        fields = (field_of(self.entity, member) for member in every)
        return {field.name: levels(on, field) for field in fields}

    def _side(self, record: str | None = None) -> sa.FromClause:
        told = [name for name, of in self._levels.items() if of.settled is None]
        shown = {name: of.possible for name, of in self._levels.items()}
        return self.reader.graded(self.entity.resource, told, shown, record)

    @cached_property
    def _now(self) -> sa.FromClause:
        return self._side()

    def _event(self, *, later: bool) -> sa.FromClause:
        """The last event up to the moment, or the first one later."""
        event, now = events("e"), self._now
        found = told_of(self.entity.resource, event).select_from(event).correlate_except(event)
        found = found.where(*of_row(self.entity.resource, event, now.c))
        place = event.c.seq.asc() if later else event.c.seq.desc()
        found = found.where(event.c.at > self._moment if later else event.c.at <= self._moment).order_by(place)
        return found.limit(sa.literal_column("1")).lateral(self.reader.name("h"))

    @cached_property
    def _last(self) -> Any:
        return self._event(later=False)

    @cached_property
    def _next(self) -> Any:
        return self._event(later=True)

    @cached_property
    def _then(self) -> sa.FromClause:
        return self._side(f"coalesce({self._last.name}.row_after, {self._next.name}.row_before)")

    @property
    def _no_event(self) -> Column:
        return sa.and_(self._last.c.seq.is_(None), self._next.c.seq.is_(None))

    # What is told

    def json(self) -> Column:
        """The record."""
        now, last = self._now, self._last
        columns = [self._column(item).label(item.key) for item in self.selected.children()]
        source = now.outerjoin(last, sa.true()).outerjoin(self._next, last.c.seq.is_(None))
        found = sa.select(*columns).select_from(source.outerjoin(self._then, sa.true()))
        return self.reader.json(
            found.where(
                now.c.id == self._operand("id", key_of(self.entity), sa.Uuid()),
                self._was_gone.is_not(sa.true()),
                sa.or_(self._then.c["id"].is_not(None), self._no_event),
                sa.or_(last.c.seq.is_not(None), self._was_made),
            )
        )

    @property
    def _was_gone(self) -> Column:
        """Whether the record was deleted then: by the last event, or until the next one."""
        removing = list(map(constant, REMOVING))
        last, next_ = self._last.c, self._next.c
        return sa.or_(sa.and_(last.bare, last.op.in_(removing)), sa.and_(next_.bare, next_.op.not_in(removing)))

    @property
    def _was_made(self) -> Column:
        """Whether the record was there, as its caller sees it now."""
        of = self._levels.get(MADE)
        if of is None:
            return sa.false()
        return self._at(of, self._now, of.level(self._now), lambda row: row[of.field.column.name]) <= self._moment

    def _column(self, item: Selected) -> Column:
        if item.name == TYPENAME:
            return constant(self.entity.name)
        if isinstance(self.entity.members[item.name], Key):
            return ids.expression(self.entity.tag, self._now.c.id, None)
        member = self._asked.get(item.key)
        if member is None:
            return sa.cast(sa.null(), sa.JSON())
        of = self._levels[field_of(self.entity, member).name]
        now, then = of.level(self._now), of.level(self._then)
        met = now if of.settled is not None else of.met(now, then)
        return sa.case(
            (self._no_event, self._at(of, self._now, now, lambda row: self._value(item, member, row))),
            else_=self._at(of, self._then, met, lambda row: self._value(item, member, row)),
        )

    def _at(self, of: Levels, side: sa.FromClause, level: Column, value: Any) -> Column:
        """What a level shows of a field."""
        if of.settled is not None:
            found: Column = value(At(side, of.settled))
            return found
        return sa.case(*((level == literal(each), value(At(side, each))) for each in of.possible))

    def _value(self, item: Selected, member: Told, row: Row) -> Column:
        if isinstance(member, Value):
            return shown(row[member.field.column.name], member.field)
        if isinstance(member, Amount):
            return self.reader.amount(member.field, item, row)
        return self.reader.related(self.reader.graph[member.relation.target], item.children(), member.relation, row)


def _check(item: Selected, member: Member | None) -> None:
    """Raises BadInput for what is not told of the past."""
    if member is not None and not isinstance(member, (Key, Value, Amount, One)):
        raise BadInput("of the past only a record's own fields are told", item.place)
    for child in item.children() if isinstance(member, One) else ():
        if child.name not in ("id", TYPENAME):
            raise BadInput("of a relation of the past only the id is told", child.place)
