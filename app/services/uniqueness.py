"""Which values only one record may have: in the whole database, or in its table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

UNIQUE_EVERYWHERE = frozenset(
    {"customers.tax_id", "quotes.number", "contracts.number", "orders.number", "tickets.number"}
)
"""Columns whose values are unique across customers: kept in `unique_keys` under these names."""


@dataclass(frozen=True)
class Uniqueness:
    """Columns of which no two rows, among those of a condition, may hold the same."""

    columns: tuple[str, ...]
    among: str | None
    absent_is_equal: bool
    reads: frozenset[str]
    """The columns of the condition."""


def uniqueness(table: sa.Table) -> Iterator[Uniqueness]:
    """All UNIQUE constraints and unique indexes of a table but its primary key."""
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            yield Uniqueness(_names(constraint.columns), None, False, frozenset())
    for index in table.indexes:
        if index.unique:
            options = index.dialect_options["postgresql"]
            among = None if options["where"] is None else str(options["where"])
            reads = frozenset(named_in(table, among or ""))
            yield Uniqueness(_names(index.columns), among, bool(options["nulls_not_distinct"]), reads)


def _names(columns: Iterable[sa.Column[Any]]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


def named_in(table: sa.Table, sql: str) -> set[str]:
    """The columns of a table that an expression names."""
    return {column.name for column in table.columns if re.search(rf"\b{column.name}\b", sql)}
