"""Tables as they were at a moment, in the place of tables as they are.

Before a statement stand relations of the names of the tables that it reads (WITH), so that it reads these, and is for the
rest the text that it always is: views, grounds and masks are compiled by nothing else than they are for the present.

A row was at a moment

    1  what it is, if it was last changed before
    2  what the last event up to then left
    3  what it was before the first event later than that

A change counts from the very moment of its event. `c360_known` says whether that is certain: each change counts up a
row's version, so where a number is left out between two events, or before the first, something was changed of
which no event tells (an import), or whose event is no more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from app.models.catalogue import CATALOGUE
from policies.catalogue import Resource
from policies.past import MOMENT
from policies.standing import DELETED
from policies.statements import Statement

KNOWN = "c360_known"
"""Column that says whether it is certain how a row was."""

_BY_TABLE = {resource.table.name: resource for resource in CATALOGUE}
_NAME = re.compile(r"\b[a-z_]+\b")
_UNTOLD = ("version", "updated_at", DELETED)
"""Columns of which an event does not say what they held before."""


def as_they_were(asked: Statement) -> Statement:
    """The statement over tables as they were at `MOMENT`."""
    assert asked.sql.startswith("SELECT")
    found = set(_NAME.findall(asked.sql)) & set(_BY_TABLE)
    moment = f"${len(asked.operands) + 1}::timestamptz"
    if not found:
        return asked
    return Statement(f"WITH {relations(sorted(found), moment)} {asked.sql}", (*asked.operands, MOMENT))


def relations(tables: Iterable[str], moment: str, *, kept: bool = False) -> str:
    """What stands behind WITH, of some tables; `kept`: each is made once, and whole."""
    how = "MATERIALIZED" if kept else "NOT MATERIALIZED"
    return ", ".join(f"{name} AS {how} ({_relation(_BY_TABLE[name], moment)})" for name in tables)


def _relation(resource: Resource, moment: str) -> str:
    """A table as it was. It is named with its schema: a name without one would mean the relation."""
    table = resource.table
    if "updated_at" not in table.c:  # what is never changed
        return f"SELECT t.*, true AS {KNOWN} FROM public.{table.name} t WHERE t.at <= {moment}"
    return f"""
        SELECT t.id, {", ".join(_columns(table))},
            coalesce(t.updated_at <= {moment} OR n.version = coalesce(l.version, 1) + 1, false) AS {KNOWN}
        FROM public.{table.name} t
        LEFT JOIN LATERAL ({_event(table, f"e.at <= {moment}", "DESC")}) l ON t.updated_at > {moment}
        LEFT JOIN LATERAL ({_event(table, "e.seq > coalesce(l.seq, 0)", "ASC")}) n ON t.updated_at > {moment}
        CROSS JOIN LATERAL (
            SELECT CASE WHEN l.seq IS NOT NULL THEN l.row_after WHEN n.seq IS NOT NULL THEN {_before(resource)} END AS row
        ) w
        CROSS JOIN LATERAL jsonb_populate_record(CASE WHEN w.row IS NULL THEN t END, coalesce(w.row, '{{}}')) AS r
        WHERE t.created_at <= {moment} AND NOT (l.seq IS NULL AND coalesce(n.op = 'CREATE', false))"""


def _columns(table: sa.Table) -> Iterator[str]:
    """The other columns; what the database computes is computed anew."""
    names = re.compile(rf"\b({'|'.join(column.name for column in table.columns)})\b")
    for column in table.columns:
        if column.computed is not None:
            anew = names.sub(r"r.\1", str(column.computed.sqltext))
            yield f"{anew} AS {column.name}"
        elif column.name != "id":
            yield f'r."{column.name}"'


def _event(table: sa.Table, which: str, order: str) -> str:
    """The first or last of some events of a row."""
    return f"""
            SELECT e.seq, e.op, e.changed, o.row_after, (o.row_after ->> 'version')::int AS version,
                e.op = 'RESTORE' OR e.op = 'UNMERGE' AND e.merged_id IS NOT DISTINCT FROM e.entity_id AS back
            FROM public.change_events e
            CROSS JOIN LATERAL (
                SELECT CASE jsonb_typeof(e.row_after) WHEN 'object' THEN e.row_after END AS row_after
            ) o
            WHERE e.entity = '{table.name}' AND e.entity_id = t.id AND {which}
            ORDER BY e.seq {order} LIMIT 1"""


def _before(resource: Resource) -> str:
    """The row before an event: that after it, with the old values in it. What was brought back was gone."""
    names = json.dumps({name: field.column.name for name, field in resource.fields.items()})
    computed = (column.name for column in resource.table.columns if column.computed is not None)
    untold = ", ".join(f"'{name}'" for name in (*_UNTOLD, *computed))
    return f"""n.row_after - ARRAY[{untold}] || coalesce((
                SELECT jsonb_object_agg(c.name, o.value -> 0)
                FROM jsonb_each(n.changed) o JOIN jsonb_each_text('{names}') c (field, name) ON c.field = o.key
            ), '{{}}') || jsonb_build_object('version', n.version - 1, 'updated_at', t.created_at,
                '{DELETED}', CASE WHEN n.back THEN t.created_at END)"""
