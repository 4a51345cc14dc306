"""`changes` of Query: what was changed of anything in view, oldest first, for whoever keeps up with it.

Events are read in the order of their numbers, each judged by the one statement part of its type, until the page is full;
as far as they are settled, so that none comes later before one that was read.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from graphql_schema.building import upper_snake
from graphql_schema.compiler.connections import AT_ROOT
from graphql_schema.compiler.converting import key_of
from graphql_schema.compiler.operands import Converted
from graphql_schema.compiler.pages import Listing, leaf
from graphql_schema.compiler.parts import Needs
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Entity, Graph
from graphql_schema.history.cursors import OLDEST_FIRST, operand
from graphql_schema.history.events import events, told_of
from graphql_schema.history.horizon import settled
from graphql_schema.history.showing import Changes
from graphql_schema.history.sides import seen
from graphql_schema.history.telling import Telling
from graphql_schema.history.types import RECORD_TYPE, feed
from graphql_schema.tailoring.closed import Closed
from policies.access import Access
from policies.fragments import Fragment, case, fragments, statement, together
from policies.predicates import Row, bound
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

EVENT = events("e")
_FRAGMENTS = fragments(EVENT)
_KNOWN: MutableMapping[Access, dict[str, Fragment]] = WeakKeyDictionary()


@dataclass(frozen=True)
class _Feed(Listing):
    reader: Reader

    default = AT_ROOT

    @cached_property
    def entities(self) -> Sequence[Entity]:
        """The types that are asked for, of which anything can ever be seen."""
        types = leaf(self.selected, "types")
        named = None if types is None else {str(each.value) for each in types.value}
        seen_ = (each for each in self.reader.graph if self.reader.access.on(each.resource).visible)
        return [each for each in seen_ if named is None or each.name in named]

    @property
    def empty(self) -> bool:
        return not self.entities

    @cached_property
    def after(self) -> Column | None:
        """The number of the event that all comes after."""
        return operand(self.selected, "after", OLDEST_FIRST)

    def _key(self, name: str, entity: Entity) -> Column | None:
        given, place = leaf(self.selected, name), (*self.selected.place, name)
        return bound(Converted(given.operand, key_of(entity), place), sa.Uuid()) if given else None

    @cached_property
    def _keys(self) -> Sequence[tuple[str, Entity, Column]]:
        """The columns of events that are to lead to a record in view, with its type and key."""
        graph = self.reader.graph
        of = {"customer": ("customer_id", graph["Customer"]), "actor": ("actor", graph["User"])}
        keys = ((column, entity, self._key(name, entity)) for name, (column, entity) in of.items())
        return [(column, entity, key) for column, entity, key in keys if key is not None]

    @property
    def operands(self) -> Iterator[Column]:
        yield from (each for each in (self.since, self.after) if each is not None)
        yield from (key for _, _, key in self._keys)

    def _asked(self) -> Iterator[Column]:
        """What is to hold of an event, whatever it tells."""
        names = [constant(each.resource.table.name) for each in self.entities]
        yield EVENT.c.entity.in_(names) if names else sa.false()
        yield EVENT.c.seq <= settled()
        if self.since is not None:
            yield EVENT.c.at >= self.since
        for column, entity, key in self._keys:
            yield EVENT.c[column] == key
            view = self.reader.view(entity.resource, Needs())
            yield sa.select(sa.literal_column("1")).select_from(view).where(view.c.id == key).exists()

    def _told(self) -> sa.FromClause:
        """What is shown of an event, of whichever type it is; evaluated once."""
        ways = [together(f"WHEN (e.entity = '{e.resource.table.name}') THEN ", self._of(e)) for e in self.entities]
        whole = together("SELECT ", case(ways, together("NULL::jsonb[]")), " AS told OFFSET 0")
        return statement(whole, [sa.column("told", ARRAY(JSONB()))]).lateral(self.reader.name("l"))

    def _of(self, entity: Entity) -> Fragment:
        """What is shown of an event of a type: compiled once for all who have the same rights."""
        known = _KNOWN.setdefault(self.reader.access, {})
        if entity.name not in known:
            reader = Reader(self.reader.graph, self.reader.access)
            one = told_of(entity.resource, EVENT).correlate_except(None).subquery(reader.name("h"))
            known[entity.name] = _FRAGMENTS.of(Telling(reader, entity, seen(reader, entity), one).alone())
        return known[entity.name]

    def rows(self, *asked: Column) -> sa.Select[Any]:
        """The events that show anything, with what is shown; as much as is asked."""
        told = self._told()
        names = ("seq", "at", "actor", "op", "entity", "entity_id", "customer_id")
        found = sa.select(*(EVENT.c[name] for name in names), told.c.told).select_from(EVENT.join(told, sa.true()))
        return found.where(told.c.told.is_not(None), *self._asked(), *asked)

    def total(self) -> Column:
        return sa.select(sa.func.count()).select_from(self.rows().subquery(self.reader.name("q"))).scalar_subquery()

    def limited(self, wanted: Sequence[Selected]) -> sa.Subquery:
        """The page's events and one more, each with its cursor and what is selected of it."""
        number = EVENT.c.seq
        later = (number > self.after,) if self.after is not None else ()
        page = self.rows(*later).order_by(number).limit(self.most).subquery(self.reader.name("q"))
        return Changes(self.reader, self.entities, page).rows(OLDEST_FIRST, wanted)

    def behind(self) -> Column:
        return sa.false() if self.after is None else self.rows(EVENT.c.seq <= self.after).exists()


def _compile(reader: Reader, selected: Selected, _row: Row | None) -> Column:
    return _Feed(reader, selected).json()


def _shown(graph: Graph, access: Access) -> bool:
    return any(access.on(entity.resource).visible for entity in graph)


def _closed(graph: Graph, access: Access) -> Closed:
    gone = (entity.name for entity in graph if not access.on(entity.resource).visible)
    return Closed(elements=frozenset((RECORD_TYPE, upper_snake(name)) for name in gone))


ROOTS = (Computed("changes", feed, _compile, _shown, _closed, cost=50, size=AT_ROOT),)
