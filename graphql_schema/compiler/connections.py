"""Connections: a page of a view's rows as `nodes`, `edges`, `pageInfo` and `totalCount`.

Where only nodes are asked, the page is one aggregate over an ordered, limited subquery. Where edges
or page information are asked, one row more than the page is read, and the rows are numbered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from graphql_schema.compiler import cursors
from graphql_schema.compiler.converting import PAGE_LIMIT
from graphql_schema.compiler.pages import INSIDE, PAGED, Page, items, leaf, size
from graphql_schema.compiler.parts import TYPENAME, Reads, below, needed, whole
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import Filter, Term, order
from graphql_schema.entities import Entity
from graphql_schema.searching.matching import Matching, asked
from policies.catalogue import Relation
from policies.conditions import ALWAYS, Condition, Constant, fields_read
from policies.predicates import Compiler, Reading, Row, joins
from policies.predicates import literal as constant

AT_ROOT = 20
"""Default page size of a list at the root."""

BOUNDS = (10, 20, 50, PAGE_LIMIT)
"""Sizes that root pages are planned for."""

Column = sa.ColumnElement[Any]


def connection(
    reader: Reads, entity: Entity, selected: Selected, relation: Relation | None = None, here: Row | None = None
) -> Column:
    """The JSON of a connection: all rows of a view, or those related to a row of another.

    Raises BadInput or NotReadable for arguments that cannot be answered.
    """
    return _Connection(reader, entity, selected, relation, here).json()


def bounded(reader: Reads, page: sa.Select[Any], selected: Selected, *, more: int = 0) -> sa.Subquery:
    """A page as a subquery under one more LIMIT, which is never less than the page's size.

    Of a LIMIT that is a parameter the planner assumes a tenth of all rows, and so finds every generic plan too dear
    and plans each execution anew. The bound is one of few constants, so few statements differ by it.
    """
    asked = leaf(selected, "first") or leaf(selected, "last")
    given = AT_ROOT if asked is None else asked.value if isinstance(asked.operand, Constant) else PAGE_LIMIT
    most = min((bound for bound in BOUNDS if bound >= given), default=PAGE_LIMIT) + more
    inner = page.subquery(reader.name("q"))
    return sa.select(inner).limit(sa.literal_column(str(most))).subquery(reader.name("p"))


@dataclass(frozen=True)
class _Connection:
    reader: Reads
    entity: Entity
    selected: Selected
    relation: Relation | None
    here: Row | None

    # What is asked

    @cached_property
    def parts(self) -> list[Selected]:
        return self.selected.children()

    @cached_property
    def condition(self) -> Condition:
        tree = self.selected.arguments.get("where")
        if tree is None:
            return ALWAYS
        place = (*self.selected.place, "where")
        visible = self.reader.access.on(self.entity.resource).visible
        found = Filter(self.reader.graph, self.reader.access, self.reader.conditions, strict=visible)
        return found.condition(tree, self.entity, place)

    @cached_property
    def search(self) -> Matching | None:
        """What finds rows by words, where any are asked for."""
        if "search" not in self.selected.arguments:
            return None
        place = (*self.selected.place, "search")
        found = Matching(self.reader, self.entity, asked(self.selected.arguments["search"], place))
        found.check(place)
        return found

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        place = (*self.selected.place, "orderBy")
        return order(self.selected.arguments.get("orderBy"), self.entity, self.reader.access, place)

    @cached_property
    def backward(self) -> bool:
        return leaf(self.selected, "last") is not None

    @cached_property
    def size(self) -> Column:
        return size(self.selected, INSIDE if self.relation else AT_ROOT)

    def _cursor(self, name: str) -> Sequence[Column] | None:
        given = leaf(self.selected, name)
        place = (*self.selected.place, name)
        return cursors.operands(given.operand, self.terms, self.entity.name, place) if given else None

    # Rows

    def _rows(self, selected: Sequence[Selected] = (), *, ordered: bool = False) -> tuple[sa.Subquery, Column]:
        """A view with what is needed of it, and the condition on its rows."""
        needs = needed(self.entity, selected, self.reader.access)
        resource = self.entity.resource
        needs.fields |= {
            name for on, name in fields_read(self.condition, resource, self.reader.graph.catalogue) if on is resource
        }
        if self.relation:
            needs.fields.update(self.relation.fields)
        if ordered:
            needs.fields |= {term.name for term in self.terms}
        if self.search:
            needs.states |= self.search.states
        view = self.reader.view(resource, needs)
        compiler = Compiler(self.reader.graph.catalogue, self.reader.rows, Reading.ASKED)
        holds = compiler.predicate(self.condition, resource, view.c)
        if self.search:
            holds = sa.and_(self.search.among(view.c), holds)
        if self.relation is None or self.here is None:
            return view, holds
        return view, sa.and_(joins(self.relation, self.here, view.c), holds)

    def _placed(self, row: Row) -> Row:
        return below(self.here, self.relation, row)

    def _between(self, row: Row) -> Column:
        """Whether a row lies between the cursors given."""
        found: Column = sa.true()
        for name, after in (("after", True), ("before", False)):
            cursor = self._cursor(name)
            if cursor is not None:
                found = sa.and_(found, cursors.beyond(self.terms, row, cursor, after=after))
        return found

    def _ordered(self, row: Row) -> list[Column]:
        found: list[Column] = []
        for term in self.terms:
            down = term.descending is not self.backward
            column = row[term.column].desc() if down else row[term.column].asc()
            nulls_first = term.nulls_first is not self.backward
            if term.nullable and nulls_first is not down:
                column = column.nulls_first() if nulls_first else column.nulls_last()
            found.append(column)
        return found

    # JSON

    def json(self) -> Column:
        paged = [part for part in self.parts if part.name in PAGED]
        if len(paged) == 1 and paged[0].name == "nodes" and not self.backward:
            columns = [self._unpaged(part, {paged[0].key: self._nodes(paged[0])}) for part in self.parts]
            return self.reader.object(columns)
        if not paged:
            self._check()
            return self.reader.object([self._unpaged(part, {}) for part in self.parts])
        return self._numbered(paged)

    def _check(self) -> None:
        """Has arguments refused that are wrong, though nothing asked depends on them.

        Raises NotReadable for a filter or order by a field that the caller never reads.
        """
        _ = self.terms
        for column in (self.size, *(self._cursor("after") or ()), *(self._cursor("before") or ())):
            self.reader.check(column)
        if not any(part.name == "totalCount" for part in self.parts):
            self.reader.check(self._rows()[1])

    def _unpaged(self, part: Selected, paged: dict[str, Column]) -> Column:
        if part.key in paged:
            return paged[part.key].label(part.key)
        if part.name == TYPENAME:
            return constant(part.parent.name).label(part.key)
        view, holds = self._rows()
        total = sa.select(sa.func.count()).select_from(view).where(holds).correlate_except(view).scalar_subquery()
        return total.label(part.key)

    def _bounded(self, page: sa.Select[Any], *, more: int = 0) -> sa.Subquery:
        """A page as a subquery; at the root under one more LIMIT."""
        if self.relation is not None:
            return page.subquery(self.reader.name("p"))
        return bounded(self.reader, page, self.selected, more=more)

    def _nodes(self, part: Selected) -> Column:
        children = part.children()
        view, holds = self._rows(children, ordered=True)
        page = self._bounded(
            sa.select(*self.reader.columns(self.entity, children, self._placed(view.c)))
            .select_from(view)
            .where(holds, self._between(view.c))
            .order_by(*self._ordered(view.c))
            .limit(self.size)
            .correlate_except(view)
        )
        rows = sa.func.json_agg(whole(page))
        return sa.func.coalesce(
            sa.select(rows).select_from(page).scalar_subquery(), sa.literal_column("'[]'::json"), type_=sa.JSON()
        )

    def _numbered(self, paged: Sequence[Selected]) -> Column:
        wanted = [(item, item.children()) for item in items(paged)]
        view, holds = self._rows([child for _, children in wanted for child in children], ordered=True)
        inside = sa.and_(holds, self._between(view.c))
        columns = [
            self.reader.object(self.reader.columns(self.entity, children, self._placed(view.c))).label(f"n{i}")
            for i, (_, children) in enumerate(wanted)
        ]
        limited = self._bounded(
            sa.select(cursors.expression(self.terms, self.entity.name, view.c).label("cursor"), *columns)
            .select_from(view)
            .where(inside)
            .order_by(*self._ordered(view.c))
            .limit(self.size + sa.literal_column("1"))
            .correlate_except(view),
            more=1,
        )
        page = Page(
            reader=self.reader,
            limited=limited,
            items=[item for item, _ in wanted],
            size=self.size,
            backward=self.backward,
            further=sa.func.count() > self.size,
            behind=self._behind,
        )
        return page.json(self.parts, lambda part: self._unpaged(part, {}))

    def _behind(self) -> Column:
        """Whether there are rows on the side that the page was not read towards."""
        name, after = ("before", False) if self.backward else ("after", True)
        cursor = self._cursor(name)
        if cursor is None:
            return sa.false()
        view, holds = self._rows(ordered=True)
        outside = sa.not_(cursors.beyond(self.terms, view.c, cursor, after=after))
        return sa.select(sa.literal_column("1")).select_from(view).where(holds, outside).correlate_except(view).exists()
