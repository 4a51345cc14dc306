"""Change events as SQL, each with the row after it and the row before.

An event knows the row as it left it (`row_after`), and what each field held before. So the row before is known, too: the
row after with the old values in it. What every change moves, and what the database computes, events do not say: it is
NULL in the row before, on which no condition of an allow holds and none of a deny is ruled out.

That a row was deleted is no value of it: a deletion is judged by the row as if it were not, and so is what brought it back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array

from app.models.platform import ChangeEvent
from policies.catalogue import Resource
from policies.predicates import Row
from policies.predicates import literal as name_of
from policies.standing import DELETED

Column = sa.ColumnElement[Any]

NOT_BEFORE = frozenset({"version", "updated_at"})
"""Columns of which events do not say what they held before."""
REMOVING, RESTORING, PARTING, MAKING = ("DELETE", "MERGE"), "RESTORE", "UNMERGE", "CREATE"


def events(name: str) -> sa.FromClause:
    """All events. Nothing of them is shown but what `Telling` makes of it."""
    return ChangeEvent.__table__.alias(name)


@dataclass(frozen=True, slots=True)
class Named:
    """The key of the row that an event is of, by the columns of its own table."""

    event: sa.FromClause

    def __getitem__(self, column: str, /) -> Column:
        return self.event.c[{"id": "entity_id"}.get(column, column)]


def of_row(resource: Resource, event: sa.FromClause, here: Row) -> Sequence[Column]:
    """The conditions of the events of a row."""
    owned = (event.c.customer_id == here["customer_id"],) if resource.owned else ()
    return (event.c.entity == name_of(resource.table.name), event.c.entity_id == here["id"], *owned)


def told_of(resource: Resource, event: sa.FromClause) -> sa.Select[Any]:
    """An event with its two rows; none where it does not hold the row.

    `bare` says whether it tells by itself that the row was taken away or brought back.
    """
    changed, after = _object(event.c.changed), _object(event.c.row_after)
    was_there = event.c.op != name_of(MAKING)
    removed = sa.and_(event.c.op.in_(list(map(name_of, REMOVING))), _has(after, DELETED))
    parted = sa.and_(event.c.op == name_of(PARTING), event.c.merged_id.is_not_distinct_from(event.c.entity_id))
    names = ("seq", "at", "actor", "op", "entity_id", "customer_id")
    return sa.select(
        *(event.c[name] for name in names),
        changed.label("changed"),
        sa.case((removed, after.op("-", return_type=JSONB())(name_of(DELETED))), else_=after).label("row_after"),
        sa.case((was_there, _before(resource, after, changed))).label("row_before"),
        sa.or_(removed, event.c.op == name_of(RESTORING), parted).label("bare"),
    ).where(changed.is_not(None), after.is_not(None))


def _object(document: Column) -> Column:
    """A document that is an object, which alone can be taken for a row; else NULL."""
    return sa.case((sa.func.jsonb_typeof(document) == name_of("object"), document))


def _has(document: Column, name: str) -> Column:
    return sa.func.jsonb_exists(document, name_of(name), type_=sa.Boolean())


def _before(resource: Resource, after: Column, changed: Column) -> Column:
    """The row before: that after, with the old values in it, and without what is not known."""
    columns = {name: field.column.name for name, field in resource.fields.items()}
    names = sa.func.jsonb_each_text(sa.literal_column(f"'{json.dumps(columns)}'::jsonb", JSONB()))
    column = names.table_valued("field", "name", name="c").render_derived()
    computed = {column.name for column in resource.table.columns if column.computed is not None}
    unknown: Any = array([name_of(name) for name in sorted({*computed, *NOT_BEFORE, DELETED})], type_=sa.Text())
    pair = sa.func.jsonb_each(changed).table_valued("key", sa.column("value", JSONB()), name="o").render_derived()
    old = pair.c.value.op("->", return_type=JSONB())(sa.literal_column("0"))
    joined = pair.join(column, pair.c.key == column.c.field)
    olds = sa.select(sa.func.jsonb_object_agg(column.c.name, old)).select_from(joined)
    known = after.op("-", return_type=JSONB())(sa.cast(unknown, ARRAY(sa.Text())))
    none = sa.literal_column("'{}'::jsonb", JSONB())
    return known.op("||", return_type=JSONB())(sa.func.coalesce(olds.scalar_subquery(), none))
