"""The tokens of rows. What is read here says which rows may be found; whether they are, their views say.

A lookup in the index comes first, as an array of keys. Of the array's length the planner assumes little, and so it
looks each key up, rather than read the whole table that the keys belong to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array

from app import models
from graphql_schema.searching.sought import label
from policies.catalogue import Field, Resource
from policies.predicates import Row
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]


class _Key(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "search_key"


def _tokens(name: str | None = None) -> sa.FromClause:
    return models.SearchTokens.__table__.alias(name)


def computed(function: str, *arguments: Column) -> Column:
    """A function of the query, computed once for the statement."""
    return sa.select(getattr(sa.func, function)(*arguments)).scalar_subquery()


def labels(fields: Sequence[Field]) -> Column:
    """The labels of fields."""
    return array([constant(label(field)) for field in fields], type_=sa.Text())


def candidates(asked: Column, fields: Sequence[Field], name: str) -> sa.FromClause:
    """The keys of rows that have every word in one of some fields: `customer_id` and `entity_id`."""
    tokens = _tokens()
    key = sa.cast(sa.func.row(tokens.c.customer_id, tokens.c.entity_id), _Key())
    holds = tokens.c.tokens.op("@@")(computed("search_query", asked, labels(fields)))
    found = sa.select(sa.func.array_agg(key)).select_from(tokens).where(holds).scalar_subquery()
    columns = (sa.column("customer_id", sa.Uuid()), sa.column("entity_id", sa.Uuid()))
    return sa.func.unnest(found).table_valued(*columns, name=name).render_derived()


def tokens_of(resource: Resource, row: Row, name: str) -> tuple[sa.FromClause, Column]:
    """The tokens, and the condition by which they are those of a row."""
    tokens = _tokens(name)
    return tokens, sa.and_(is_key_of(resource, row, tokens.c), tokens.c.entity == constant(resource.table.name))


def is_key_of(resource: Resource, row: Row, key: Row) -> Column:
    """Whether a key is that of a row."""
    return sa.and_(*(row[own] == key[theirs] for own, theirs in zip(keys(resource), KEY, strict=True)))


KEY = ("customer_id", "entity_id")


def keys(resource: Resource) -> tuple[str, str]:
    """The columns of a resource that a key holds: a row that no customer owns stands in both places."""
    return ("customer_id" if resource.owned else "id", "id")
