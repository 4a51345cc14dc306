"""The events of one record, each with what of it is shown, as SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from graphql_schema.compiler.operands import BadInput
from graphql_schema.compiler.pages import Listing, leaf
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Entity
from graphql_schema.history.cursors import NEWEST_FIRST, operand
from graphql_schema.history.events import events, of_row, told_of
from graphql_schema.history.sides import Told, seen, told
from graphql_schema.history.telling import Telling
from policies.predicates import Row

Column = sa.ColumnElement[Any]


@dataclass(frozen=True)
class Asked(Listing):
    """What a history is asked for, and of what row."""

    reader: Reader
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
        given, shown = leaf(self.selected, "fields"), seen(self.reader, self.entity)
        if given is None:
            return shown
        for name in given.value:
            self._check(name, shown)
        return {name: member for name, member in shown.items() if name in given.value}

    def _check(self, name: str, shown: Mapping[str, Told]) -> None:
        place = (*self.selected.place, "fields")
        if name in told(self.entity) and name not in shown and not self.reader.access.tailored:
            raise NotReadable(self.entity.name, name, place)
        if name not in shown:
            raise BadInput(f"{name} is no field whose changes are shown", place)

    @cached_property
    def after(self) -> Column | None:
        """The number of the event that all is older than."""
        return operand(self.selected, "after", NEWEST_FIRST)

    @cached_property
    def before(self) -> Column | None:
        """The number of the event that all is newer than."""
        return operand(self.selected, "before", NEWEST_FIRST)

    @property
    def operands(self) -> Iterator[Column]:
        """What arguments come to; each is to be right, whatever is asked of the page."""
        _ = self.members
        yield from (each for each in (self.since, self.after, self.before) if each is not None)

    def between(self, number: Column) -> Column:
        """Whether an event of a number lies between the cursors."""
        found: Column = sa.true()
        if self.after is not None:
            found = sa.and_(found, number < self.after)
        if self.before is not None:
            found = sa.and_(found, number > self.before)
        return found

    def rows(self) -> sa.Subquery:
        """The events that show anything: `seq`, `at`, `actor`, `op`, and `told`, what is shown of each field."""
        event = events("e")
        of = told_of(self.entity.resource, event).select_from(event).correlate_except(event)
        found = of.where(*of_row(self.entity.resource, event, self.here)).subquery(self.reader.name("h"))
        telling = Telling(self.reader, self.entity, self.members, found, whole=leaf(self.selected, "fields") is None)
        return telling.rows(self.since)
