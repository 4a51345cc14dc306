"""`search` of Query: what is found among rows of all types, best first, in a total order of rank, type and key.

Every type is searched by itself: candidates from the index, joined to the caller's view. Only then are they ranked, put
in order, counted and cut into pages, so that no row out of view has any influence on what is answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, array

from graphql_schema.compiler import cursors
from graphql_schema.compiler.connections import AT_ROOT, bounded
from graphql_schema.compiler.operands import Place
from graphql_schema.compiler.pages import PAGED, Page, items, leaf, size
from graphql_schema.compiler.parts import TYPENAME, Needs, few
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import Term
from graphql_schema.searching.matching import Matching, asked
from graphql_schema.searching.ranking import place, rank, score
from graphql_schema.searching.tokens import is_key_of, tokens_of
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

TERMS = (
    Term("rank", "rank", sa.Integer(), descending=True, nulls_first=True, nullable=False),
    Term("type", "type", sa.Integer(), descending=False, nulls_first=False, nullable=False),
    Term("customer", "customer_id", sa.Uuid(), descending=False, nulls_first=False, nullable=False),
    Term("id", "entity_id", sa.Uuid(), descending=False, nulls_first=False, nullable=False),
)


def results(reader: Reader, selected: Selected) -> Column:
    """The JSON of what is found.

    Raises BadInput for arguments that cannot be answered, NotReadable for a type that the caller sees, but of which none
    of the fields that are searched.
    """
    return _Results(reader, selected).json()


@dataclass(frozen=True)
class _Results:
    reader: Reader
    selected: Selected

    # What is asked

    def _place(self, name: str) -> Place:
        return (*self.selected.place, name)

    @cached_property
    def _asked(self) -> Column:
        return asked(self.selected.arguments["query"], self._place("query"))

    @cached_property
    def _matchings(self) -> Sequence[Matching]:
        """The types that are searched: those asked for, or all; never one that the caller does not see."""
        types = leaf(self.selected, "types")
        named = None if types is None else {member.value for member in types.value}
        found = []
        for entity in sorted(self.reader.graph, key=lambda entity: entity.tag):
            matching = Matching(self.reader, entity, self._asked)
            if named is not None and entity.name in named:
                matching.check(self._place("types"))
            if matching.sought and (named is None or entity.name in named):
                found.append(matching)
        return found

    @cached_property
    def _size(self) -> Column:
        return size(self.selected, AT_ROOT)

    @cached_property
    def _after(self) -> Sequence[Column]:
        given = leaf(self.selected, "after")
        return cursors.operands(given.operand, TERMS, "Search", self._place("after")) if given else ()

    # Hits

    @cached_property
    def _hits(self) -> sa.CTE:
        """What is found: type, key, rank, and the place of the field."""
        nothing = sa.select(*(sa.cast(sa.null(), type_).label(name) for name, type_ in HIT.items())).where(sa.false())
        found = sa.union_all(*(map(self._of, self._matchings) if self._matchings else (nothing, nothing)))
        scored = found.subquery(self.reader.name("u"))
        columns = (scored.c.type, scored.c.customer_id, scored.c.entity_id)
        ranked = sa.select(*columns, rank(scored.c.score).label("rank"), place(scored.c.score).label("place"))
        return ranked.cte(self.reader.name("h"))

    def _of(self, matching: Matching) -> sa.Select[Any]:
        """The hits of one type."""
        entity, reader = matching.entity, self.reader
        view = reader.view(entity.resource, Needs(states=matching.states))
        candidates = matching.candidates(reader.name("f"))
        tokens, own = tokens_of(entity.resource, view.c, reader.name("t"))
        joined = candidates.join(view, is_key_of(entity.resource, view.c, candidates.c)).join(tokens, own)
        return (
            sa.select(
                sa.literal_column(str(entity.tag), sa.Integer()).label("type"),
                tokens.c.customer_id,
                tokens.c.entity_id,
                score(matching, tokens.c, view.c).label("score"),
            )
            .select_from(joined)
            .where(matching.holds(tokens.c, view.c))
        )

    # JSON

    def json(self) -> Column:
        """The connection."""
        parts = self.selected.children()
        self.reader.check(self._asked)
        for column in (self._size, *self._after):
            self.reader.check(column)
        paged = [part for part in parts if part.name in PAGED]
        if not paged:
            _ = self._matchings
            return self.reader.object([self._unpaged(part).label(part.key) for part in parts])
        page = Page(
            reader=self.reader,
            limited=self._limited(items(paged)),
            items=items(paged),
            size=self._size,
            backward=False,
            further=sa.func.count() > self._size,
            behind=self._behind,
        )
        return page.json(parts, lambda part: self._unpaged(part).label(part.key))

    def _unpaged(self, part: Selected) -> Column:
        if part.name == TYPENAME:
            return constant(part.parent.name)
        return sa.select(sa.func.count()).select_from(self._hits).scalar_subquery()

    def _limited(self, wanted: Sequence[Selected]) -> sa.Subquery:
        """The page's rows and one more."""
        hits, reader = self._hits, self.reader
        beyond = cursors.beyond(TERMS, hits.c, self._after, after=True) if self._after else sa.true()
        order = (hits.c[term.column].desc() if term.descending else hits.c[term.column] for term in TERMS)
        one_more = self._size + sa.literal_column("1")
        page = sa.select(hits).where(beyond).order_by(*order).limit(one_more)
        rows = bounded(reader, page, self.selected, more=1)
        columns = [self.reader.object(self._result(item, rows)).label(f"n{i}") for i, item in enumerate(wanted)]
        cursor = cursors.expression(TERMS, "Search", rows.c).label("cursor")
        return sa.select(cursor, *columns).select_from(rows).subquery(reader.name("l"))

    def _behind(self) -> Column:
        if not self._after:
            return sa.false()
        before = sa.not_(cursors.beyond(TERMS, self._hits.c, self._after, after=True))
        return sa.select(sa.literal_column("1")).select_from(self._hits).where(before).exists()

    def _result(self, selected: Selected, row: sa.Subquery) -> list[Column]:
        return [self._member(item, row).label(item.key) for item in selected.children()]

    def _member(self, item: Selected, row: sa.Subquery) -> Column:
        if item.name == TYPENAME:
            return constant(item.parent.name)
        if item.name == "rank":
            return row.c.rank
        of_type = {"node": self._node, "field": self._field, "highlight": self._highlight}[item.name]
        whens = [(row.c.type == sa.literal_column(str(m.entity.tag)), of_type(item, m, row)) for m in self._matchings]
        return sa.case(*whens) if whens else sa.cast(sa.null(), sa.JSON())

    def _node(self, item: Selected, matching: Matching, row: sa.Subquery) -> Column:
        """What was found."""
        entity = matching.entity
        type_ = item.operation.object_type(entity.name)
        assert type_ is not None
        return self.reader.one(entity, item.children(type_), lambda there: is_key_of(entity.resource, there, row.c))

    def _field(self, item: Selected, matching: Matching, row: sa.Subquery) -> Column:
        """The name of the field that it was found in."""
        names: Column = array([constant(field.name) for field in matching.sought.fields], type_=sa.Text())
        return names[row.c.place + sa.literal_column("1")]

    def _highlight(self, item: Selected, matching: Matching, row: sa.Subquery) -> Column:
        """The field's value, in parts."""
        resource, fields = matching.entity.resource, matching.sought.fields
        view = self.reader.view(resource, Needs(fields={field.name for field in fields}))
        places = (
            (row.c.place == sa.literal_column(str(i)), view.c[field.column.name]) for i, field in enumerate(fields)
        )
        names = ("place", "part", "matched")
        parts = sa.func.search_parts(sa.case(*places), self._asked).table_valued(*names, name=self.reader.name("s"))
        shown: Mapping[str, Column] = {"text": parts.c.part, "matched": parts.c.matched}
        pieces = few([(each, shown.get(each.name, constant(each.parent.name))) for each in item.children()])
        found = sa.func.json_agg(aggregate_order_by(pieces, parts.c.place))
        joined = view.join(parts, sa.true())
        own = is_key_of(resource, view.c, row.c)
        return sa.select(found).select_from(joined).where(own).correlate_except(view, parts).scalar_subquery()


HIT: Mapping[str, Any] = {
    "type": sa.Integer(),
    "customer_id": sa.Uuid(),
    "entity_id": sa.Uuid(),
    "score": sa.Integer(),
}
