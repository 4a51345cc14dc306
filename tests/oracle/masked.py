"""A table with columns of each kind that masks are made for, and a role for each mask."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import combinations, product
from typing import Any

import sqlalchemy as sa

from policies.catalogue import DataClass, FieldSpec, Kind, read_catalogue
from policies.principal import Assignment, Party, Principal
from tests.oracle.bridge import described
from tests.oracle.drawn.cases import Case
from tests.oracle.drawn.models import Made
from tests.oracle.drawn.values import SECRET, key
from tests.oracle.masks import ORDER, fits

TEXT = sa.Text(collation="C")
COLUMNS: dict[str, tuple[Any, FieldSpec]] = {
    "word": (TEXT, FieldSpec(DataClass.CONTACT, Kind.TEXT)),
    "note": (TEXT, FieldSpec(DataClass.CONTACT, Kind.TEXT, vast=True)),
    "email": (TEXT, FieldSpec(DataClass.CONTACT, Kind.TEXT, "EmailAddress", vast=True)),
    "street": (TEXT, FieldSpec(DataClass.CONTACT, Kind.TEXT, "PostalAddress")),
    "phone": (TEXT, FieldSpec(DataClass.CONTACT, Kind.TEXT, "PhoneNumber")),
    "level": (sa.Integer(), FieldSpec(DataClass.CONTACT, Kind.INTEGER)),
    "score": (sa.Numeric(18, 3), FieldSpec(DataClass.CONTACT, Kind.DECIMAL)),
    "price": (sa.Numeric(19, 4), FieldSpec(DataClass.CONTACT, Kind.MONEY, companions=("currency", "base_price"))),
    "born": (sa.Date(), FieldSpec(DataClass.CONTACT, Kind.DATE)),
    "seen": (sa.DateTime(timezone=True), FieldSpec(DataClass.CONTACT, Kind.TIME)),
}


def _made() -> Made:
    metadata = sa.MetaData(schema="masked")
    columns: list[sa.Column[Any]] = [
        sa.Column("id", sa.Uuid(), primary_key=True, info={"field": FieldSpec(DataClass.PUBLIC, Kind.ID)}),
        *(sa.Column(name, type_, info={"field": spec}) for name, (type_, spec) in COLUMNS.items()),
        sa.Column("currency", TEXT),
        sa.Column("base_price", sa.Numeric(19, 4)),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
    ]
    sa.Table("things", metadata, *columns, info={"resource": "Thing"})
    catalogue = read_catalogue(metadata)
    return Made(-1, metadata, catalogue, described(catalogue))


MADE = _made()
ON = MADE.model["Thing"]


def _document(mask: str) -> dict[str, Any]:
    fitting = [name for name in COLUMNS if fits(mask, ON.fields[name])]
    rules = [{"on": "Thing", "allow": ["read"], "fields": {"names": fitting}, "mask": dict.fromkeys(fitting, mask)}]
    by_class = {"on": "Thing", "allow": ["read"], "fields": {"classes": ["CONTACT"]}, "mask": {"CONTACT": mask}}
    return {"role": mask, "rules": [*(rules if fitting else []), by_class]}


DOCUMENTS = [_document(mask) for mask in ORDER]
FULL = {
    "word": "a word that is long",
    "note": "a note that is longer",
    "email": "anna.snelling@example.com",
    "street": "1 Long Street, 10115 Berlin",
    "phone": "+491701234567",
    "level": 1234,
    "score": Decimal("-56.789"),
    "price": Decimal("1250"),
    "currency": "EUR",
    "base_price": Decimal("1377.5"),
    "born": dt.date(1984, 2, 29),
    "seen": dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-2))),
}
"""A row with a value of its form in each column."""


def case(rows: list[dict[str, Any]], principals: list[Principal]) -> Case:
    """Some principals who ask for rows."""
    keyed = [{"id": key(number), "deleted_at": None, **row} for number, row in enumerate(rows)]
    return Case(MADE, {"Thing": keyed}, DOCUMENTS, principals)


def _holder(*held: str, ceilings: tuple[str, ...] = ()) -> Principal:
    parties = tuple(Party(key(2), (Assignment(mask),)) for mask in ceilings)
    return Principal(key(1), tuple(map(Assignment, held)), (), ceilings=parties, secret=SECRET)


ONE = [_holder(mask) for mask in ORDER]
TWO = [_holder(*masks) for masks in combinations(ORDER, 2)]
"""Who may see a field by one mask or another."""
MET = [_holder(own, ceilings=(ceiling,)) for own, ceiling in product(ORDER, ORDER)]
"""Who may see it by one mask, acting through what may see it by another."""
MET_TWICE = [_holder(own, ceilings=(last, first)) for own, last, first in list(product(ORDER, repeat=3))[::29]]
