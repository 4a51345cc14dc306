"""The rows of a customer that have a place in the timeline, as SQL.

Each strand is one subquery over its view, ordered by its own moment and limited to the page, so that it reads what the
page may need from the index of its table's times; their union is ordered again. What is selected of an item is looked up
by its key, for the rows of the page alone.

A row whose moment is NULL in the view, withheld or not there, has no place; a masked moment orders by its mask.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from graphql_schema.compiler.converting import moment
from graphql_schema.compiler.cursors import operands
from graphql_schema.compiler.operands import BadInput, Converted, Listed, Place
from graphql_schema.compiler.pages import MOMENT, Listing, instant, leaf
from graphql_schema.compiler.parts import Needs
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.where import NotReadable, Term
from graphql_schema.timeline.strands import Strand, strands
from policies.catalogue import Kind
from policies.predicates import Row, bound, joins

Column = sa.ColumnElement[Any]

NAME = "CustomerTimeline"
TERMS = (
    Term("at", "at", MOMENT, descending=True, nulls_first=True, nullable=False),
    Term("type", "type", sa.Integer(), descending=True, nulls_first=True, nullable=False),
    Term("id", "id", sa.Uuid(), descending=True, nulls_first=True, nullable=False),
)
"""The order: newest first; then by the type's tag, and the key."""


def _end(values: Any, place: Place) -> dt.datetime:
    since, until = values
    if moment(until, place) < since:
        raise BadInput("'until' is not before 'since'", place)
    found: dt.datetime = until
    return found


def tag(strand: Strand) -> Column:
    """What stands for a strand's type."""
    return sa.literal_column(str(strand.entity.tag), sa.Integer())


@dataclass(frozen=True)
class Rows:
    """The rows of one strand: a view, their moment in it, and which of them are asked for."""

    strand: Strand
    view: sa.Subquery
    holds: Column

    @property
    def raw(self) -> Column:
        """The moment as the view has it: what an index is ordered by."""
        return self.view.c[self.strand.moment.column.name]

    @property
    def at(self) -> Column:
        """The moment as a time."""
        if self.strand.moment.spec.kind is not Kind.DATE:
            return self.raw
        return sa.func.timezone(sa.literal_column("'UTC'"), sa.cast(self.raw, sa.DateTime()), type_=MOMENT)

    @property
    def type(self) -> Column:
        """The type's part of the order."""
        return tag(self.strand)

    def beside(self, cursor: Sequence[Column], *, later: bool, itself: bool = False) -> Column:
        """Whether a row is later than a cursor, or earlier; or is where the cursor is, where that is asked, too."""
        at, type_, key = cursor
        id_: Column = self.view.c.id
        if later:
            past = sa.or_(self.type > type_, sa.and_(self.type == type_, id_ >= key if itself else id_ > key))
            return sa.and_(self.at >= at, sa.or_(self.at > at, past))
        past = sa.or_(self.type < type_, sa.and_(self.type == type_, id_ <= key if itself else id_ < key))
        return sa.and_(self.at <= at, sa.or_(self.at < at, past))


@dataclass(frozen=True)
class Asked(Listing):
    """What a timeline is asked for, and of whom."""

    reader: Reader
    here: Row
    """The customer."""

    @cached_property
    def strands(self) -> list[Strand]:
        """Those that are asked for and can ever be seen.

        Raises NotReadable for one that is named, of which rows are seen and never their moment.
        """
        types = leaf(self.selected, "types")
        if types is None:
            return [strand for strand in strands(self.reader.graph) if strand.seen(self.reader.access)]
        named = {str(each.value) for each in types.value}
        return [each for each in strands(self.reader.graph) if each.entity.name in named and self._is_seen(each)]

    def _is_seen(self, strand: Strand) -> bool:
        seen = strand.seen(self.reader.access)
        if not seen and self.reader.access.on(strand.entity.resource).visible:
            raise NotReadable(strand.entity.name, strand.moment.name, (*self.selected.place, "types"))
        return seen

    @cached_property
    def until(self) -> Column | None:
        """The moment before which all lies."""
        since, until = leaf(self.selected, "since"), leaf(self.selected, "until")
        if until is None or since is None:
            return instant(self.selected, "until")
        place = (*self.selected.place, "until")
        return bound(Converted(Listed((since.operand, until.operand)), _end, place), MOMENT)

    def _cursor(self, name: str) -> list[Column] | None:
        given, place = leaf(self.selected, name), (*self.selected.place, name)
        return operands(given.operand, TERMS, NAME, place) if given else None

    @cached_property
    def after(self) -> list[Column] | None:
        """The cursor that all is earlier than."""
        return self._cursor("after")

    @cached_property
    def before(self) -> list[Column] | None:
        """The cursor that all is later than."""
        return self._cursor("before")

    @property
    def operands(self) -> Iterator[Column]:
        """What arguments come to; each is to be right, whatever is asked of the page."""
        yield from (each for each in (self.since, self.until) if each is not None)
        yield from (*(self.after or ()), *(self.before or ()))

    def rows(self) -> Iterator[Rows]:
        """The rows of each strand, whatever page they are on."""
        for strand in self.strands:
            needs = Needs({*strand.relation.fields, strand.moment.name})
            view = self.reader.view(strand.entity.resource, needs)
            found = Rows(strand, view, joins(strand.relation, self.here, view.c))
            holds = [found.holds, found.raw.is_not(None)]
            if self.since is not None:
                holds.append(found.at >= self.since)
            if self.until is not None:
                holds.append(found.at < self.until)
            yield Rows(strand, view, sa.and_(*holds))

    def between(self, rows: Rows) -> Column:
        """Whether a row lies between the cursors."""
        found: Column = sa.true()
        if self.after:
            found = sa.and_(found, rows.beside(self.after, later=False))
        if self.before:
            found = sa.and_(found, rows.beside(self.before, later=True))
        return found
