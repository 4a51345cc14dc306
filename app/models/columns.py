"""Columns that say what they are: one function for each kind of value.

Each takes the data class and a description written for the API's caller, which serves as the
GraphQL description and the database comment alike. Whether a column may be NULL is read
from its annotation (`Mapped[str | None]`). `check` is SQL in which `{}` stands for the column; `managed` columns are kept
by the system, and set by no caller.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import MappedColumn, mapped_column

from policies.catalogue import DataClass, FieldSpec, Kind, Reference, Searched

EARLIEST, LATEST = "0001-01-02", "9999-12-30"
"""Bounds of every stored day and time, so that no arithmetic on them can overflow (half the totality law)."""

NAME, CODE, LINE = 200, 64, 500

PUBLIC, BUSINESS, CONTACT = DataClass.PUBLIC, DataClass.BUSINESS, DataClass.CONTACT
IDENTITY, FINANCIAL = DataClass.IDENTITY, DataClass.FINANCIAL
SENSITIVE, SECRET = DataClass.SENSITIVE, DataClass.SECRET

E164 = r"^\+[1-9][0-9]{1,14}$"
"""The form of a telephone number, ITU-T E.164."""


def _column(
    type_: sa.types.TypeEngine[Any], spec: FieldSpec, doc: str, *, check: str | None = None, **options: Any
) -> MappedColumn[Any]:
    spec = replace(spec, managed=options.pop("managed", False), sums=options.pop("sums", ()))
    info = {"field": spec, "check": check, **options.pop("info", {})}
    return mapped_column(type_, info=info, comment=doc, doc=doc, **options)


def text(data_class: DataClass | None, doc: str, *, size: int | None = NAME, **options: Any) -> MappedColumn[Any]:
    """A line of text of at most `size` characters; `size=None` for text of any length.

    `searched` makes its words findable: a migration has the triggers write them.
    """
    scalar: str | None = options.pop("scalar", None)
    sources: tuple[str, ...] = options.pop("sources", ())
    searched: Searched | None = options.pop("searched", None)
    vast = scalar in (None, "EmailAddress") and (size is None or size >= NAME)
    type_ = sa.Text(collation="C") if size is None else sa.String(size, collation="C")
    spec = FieldSpec(data_class, Kind.TEXT, scalar, sources=sources, vast=vast, searched=searched)
    return _column(type_, spec, doc, **options)


def email(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """An e-mail address, stored in lower case."""
    form = "{0} = lower({0}) AND {0} ~ '^[^@]+@[^@]+$'"
    return text(data_class, doc, size=320, scalar="EmailAddress", check=form, **options)


def phone(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """A telephone number, stored in E.164."""
    form = "{} ~ '" + E164.replace("{", "{{").replace("}", "}}") + "'"
    return text(data_class, doc, size=32, scalar="PhoneNumber", check=form, **options)


def currency(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """A currency, ISO 4217."""
    return text(data_class, doc, size=3, scalar="CurrencyCode", check="{} ~ '^[A-Z]{{3}}$'", **options)


def country(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """A country, ISO 3166-1 alpha-2."""
    return text(data_class, doc, size=2, scalar="CountryCode", check="{} ~ '^[A-Z]{{2}}$'", **options)


def path(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """A place in a tree, materialised: `/a/b/`. Filtered with `within` for a subtree."""
    form = "{} ~ '^/([^/]+/)*$'"
    return _column(sa.String(1000, collation="C"), FieldSpec(data_class, Kind.TREE), doc, check=form, **options)


def choice(enum: type[StrEnum], data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """One of an enum's values, stored as text under a CHECK."""
    values = ", ".join(f"'{member.value}'" for member in enum)
    spec = FieldSpec(data_class, Kind.ENUM, enum=enum)
    return _column(sa.String(CODE, collation="C"), spec, doc, check=f"{{}} IN ({values})", **options)


def money(data_class: DataClass, doc: str, *, base: str | None = None, **options: Any) -> MappedColumn[Any]:
    """An amount of zero or more in the row's currency. `base` names the column that holds it in the base currency."""
    spec = FieldSpec(data_class, Kind.MONEY, companions=("currency", base) if base else ("currency",))
    return _column(sa.Numeric(19, 4), spec, doc, check="{} >= 0", **options)


def base_of(amount: str, **options: Any) -> MappedColumn[Any]:
    """The amount of another column in the base currency, at the row's own rate; computed by the database."""
    computed = sa.Computed(f"round({amount} * fx_rate, 4)", persisted=True)
    comment = f"`{amount}` in the base currency, at the row's own rate."
    return mapped_column(sa.Numeric(19, 4), computed, comment=comment, info={"part_of": amount}, **options)


def decimal(data_class: DataClass, doc: str, precision: int = 18, scale: int = 3, **options: Any) -> MappedColumn[Any]:
    """An exact number."""
    return _column(sa.Numeric(precision, scale), FieldSpec(data_class, Kind.DECIMAL), doc, **options)


def percentage(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """A share in per cent: 0 to 100, two decimals."""
    return decimal(data_class, doc, 5, 2, check="{} BETWEEN 0 AND 100", **options)


def integer(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """A whole number."""
    return _column(sa.Integer(), FieldSpec(data_class, Kind.INTEGER), doc, **options)


def boolean(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """Yes or no."""
    return _column(sa.Boolean(), FieldSpec(data_class, Kind.BOOLEAN), doc, **options)


def time(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """A moment, UTC."""
    return _column(sa.DateTime(timezone=True), FieldSpec(data_class, Kind.TIME), doc, **options)


def day(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """A calendar day."""
    return _column(sa.Date(), FieldSpec(data_class, Kind.DATE), doc, **options)


def document(data_class: DataClass | None, doc: str, **options: Any) -> MappedColumn[Any]:
    """A JSON document."""
    return _column(JSONB(none_as_null=True), FieldSpec(data_class, Kind.JSON), doc, **options)


def seconds(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """A duration in seconds."""
    return integer(data_class, doc, check="{} >= 0", **options)


def key(data_class: DataClass, doc: str, **options: Any) -> MappedColumn[Any]:
    """A UUID that is no reference to a table."""
    return _column(sa.Uuid(), FieldSpec(data_class, Kind.ID), doc, **options)


def reference(
    table: str, data_class: DataClass, doc: str, *, back: str | None, owned: bool = False, **options: Any
) -> MappedColumn[Any]:
    """A row of another table. `back` names the list on the other side.

    `owned` is for a row of the same customer: the foreign key is then (customer_id, this column).
    `copies` is for one that is always the customer's own (`customer.region_id`).
    `cyclic` is for two tables that point at each other: this foreign key is then made after both.
    """
    spec = FieldSpec(data_class, Kind.ID, copies=options.pop("copies", ""))
    info = {"reference": Reference(table, back, owned), "cyclic": options.pop("cyclic", False)}
    return _column(sa.Uuid(), spec, doc, info=info, **options)
