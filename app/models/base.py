"""What every table has, and the constraints and indexes that follow from what its columns declare."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.models.columns import EARLIEST, LATEST, currency, day, decimal, integer, reference, time
from policies.catalogue import DataClass, FieldSpec, Kind, Reference, camel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The one metadata."""

    metadata = sa.MetaData(naming_convention=NAMING)


def _checks(table: sa.Table) -> None:
    """Each column's own check, and the bounds that keep infinities and NaN out."""
    for column in table.columns:
        if check := column.info.get("check"):
            table.append_constraint(sa.CheckConstraint(check.format(column.name), name=column.name))
        if isinstance(column.type, (sa.DateTime, sa.Date)):
            bounds = f"{column.name} BETWEEN '{EARLIEST}' AND '{LATEST}'"
            table.append_constraint(sa.CheckConstraint(bounds, name=f"{column.name}_finite"))
        elif isinstance(column.type, sa.Numeric):
            table.append_constraint(sa.CheckConstraint(f"{column.name} <> 'NaN'", name=f"{column.name}_number"))


def _reference(table: sa.Table, column: sa.Column[Any], to: Reference) -> None:
    names = ["customer_id", column.name] if to.owned else [column.name]
    remote = [f"{to.table}.customer_id", f"{to.table}.id"] if to.owned else [f"{to.table}.id"]
    table.append_constraint(sa.ForeignKeyConstraint(names, remote, use_alter=to.table == table.name))
    if column.name != "customer_id":  # the primary key begins with it
        sa.Index(None, *(table.c[name] for name in names))


class Record(Base):
    """What every row of the graph has: a UUIDv7, a version, and when and by whom it was made and changed."""

    __abstract__ = True
    __resource__: str

    id: Mapped[UUID] = mapped_column(
        sa.Uuid(),
        primary_key=True,
        sort_order=-10,
        comment="Key, UUIDv7.",
        info={"field": FieldSpec(DataClass.PUBLIC, Kind.ID)},
    )
    version: Mapped[int] = integer(
        DataClass.BUSINESS, "Counts the changes of this row, from 1.", server_default="1", sort_order=90
    )
    created_at: Mapped[dt.datetime] = time(
        DataClass.BUSINESS, "When this row was made.", server_default=sa.func.now(), sort_order=91
    )
    created_by: Mapped[UUID | None] = mapped_column(sa.Uuid(), sort_order=92, comment="Who made this row.")
    updated_at: Mapped[dt.datetime] = time(
        DataClass.BUSINESS, "When this row was last changed.", server_default=sa.func.now(), sort_order=93
    )
    updated_by: Mapped[UUID | None] = mapped_column(sa.Uuid(), sort_order=94, comment="Who last changed this row.")
    deleted_at: Mapped[dt.datetime | None] = mapped_column(
        sa.DateTime(timezone=True), sort_order=95, comment="Set when the row was deleted; views leave it out."
    )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("__abstract__"):
            return
        table = cls.__table__
        assert isinstance(table, sa.Table)
        table.info["resource"] = cls.__name__
        table.comment = (cls.__doc__ or "").strip().splitlines()[0]
        _checks(table)
        for column in table.columns:
            if to := column.info.get("reference"):
                _reference(table, column, to)


class CustomerOwned(Record):
    """A row that belongs to one customer, whose id leads its key: one customer lives on one shard."""

    __abstract__ = True

    @declared_attr
    def customer_id(cls) -> Mapped[UUID]:
        return reference(
            "customers",
            DataClass.PUBLIC,
            "The customer this belongs to.",
            back=cls.__dict__.get("__back__", camel(cls.__tablename__)),
            primary_key=True,
            sort_order=-20,
        )


class Scoped(Base):
    """Owner, department and region of a row: what row filters ask, without a join."""

    __abstract__ = True

    @declared_attr
    def owner_id(cls) -> Mapped[UUID | None]:
        plural = camel(cls.__tablename__)
        back = "owned" + plural[:1].upper() + plural[1:]
        return reference("users", DataClass.BUSINESS, "The user answerable for it.", back=back, sort_order=80)

    @declared_attr
    def department_id(cls) -> Mapped[UUID | None]:
        back = camel(cls.__tablename__)
        return reference("departments", DataClass.BUSINESS, "The department it lies with.", back=back, sort_order=81)

    @declared_attr
    def region_id(cls) -> Mapped[UUID | None]:
        back = camel(cls.__tablename__)
        return reference("regions", DataClass.BUSINESS, "The region it lies in.", back=back, sort_order=82)


class Priced(Base):
    """The currency of all a row's amounts, and the rate to the base currency on the business date."""

    __abstract__ = True

    currency: Mapped[str | None] = currency(DataClass.BUSINESS, "Currency of the amounts.", sort_order=70)
    fx_rate: Mapped[Decimal | None] = decimal(
        DataClass.FINANCIAL, "Rate to the base currency, fixed on `fxDate`.", 18, 8, check="{} > 0", sort_order=71
    )
    fx_date: Mapped[dt.date | None] = day(DataClass.FINANCIAL, "Day of the exchange rate.", sort_order=72)
