"""What every table has, and the constraints and indexes that follow from what its columns declare."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.models.columns import (
    BUSINESS,
    CONTACT,
    FINANCIAL,
    IDENTITY,
    PUBLIC,
    SECRET,
    SENSITIVE,
    currency,
    day,
    decimal,
    document,
    integer,
    reference,
    time,
)
from app.models.constraints import constrain
from policies.catalogue import FieldSpec, Kind, camel

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


class Record(Base):
    """What every row of the graph has: a UUIDv7, a version, and when and by whom it was made and changed."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(
        sa.Uuid(),
        primary_key=True,
        sort_order=-10,
        doc="Key, UUIDv7.",
        comment="Key, UUIDv7.",
        info={"field": FieldSpec(PUBLIC, Kind.ID)},
    )
    version: Mapped[int] = integer(
        BUSINESS,
        "Counts the changes of this row, from 1.",
        check="{} > 0",
        server_default=sa.text("1"),
        sort_order=90,
        managed=True,
    )
    created_at: Mapped[dt.datetime] = time(
        BUSINESS, "When this row was made.", server_default=sa.func.now(), sort_order=91, managed=True
    )
    created_by: Mapped[UUID | None] = mapped_column(sa.Uuid(), sort_order=92, comment="Who made this row.")
    updated_at: Mapped[dt.datetime] = time(
        BUSINESS, "When this row was last changed.", server_default=sa.func.now(), sort_order=93, managed=True
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
        constrain(table)


class CustomerOwned(Record):
    """A row that belongs to one customer, whose id leads its key: one customer lives on one shard.

    `__back__` names the customer's list of them where that is not the table's name.
    """

    __abstract__ = True

    @declared_attr
    def customer_id(cls) -> Mapped[UUID]:
        return reference(
            "customers",
            PUBLIC,
            "The customer this belongs to.",
            back=cls.__dict__.get("__back__", camel(cls.__tablename__)),
            primary_key=True,
            sort_order=-20,
        )


class Placed(Base):
    """Department and region of a row: what row filters ask, without a join."""

    __abstract__ = True

    @declared_attr
    def department_id(cls) -> Mapped[UUID | None]:
        back, copies = camel(cls.__tablename__), _copied(cls, "department_id")
        return reference(
            "departments", BUSINESS, "The department it lies with.", back=back, copies=copies, sort_order=81
        )

    @declared_attr
    def region_id(cls) -> Mapped[UUID | None]:
        back, copies = camel(cls.__tablename__), _copied(cls, "region_id")
        return reference("regions", BUSINESS, "The region it lies in.", back=back, copies=copies, sort_order=82)


class Scoped(Placed):
    """Owner, department and region of a row."""

    __abstract__ = True

    @declared_attr
    def owner_id(cls) -> Mapped[UUID | None]:
        plural = camel(cls.__tablename__)
        back, copies = "owned" + plural[:1].upper() + plural[1:], _copied(cls, "owner_id")
        return reference("users", BUSINESS, "The user answerable for it.", back=back, copies=copies, sort_order=80)


class Following(Scoped):
    """Owner, department and region that are always those of the row's customer."""

    __abstract__ = True


def _copied(cls: object, column: str) -> str:
    return f"customer.{column}" if isinstance(cls, type) and issubclass(cls, Following) else ""


class Extended(Base):
    """Custom fields, by key: those of each data class in a column of that class, so that rights to them are rights to columns.

    Those whose definition has no class are in a column `custom` of the table, which is granted to nobody.
    """

    __abstract__ = True

    custom_public: Mapped[dict[str, Any] | None] = document(PUBLIC, "Public custom fields, by key.", sort_order=101)
    custom_business: Mapped[dict[str, Any] | None] = document(
        BUSINESS, "Custom fields of the course of business, by key.", sort_order=102
    )
    custom_contact: Mapped[dict[str, Any] | None] = document(
        CONTACT, "Custom fields of how someone is reached, by key.", sort_order=103
    )
    custom_identity: Mapped[dict[str, Any] | None] = document(
        IDENTITY, "Custom fields of who someone is, by key.", sort_order=104
    )
    custom_financial: Mapped[dict[str, Any] | None] = document(
        FINANCIAL, "Custom fields of amounts and costs, by key.", sort_order=105
    )
    custom_sensitive: Mapped[dict[str, Any] | None] = document(
        SENSITIVE, "Custom fields of what harms when known, by key.", sort_order=106
    )
    custom_secret: Mapped[dict[str, Any] | None] = document(
        SECRET, "Custom fields that nobody is shown, by key.", sort_order=107
    )


class Priced(Base):
    """The currency of all a row's amounts, and the rate to the base currency on the business date."""

    __abstract__ = True

    currency: Mapped[str | None] = currency(BUSINESS, "Currency of the amounts.", sort_order=70)
    fx_rate: Mapped[Decimal | None] = decimal(
        FINANCIAL, "Rate to the base currency, fixed on `fxDate`.", 18, 8, check="{} > 0", sort_order=71, managed=True
    )
    fx_date: Mapped[dt.date | None] = day(FINANCIAL, "Day of the exchange rate.", sort_order=72, managed=True)
