"""`duplicateCandidates`: pairs of customers that a search found, from the data quality issues in view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
import strawberry

from graphql_schema import ids
from graphql_schema.building import EntityTypes
from graphql_schema.compiler import cursors
from graphql_schema.compiler.connections import AT_ROOT, bounded
from graphql_schema.compiler.pages import Listing, leaf
from graphql_schema.compiler.parts import TYPENAME, Needs, few
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import NotReadable, Term, key_terms
from graphql_schema.duplicates.evidence import evidence
from graphql_schema.duplicates.types import STATUS, connection
from graphql_schema.entities import Computed, Entity, Graph
from graphql_schema.making import Part, maybe
from policies.access import Access
from policies.predicates import Row, literal

Column = sa.ColumnElement[Any]

NAME, ISSUE = "duplicateCandidates", "DataQualityIssue"
STANDS_FOR = {"OPEN": "OPEN", "DISMISSED": "DISMISSED", "ACCEPTED": "MERGED"}
"""By status of an issue, what it says of the pair. One that is FIXED says nothing: the two are no longer alike."""


@dataclass(frozen=True)
class _Candidates(Listing):
    reader: Reader

    default = AT_ROOT

    @property
    def entity(self) -> Entity:
        return self.reader.graph[ISSUE]

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        score = self.entity.resource.fields["score"].column.type
        return (Term("score", "score", score, True, False, True), *key_terms(self.entity, descending=True))

    def _cursor(self, name: str) -> list[Column] | None:
        given = leaf(self.selected, name)
        place = (*self.selected.place, name)
        return cursors.operands(given.operand, self.terms, NAME, place) if given else None

    @property
    def operands(self) -> list[Column]:
        _ = self._rows()
        return [column for name in ("after", "before") for column in self._cursor(name) or ()]

    def _rows(self) -> tuple[sa.Subquery, Column]:
        """The issues in view, and which of them are pairs that are asked for. Raises NotReadable."""
        readable = self.reader.access.on(self.entity.resource).readable
        asked, place = leaf(self.selected, "status"), (*self.selected.place, "status")
        if asked and self.reader.access.on(self.entity.resource).visible and "status" not in readable:
            raise NotReadable(ISSUE, "status", place)
        needs = Needs({"kind", "status", "score", "evidence", "customer", "otherCustomer"})
        view = self.reader.view(self.entity.resource, needs)
        meant = [name for name, told in STANDS_FOR.items() if asked is None or told == asked.value.value]
        return view, sa.and_(
            view.c.kind == literal("DUPLICATE"), sa.or_(*(view.c.status == literal(name) for name in meant))
        )

    def total(self) -> Column:
        view, holds = self._rows()
        return sa.select(sa.func.count()).select_from(view).where(holds).correlate_except(view).scalar_subquery()

    def limited(self, wanted: Sequence[Selected]) -> sa.Subquery:
        view, holds = self._rows()
        columns = [self._pair(item, view.c).label(f"n{i}") for i, item in enumerate(wanted)]
        between = [
            cursors.beyond(self.terms, view.c, cursor, after=name == "after")
            for name in ("after", "before")
            if (cursor := self._cursor(name)) is not None
        ]
        place: Column = cursors.expression(self.terms, NAME, view.c).label("cursor")
        found = (
            sa.select(*[place, *columns])
            .select_from(view)
            .where(holds, *between)
            .order_by(*self._ordered(view.c))
            .limit(self.most)
            .correlate_except(view)
        )
        return bounded(self.reader, found, self.selected, more=1)

    def _ordered(self, row: Row) -> list[Column]:
        """The surest first; those without a score last."""
        columns = [row[term.column] for term in self.terms]
        if self.backward:
            return [column.asc().nulls_first() for column in columns]
        return [column.desc().nulls_last() for column in columns]

    def behind(self) -> Column:
        name = "before" if self.backward else "after"
        cursor = self._cursor(name)
        if cursor is None:
            return sa.false()
        view, holds = self._rows()
        outside = sa.not_(cursors.beyond(self.terms, view.c, cursor, after=not self.backward))
        return sa.select(sa.literal_column("1")).select_from(view).where(holds, outside).correlate_except(view).exists()

    def _pair(self, item: Selected, row: Row) -> Column:
        return few([(child, self._part(child, row)) for child in item.children()])

    def _part(self, child: Selected, row: Row) -> Column:
        sides = {"customer": row["customer_id"], "other": row["other_customer_id"]}
        if child.name in sides:
            customers, key = self.reader.graph["Customer"], sides[child.name]
            return self.reader.one(customers, child.children(), lambda there: there["id"] == key)
        if child.name == "evidence":
            return evidence(self.reader, child, row["evidence"], *sides.values())
        values: Mapping[str, Column] = {
            "id": ids.expression(self.entity.tag, row["id"], row["customer_id"]),
            "score": sa.cast(sa.func.trunc(row["score"]), sa.Integer()),
            "status": _status(row),
            TYPENAME: literal(child.parent.name),
        }
        return values[child.name]


def _status(row: Row) -> Column:
    return sa.case(*((row["status"] == literal(name), literal(told)) for name, told in STANDS_FOR.items()))


def _part(types: Mapping[str, EntityTypes]) -> Part:
    return Part(
        NAME,
        maybe(connection(types["Customer"].object, strawberry.ID)),
        "Pairs of customers that may be one, as the search for duplicates found them, the surest first.",
        (
            Part("status", maybe(STATUS), "Only those of which this became."),
            Part("first", maybe(int), f"How many, from the surest: 1 to 100, {AT_ROOT} where nothing is said."),
            Part("after", maybe(str), "Only what comes after this cursor."),
            Part("last", maybe(int), "How many, from the least sure: 1 to 100."),
            Part("before", maybe(str), "Only what comes before this cursor."),
        ),
    )


def _shown(graph: Graph, access: Access) -> bool:
    on = access.on(graph[ISSUE].resource)
    seen = access.on(graph["Customer"].resource).visible
    return seen and on.visible and on.readable.issuperset({"kind", "status"})


CANDIDATES = Computed(NAME, _part, lambda reader, selected, _row: _Candidates(reader, selected).json(), _shown)
