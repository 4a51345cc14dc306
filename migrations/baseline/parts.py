"""The words the baseline is written in. Frozen: later migrations do not use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

ID, INT, LONG, FLAG = sa.Uuid(), sa.Integer(), sa.BigInteger(), sa.Boolean()
TIME, DAY = sa.DateTime(timezone=True), sa.Date()
MONEY, RATE, QUANTITY, PERCENT = sa.Numeric(19, 4), sa.Numeric(18, 8), sa.Numeric(18, 3), sa.Numeric(5, 2)
JSON, BYTES = postgresql.JSONB(none_as_null=True), sa.LargeBinary()
TEXT = sa.Text(collation="C")


@dataclass(frozen=True)
class Reference:
    """A foreign key and the index that serves it."""

    columns: tuple[str, ...]
    target: str
    remote: tuple[str, ...] = ("id",)

    def constraint(self, table: str) -> sa.ForeignKeyConstraint:
        """The foreign key of a table."""
        remote = [f"{self.target}.{column}" for column in self.remote]
        return sa.ForeignKeyConstraint([*self.columns], remote, name=op.f(f"fk_{table}_{'_'.join(self.columns)}"))


Named = Callable[[str], sa.Constraint]
Item = sa.Column[Any] | Reference | Named


def text(size: int) -> sa.String:
    """A text of at most so many characters, ordered by code points."""
    return sa.String(size, collation="C")


def given(name: str, type_: sa.types.TypeEngine[Any], comment: str, default: str | None = None) -> sa.Column[Any]:
    """A column that is never NULL. `default` is SQL."""
    return sa.Column(name, type_, nullable=False, comment=comment, server_default=sa.text(default) if default else None)


def maybe(name: str, type_: sa.types.TypeEngine[Any], comment: str) -> sa.Column[Any]:
    """A column that may be NULL."""
    return sa.Column(name, type_, nullable=True, comment=comment)


def base_of(amount: str) -> sa.Column[Any]:
    """An amount in the base currency."""
    computed = sa.Computed(f"round({amount} * fx_rate, 4)", persisted=True)
    comment = f"`{amount}` in the base currency, at the row's own rate."
    return sa.Column(f"base_{amount}", MONEY, computed, nullable=True, comment=comment)


def check(name: str, condition: str) -> Named:
    """A CHECK."""
    return lambda table: sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def one_of(column: str, values: str) -> Named:
    """A CHECK that a column holds one of the values, given with spaces between."""
    return check(column, f"{column} IN ({', '.join(repr(value) for value in values.split())})")


def unique(*columns: str) -> Named:
    """A UNIQUE."""
    return lambda table: sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def refers(column: str, target: str) -> Reference:
    """A reference to a row of any table that is not a customer's."""
    return Reference((column,), target)


def owned(column: str, target: str) -> Reference:
    """A reference to a row of the same customer."""
    return Reference(("customer_id", column), target, ("customer_id", "id"))


def key(*, of_customer: bool = False) -> tuple[Item, ...]:
    """The columns of the primary key."""
    customer = given("customer_id", ID, "The customer this belongs to.")
    return (*([customer] if of_customer else []), given("id", ID, "Key, UUIDv7."))


def place() -> tuple[Item, ...]:
    """Department and region."""
    return (
        maybe("department_id", ID, "The department it lies with."),
        maybe("region_id", ID, "The region it lies in."),
        refers("department_id", "departments"),
        refers("region_id", "regions"),
    )


def scope() -> tuple[Item, ...]:
    """Owner, department and region."""
    return (maybe("owner_id", ID, "The user answerable for it."), refers("owner_id", "users"), *place())


def record() -> tuple[Item, ...]:
    """Version, and when and by whom it was made, changed and deleted."""
    return (
        given("version", INT, "Counts the changes of this row, from 1.", "1"),
        given("created_at", TIME, "When this row was made.", "now()"),
        maybe("created_by", ID, "Who made this row."),
        given("updated_at", TIME, "When this row was last changed.", "now()"),
        maybe("updated_by", ID, "Who last changed this row."),
        maybe("deleted_at", TIME, "Set when the row was deleted; views leave it out."),
        check("version", "version > 0"),
    )


def _bounds(columns: list[sa.Column[Any]]) -> Iterator[Named]:
    """Keep infinities and NaN out."""
    for column in columns:
        if isinstance(column.type, sa.DateTime):
            bounds = "BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'"
            yield check(f"{column.name}_finite", f"{column.name} {bounds}")
        elif isinstance(column.type, sa.Date):
            yield check(f"{column.name}_finite", f"{column.name} BETWEEN '0001-01-02' AND '9999-12-30'")
        elif isinstance(column.type, sa.Numeric):
            yield check(f"{column.name}_number", f"{column.name} <> 'NaN'")


def create(table: str, comment: str, *items: Item, primary_key: tuple[str, ...] | None = None) -> None:
    """Create a table and the indexes that serve its references. The key is (customer_id, id) or (id) unless given."""
    columns = [item for item in items if isinstance(item, sa.Column)]
    references = [item for item in items if isinstance(item, Reference)]
    named = [item for item in items if not isinstance(item, (sa.Column, Reference))]
    of_customer = primary_key is None and columns[0].name == "customer_id"
    op.create_table(
        table,
        *columns,
        sa.PrimaryKeyConstraint(
            *primary_key or (("customer_id", "id") if of_customer else ("id",)), name=op.f(f"pk_{table}")
        ),
        *(make(table) for make in (*named, *_bounds(columns))),
        *(reference.constraint(table) for reference in references),
        *([refers("customer_id", "customers").constraint(table)] if of_customer else []),
        comment=comment,
    )
    indexes(table, *(reference.columns for reference in references))


def indexes(table: str, *each: tuple[str, ...]) -> None:
    """Create indexes."""
    for columns in each:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, [*columns])


def one_per(table: str, *columns: str, among: str = "deleted_at IS NULL", name: str | None = None) -> None:
    """Create a unique index among the rows that fulfil a condition; absent equals absent."""
    op.create_index(
        op.f(name or f"ix_{table}_{'_'.join(columns)}"),
        table,
        [*columns],
        unique=True,
        postgresql_where=sa.text(among),
        postgresql_nulls_not_distinct=True,
    )


def drop(*tables: str) -> None:
    """Drop tables, the last first."""
    for table in reversed(tables):
        op.drop_table(table)
