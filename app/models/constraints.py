"""Constraints and indexes: those that follow from what columns declare, and the forms that tables repeat."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import sqlalchemy as sa

from app.models.columns import EARLIEST, LATEST
from policies.catalogue import FieldSpec, Kind, Reference

LIVE = "deleted_at IS NULL"


def newest_first(column: str) -> sa.Index:
    """Serves a customer's rows ordered by a time, newest or oldest first."""
    return sa.Index(None, "customer_id", column, "id")


def one_per(*columns: str, among: str = LIVE, name: str | None = None) -> sa.Index:
    """At most one row for each combination of columns (absent equals absent) among the rows of a condition."""
    return sa.Index(name, *columns, unique=True, postgresql_where=sa.text(among), postgresql_nulls_not_distinct=True)


def ordered(*columns: str) -> sa.CheckConstraint:
    """Values that may not go down from one column to the next; absent ones are left out."""
    pairs = [f"{later} >= {earlier}" for earlier, later in pairwise(columns)]
    return sa.CheckConstraint(" AND ".join(pairs), name="_".join(columns), info={"ordered": columns})


def constrain(table: sa.Table) -> None:
    """Add to a table all that its columns' declarations imply."""
    for check in (*_declared(table), *_bounds(table), *_money(table)):
        table.append_constraint(check)
    for column in table.columns:
        if to := column.info.get("reference"):
            _refer(table, column, to)


def _declared(table: sa.Table) -> Iterator[sa.CheckConstraint]:
    for column in table.columns:
        if check := column.info.get("check"):
            yield sa.CheckConstraint(check.format(column.name), name=column.name)


def _bounds(table: sa.Table) -> Iterator[sa.CheckConstraint]:
    """Keep infinities and NaN out."""
    for column in table.columns:
        if isinstance(column.type, (sa.DateTime, sa.Date)):
            zone = " 00:00+00" if isinstance(column.type, sa.DateTime) else ""
            bounds = f"{column.name} BETWEEN '{EARLIEST}{zone}' AND '{LATEST}{zone}'"
            yield sa.CheckConstraint(bounds, name=f"{column.name}_finite")
        elif isinstance(column.type, sa.Numeric):
            yield sa.CheckConstraint(f"{column.name} <> 'NaN'", name=f"{column.name}_number")


def _money(table: sa.Table) -> Iterator[sa.CheckConstraint]:
    """An amount needs a currency, a rate its day."""
    amounts = [column.name for column in table.columns if _kind(column) is Kind.MONEY]
    if amounts and table.c.currency.nullable:
        yield sa.CheckConstraint(f"currency IS NOT NULL OR num_nonnulls({', '.join(amounts)}) = 0", name="has_currency")
    if "fx_rate" in table.c:
        yield sa.CheckConstraint("(fx_rate IS NULL) = (fx_date IS NULL)", name="fx_complete")


def _kind(column: sa.Column[object]) -> Kind | None:
    spec: FieldSpec | None = column.info.get("field")
    return spec.kind if spec else None


def _refer(table: sa.Table, column: sa.Column[object], to: Reference) -> None:
    names = ["customer_id", column.name] if to.owned else [column.name]
    remote = [f"{to.table}.customer_id", f"{to.table}.id"] if to.owned else [f"{to.table}.id"]
    table.append_constraint(sa.ForeignKeyConstraint(names, remote, use_alter=column.info.get("cyclic", False)))
    if not column.primary_key:
        sa.Index(None, *(table.c[name] for name in names))
