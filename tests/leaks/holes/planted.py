"""What planted mistakes have in common: tables in the place of views. Nothing of the product knows this module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from policies.catalogue import Relation, Resource
from policies.conditions import Condition
from policies.predicates import Compiler, Row, companion, joins


def table(resource: Resource) -> sa.Subquery:
    """All rows of a resource's table that are not deleted, with every column and companion as it is stored."""
    stored = resource.table.alias()
    companions = [
        stored.c[name].label(companion(field.column.name, name))
        for field in resource.fields.values()
        for name in field.spec.companions
    ]
    return sa.select(*stored.c, *companions).where(stored.c.deleted_at.is_(None)).subquery()


def related(resource: Resource, relation: Relation | None, here: Row | None) -> sa.Subquery:
    """Those rows of a table that a connection is about, visible or not."""
    rows = table(resource)
    if relation is None or here is None:
        return rows
    return sa.select(rows).where(joins(relation, here, rows.c)).correlate_except(rows).subquery()


def value(resource: Resource, row: Row, column: str) -> sa.ColumnElement[Any]:
    """What the table holds in a column of a row of a view."""
    rows = table(resource)
    return sa.select(rows.c[column]).where(rows.c.id == row["id"]).correlate_except(rows).scalar_subquery()


def met(compiler: Compiler, condition: Condition, resource: Resource, row: Row) -> sa.ColumnElement[bool]:
    """Whether what the table holds of a row of a view meets a condition."""
    rows = table(resource)
    holds = compiler.predicate(condition, resource, rows.c)
    asked: sa.Select[Any] = sa.select(sa.literal_column("1")).where(rows.c.id == row["id"], holds)
    return asked.correlate_except(rows).exists()


@dataclass(frozen=True)
class Bare:
    """A row of a view with all values as they are stored."""

    resource: Resource
    row: Row

    def __getitem__(self, column: str, /) -> sa.ColumnElement[Any]:
        return value(self.resource, self.row, column) if column in table(self.resource).c else self.row[column]


def tells_no_rights(selected: Sequence[Any]) -> bool:
    """Whether a table can answer a selection: it says nothing of `access`."""
    return all(item.name != "access" for item in selected)
