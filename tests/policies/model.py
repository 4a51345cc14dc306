"""A small model of its own: to-one, to-many and composite keys, and a field of every kind."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from policies.catalogue import DataClass, FieldSpec, Kind, Reference, Subjects, read_catalogue

PUBLIC, BUSINESS, CONTACT = DataClass.PUBLIC, DataClass.BUSINESS, DataClass.CONTACT
IDENTITY, FINANCIAL, SECRET = DataClass.IDENTITY, DataClass.FINANCIAL, DataClass.SECRET

METADATA = sa.MetaData(schema="small")


class Tier(StrEnum):
    """A closed list."""

    GOLD = "GOLD"
    IRON = "IRON"


def _field(
    name: str, type_: Any, data_class: DataClass | None, kind: Kind, /, *, key: bool = False, **spec: Any
) -> sa.Column[Any]:
    return sa.Column(name, type_, primary_key=key, info={"field": FieldSpec(data_class, kind, **spec)})


def _text(name: str, data_class: DataClass | None, **spec: Any) -> sa.Column[Any]:
    return _field(name, sa.Text(collation="C"), data_class, Kind.TEXT, **spec)


def _flag(name: str = "flag") -> sa.Column[Any]:
    return _field(name, sa.Boolean(), BUSINESS, Kind.BOOLEAN)


def _to(
    table: str, name: str, *, back: str | None, owned: bool = False, key: bool = False, copies: str = ""
) -> sa.Column[Any]:
    column = _field(name, sa.Uuid(), BUSINESS, Kind.ID, key=key, copies=copies)
    column.info["reference"] = Reference(table, back, owned)
    return column


def _id() -> sa.Column[Any]:
    return _field("id", sa.Uuid(), PUBLIC, Kind.ID, key=True)


def _gone(name: str = "deleted_at") -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True))


def _table(resource: str, name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(name, METADATA, *columns, _gone(), info={"resource": resource})


REGIONS = _table(
    "Region",
    "regions",
    _id(),
    _text("name", PUBLIC),
    _field("path", sa.Text(collation="C"), PUBLIC, Kind.TREE),
    _to("regions", "parent_id", back="children"),
    _flag(),
    _text("latest", DataClass.SENSITIVE, sums=("customers.name",)),
)
DEPARTMENTS = _table("Department", "departments", _id(), _text("name", PUBLIC))
USERS = _table(
    "User",
    "users",
    _id(),
    _text("name", PUBLIC),
    _to("users", "manager_id", back="team"),
    _to("regions", "region_id", back="users"),
    _flag(),
)
CUSTOMERS = _table(
    "Customer",
    "customers",
    _id(),
    _to("users", "owner_id", back="customers"),
    _to("regions", "region_id", back="customers"),
    _to("departments", "department_id", back="customers"),
    _text("name", BUSINESS),
    _text("email", CONTACT, scalar="EmailAddress"),
    _text("phone", CONTACT, scalar="PhoneNumber"),
    _text("street", CONTACT, vast=True),
    _text("tax_id", IDENTITY),
    _field("born_on", sa.Date(), IDENTITY, Kind.DATE),
    _field("seen_at", sa.DateTime(timezone=True), BUSINESS, Kind.TIME),
    _field("tier", sa.String(8, collation="C"), BUSINESS, Kind.ENUM, enum=Tier),
    _field("path", sa.Text(collation="C"), BUSINESS, Kind.TREE),
    _field("level", sa.Integer(), BUSINESS, Kind.INTEGER),
    _field("score", sa.Numeric(18, 3), BUSINESS, Kind.DECIMAL),
    _text("currency", BUSINESS, scalar="CurrencyCode"),
    _field("revenue", sa.Numeric(19, 4), FINANCIAL, Kind.MONEY, companions=("currency", "base_revenue")),
    sa.Column("base_revenue", sa.Numeric(19, 4)),
    _field("price", sa.Numeric(19, 4), FINANCIAL, Kind.MONEY, companions=("currency",)),
    _flag("open"),
    _flag("shaded"),
    _flag("barred"),
    _field("extra", JSONB(none_as_null=True), BUSINESS, Kind.JSON),
    _text("secret", SECRET),
    _text("unclassified", None),
    _text("derived", CONTACT, sources=("email",)),
    sa.Column("undeclared", sa.Text()),
    _gone("erased_at"),
)
ORDERS = _table(
    "Order",
    "orders",
    _to("customers", "customer_id", back="orders", key=True),
    _id(),
    _to("users", "owner_id", back="orders"),
    _to("regions", "region_id", back="orders"),
    _text("title", BUSINESS),
    _flag(),
)
LINES = _table(
    "Line",
    "lines",
    _to("customers", "customer_id", back="lines", key=True),
    _id(),
    _to("orders", "order_id", back="lines", owned=True),
    _to("regions", "region_id", back=None, copies="customer.region_id"),
    _text("hint", BUSINESS, sources=("customer.tax_id",)),
    _flag(),
)
NOTES = _table(
    "Note",
    "notes",
    _to("customers", "customer_id", back="notes", key=True),
    _id(),
    _text("about_type", BUSINESS),
    _field("about_id", sa.Uuid(), BUSINESS, Kind.ID),
    _flag(),
)
NOTES.c.about_id.info["subjects"] = Subjects("about", "about_type", (("ORDER", "orders"),), back="notes")
UNLISTED = sa.Table("unlisted", METADATA, sa.Column("id", sa.Uuid(), primary_key=True))

CATALOGUE = read_catalogue(METADATA)
CUSTOMER, ORDER, LINE = CATALOGUE["Customer"], CATALOGUE["Order"], CATALOGUE["Line"]
USER, REGION, DEPARTMENT, NOTE = CATALOGUE["User"], CATALOGUE["Region"], CATALOGUE["Department"], CATALOGUE["Note"]
