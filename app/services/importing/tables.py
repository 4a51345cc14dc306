"""The tables that rows can be imported into, and which of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.models import Base
from app.services.uniqueness import UNIQUE_EVERYWHERE
from policies.catalogue import Reference

TABLES: Mapping[str, sa.Table] = {t.name: t for t in Base.metadata.sorted_tables if "resource" in t.info}
SCOPE = ("owner_id", "department_id", "region_id")
"""What a row copies from its customer when it is made, unless the mapping fills it."""
KEPT_BY_US = frozenset({"id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at"})

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def settable(table: sa.Table) -> dict[str, sa.Column[Any]]:
    """The columns that a mapping may fill."""
    return {
        column.name: column
        for column in table.columns
        if column.name not in KEPT_BY_US and "field" in column.info and column.computed is None
    }


def reference_of(column: sa.Column[Any]) -> Reference | None:
    """Where a column points to; None for a column that is no reference."""
    return column.info.get("reference")


def owned(table: sa.Table) -> bool:
    """Whether each row belongs to a customer, whose id is part of its key."""
    return "customer_id" in table.primary_key.columns


def is_unique(column: sa.Column[Any]) -> bool:
    """Whether no two rows have the same value in a column."""
    return bool(column.unique) or f"{column.table.name}.{column.name}" in UNIQUE_EVERYWHERE


def is_tree(table: sa.Table) -> bool:
    """Whether rows have a parent, and a path made of codes."""
    return {"parent_id", "path", "code"} <= set(table.columns.keys())


def default_of(column: sa.Column[Any]) -> str | None:
    """SQL of what the database fills in; None where it fills in nothing."""
    default = column.server_default
    if not isinstance(default, sa.DefaultClause):
        return None
    argument = default.arg
    return f"'{argument}'" if isinstance(argument, str) else str(argument.compile(dialect=_DIALECT))


def sql_type(column: sa.Column[Any]) -> str:
    """The column's type, as in CREATE TABLE."""
    return column.type.compile(dialect=_DIALECT)
