"""Whether a row is found: each word of the query in some field that is plain for the caller on that very row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.parts import Reads
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Entity
from graphql_schema.searching.sought import Sought, sought, words
from graphql_schema.searching.tokens import candidates, computed, is_key_of, labels, tokens_of
from policies.access import State
from policies.catalogue import Field
from policies.predicates import Row, bound, companion
from policies.predicates import literal as constant
from policies.states import STATE

Column = sa.ColumnElement[Any]


def asked(tree: object, place: Place) -> Column:
    """The words that an argument asks for, as a parameter. Raises BadInput for null."""
    if not isinstance(tree, Leaf):
        raise BadInput("null is nothing to search for; leave it out", place)
    return bound(Converted(tree.operand, words, place), sa.Text())


@dataclass(frozen=True)
class Matching:
    """Finds rows of one entity by the words asked for."""

    reader: Reads
    entity: Entity
    asked: Column

    @cached_property
    def sought(self) -> Sought:
        """The fields that are searched."""
        return sought(self.reader.access, self.entity.resource)

    @property
    def states(self) -> set[str]:
        """The fields whose state a view must tell."""
        return {field.name for field in self.sought.sometimes}

    def check(self, place: Place) -> None:
        """Raises NotReadable where rows can be seen, but none of the fields that are searched is ever plain."""
        self.reader.check(self.asked)
        if self.reader.access.on(self.entity.resource).visible and not self.sought:
            raise NotReadable(self.entity.name, "search", place)

    def candidates(self, name: str) -> sa.FromClause:
        """The keys of rows that have the words in fields that may be plain."""
        return candidates(self.asked, self.sought.fields, name)

    def among(self, row: Row) -> Column:
        """Whether a row of the view is found."""
        if not self.sought:
            return sa.false()
        found = self.candidates(self.reader.name("f"))
        key: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(found)
        resource = self.entity.resource
        is_candidate = key.where(is_key_of(resource, row, found.c)).correlate_except(found).exists()
        if not self.sought.sometimes:
            return is_candidate
        tokens, own = tokens_of(resource, row, self.reader.name("t"))
        verified: sa.Select[Any] = (
            sa.select(sa.literal_column("1")).select_from(tokens).where(own, self.holds(tokens.c, row))
        )
        return sa.and_(is_candidate, verified.correlate_except(tokens).exists())

    def holds(self, tokens: Row, row: Row) -> Column:
        """Whether a candidate has each word in a field that is plain on it."""
        sometimes, always = self.sought.sometimes, self.sought.always
        if not sometimes:
            return sa.true()
        word_by_word = sa.and_(sa.or_(*(plain(field, row) for field in sometimes)), self._each_word(tokens, row))
        if not always:
            return word_by_word
        whole = tokens["tokens"].op("@@")(computed("search_query", self.asked, labels(always)))
        return sa.or_(whole, word_by_word)

    def _each_word(self, tokens: Row, row: Row) -> Column:
        """No word is missing; there is one, since the row is a candidate."""
        groups: list[Sequence[Field]] = [[field] for field in self.sought.sometimes]
        conditions = [plain(field, row) for field in self.sought.sometimes]
        if self.sought.always:
            groups.append(self.sought.always)
            conditions.append(sa.true())
        queries = [computed("search_queries", self.asked, labels(group)) for group in groups]
        names = [f"q{i}" for i in range(len(groups))]
        each = sa.func.unnest(*queries).table_valued(*names, name=self.reader.name("w")).render_derived()
        parts = (
            sa.and_(condition, tokens["tokens"].op("@@")(each.c[name]))
            for condition, name in zip(conditions, names, strict=True)
        )
        missing: sa.Select[Any] = (
            sa.select(sa.literal_column("1")).select_from(each).where(sa.or_(*parts).is_not(sa.true()))
        )
        return sa.not_(missing.correlate_except(each).exists())


def plain(field: Field, row: Row) -> Column:
    """Whether a field is plain on a row of the view."""
    return row[companion(field.column.name, STATE)] == constant(State.PLAIN.value)
