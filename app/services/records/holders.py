"""Who holds a value that only one row of its table may have: asked of the table, and of what the caller sees of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from app.models.constraints import LIVE
from app.services.records.statements import REMEMBERED, ROWS
from app.services.uniqueness import Uniqueness
from policies.access import Access
from policies.catalogue import Resource
from policies.predicates import bound
from policies.statements import Statement, statement
from policies.states import STATE, State


@lru_cache(maxsize=REMEMBERED)
def held(resource: Resource, unique: Uniqueness) -> Statement:
    """The numbers of given rows of which another row of the table, or one given before, has the value."""
    return _clashing(resource, unique, _live(resource.table, unique.among))


@lru_cache(maxsize=REMEMBERED)
def seen(access: Access, resource: Resource, unique: Uniqueness) -> Statement:
    """The same among the rows that the caller sees, with all that matters plain, and those given before."""
    columns = {*unique.columns, *unique.reads} - {"deleted_at"}
    fields = sorted(name for name, field in resource.fields.items() if field.column.name in columns)
    view = access.view(resource, ["id", *fields], fields).subquery("v")
    plain = [view.c[f"{name}__{STATE}"] == sa.literal(State.PLAIN.value) for name in sorted(columns)]
    of_view = None if unique.among is None else unique.among.replace(LIVE, "true")
    return _clashing(resource, unique, _live(view, of_view).where(*plain))


def _live(rows: sa.FromClause, among: str | None) -> sa.Select[Any]:
    found: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(rows)
    return found if among is None else found.where(sa.text(among))


def _given(resource: Resource, unique: Uniqueness, name: str) -> sa.FromClause:
    columns = sorted({"id", *unique.columns, *unique.reads})
    named = [sa.column("n", sa.Integer()), *(sa.column(each, resource.table.c[each].type) for each in columns)]
    rows = sa.func.jsonb_to_recordset(bound(ROWS, JSONB())).table_valued(*named, name=f"{name}_all")
    given = rows.render_derived(with_types=True)
    found: sa.Select[Any] = sa.select(given)
    return (found if unique.among is None else found.where(sa.text(unique.among))).subquery(name)


def _clashing(resource: Resource, unique: Uniqueness, others: sa.Select[Any]) -> Statement:
    mine, before, given = (_given(resource, unique, name) for name in ("m", "b", "g"))
    [rows] = others.get_final_froms()
    elsewhere = others.where(_same(resource, unique, rows, mine), rows.c.id.not_in(sa.select(given.c.id)))
    earlier: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(before).where(before.c.n < mine.c.n)
    twice = earlier.where(_same(resource, unique, before, mine))
    clashes = sa.or_(elsewhere.correlate(mine).exists(), twice.correlate(mine).exists())
    return statement(sa.select(mine.c.n).where(clashes))


def _same(resource: Resource, unique: Uniqueness, one: sa.FromClause, other: sa.FromClause) -> sa.ColumnElement[bool]:
    pairs = ((one.c[name], other.c[name], resource.table.c[name].nullable) for name in unique.columns)
    absent = unique.absent_is_equal
    return sa.and_(*(a.is_not_distinct_from(b) if nullable and absent else a == b for a, b, nullable in pairs))
