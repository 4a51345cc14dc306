"""`Customer.timeline`: its JSON, and what of it an access ever sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import sqlalchemy as sa

from graphql_schema.building import upper_snake
from graphql_schema.compiler.cursors import expression
from graphql_schema.compiler.pages import INSIDE
from graphql_schema.compiler.parts import below
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Graph
from graphql_schema.tailoring.closed import Closed
from graphql_schema.timeline.reading import NAME, TERMS, Asked, Rows, tag
from graphql_schema.timeline.strands import Strand, strands
from graphql_schema.timeline.types import ITEM, TYPE, part
from policies.access import Access
from policies.predicates import Row

Column = sa.ColumnElement[Any]


@dataclass(frozen=True)
class _Timeline(Asked):
    @property
    def empty(self) -> bool:
        return not self.strands

    def total(self) -> Column:
        counts = (self._of(rows, sa.func.count()).scalar_subquery() for rows in self.rows())
        found: Column = reduce(add, counts, sa.literal_column("0", sa.BigInteger()))
        return found

    def _of(self, rows: Rows, *columns: Column) -> sa.Select[Any]:
        """Columns of the rows of a strand."""
        return sa.select(*columns).select_from(rows.view).where(rows.holds).correlate_except(rows.view)

    def _way(self, column: Column) -> Column:
        return column.asc() if self.backward else column.desc()

    def _strand(self, rows: Rows) -> sa.Select[Any]:
        """The keys of a strand's rows that the page may need."""
        columns = (rows.at.label("at"), rows.type.label("type"), rows.view.c.id.label("id"))
        found = self._of(rows, *columns).where(self.between(rows))
        return found.order_by(self._way(rows.raw), self._way(rows.view.c.id)).limit(self.most)

    def limited(self, wanted: Sequence[Selected]) -> sa.Subquery:
        """The page's rows and one more, each with its cursor, its moment and what is selected of it."""
        strands_ = [self._strand(rows).subquery(self.reader.name("s")) for rows in self.rows()]
        every = sa.union_all(*map(sa.select, strands_)) if strands_ else _nothing()
        all_ = every.subquery(self.reader.name("u"))
        keys = sa.select(all_).order_by(*(self._way(all_.c[term.column]) for term in TERMS)).limit(self.most)
        page = keys.subquery(self.reader.name("q"))
        columns = [self._item(item, page).label(f"n{i}") for i, item in enumerate(wanted)]
        found = sa.select(expression(TERMS, NAME, page.c).label("cursor"), page.c.at, *columns).select_from(page)
        return found.correlate_except(page).subquery(self.reader.name("t"))

    def _item(self, item: Selected, page: sa.Subquery) -> Column:
        """What is selected of an item, of whichever type it is."""
        whens = [(page.c.type == tag(strand), self._found(strand, item, page)) for strand in self.strands]
        return sa.case(*whens) if whens else sa.cast(sa.null(), sa.JSON())

    def _found(self, strand: Strand, item: Selected, page: sa.Subquery) -> Column:
        type_ = item.operation.object_type(strand.entity.name)
        assert type_ is not None
        here, relation = self.here, strand.relation

        def joined(there: Row) -> Column:
            owned = (there[theirs] == here[ours] for ours, theirs in relation.pairs)
            return sa.and_(*owned, there["id"] == page.c.id)

        return self.reader.one(strand.entity, item.children(type_), joined, lambda there: below(here, relation, there))

    def behind(self) -> Column:
        """Whether there is anything where the page was read from."""
        cursor = self.before if self.backward else self.after
        if cursor is None:
            return sa.false()
        found: Column = sa.false()
        for rows in self.rows():
            there = rows.beside(cursor, later=not self.backward, itself=True)
            found = sa.or_(found, self._of(rows, sa.literal_column("1")).where(there).exists())
        return found


def _nothing() -> sa.Select[Any]:
    columns = (sa.cast(sa.null(), term.type_).label(term.column) for term in TERMS)
    return sa.select(*columns).where(sa.false())


def _json(reader: Reader, selected: Selected, here: Row | None) -> Column:
    assert here is not None
    return _Timeline(reader, selected, here).json()


def _shown(graph: Graph, access: Access) -> bool:
    return any(strand.seen(access) for strand in strands(graph))


def _closed(graph: Graph, access: Access) -> Closed:
    gone = [strand.entity.name for strand in strands(graph) if not strand.seen(access)]
    values = {(TYPE, upper_snake(name)) for name in gone}
    return Closed(elements=frozenset(values | {(ITEM, name) for name in gone}))


TIMELINE = Computed("timeline", part, _json, _shown, _closed, size=INSIDE)
"""What happened with a customer."""
