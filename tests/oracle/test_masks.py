"""Masks in PostgreSQL against their Python form: hundreds of adversarial texts, numbers, days and moments at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from policies.catalogue import DataClass, FieldSpec, Kind, read_catalogue
from policies.principal import Assignment, Principal
from tests.conftest import TestServer
from tests.oracle.answers import Database, database
from tests.oracle.bridge import described
from tests.oracle.comparing import Comparison
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
HOLDERS = [Principal(key(1), (Assignment(mask),), (), secret=SECRET) for mask in ORDER]

storable = st.characters(codec="utf-8", exclude_characters="\0")
texts = st.one_of(
    st.text(storable, max_size=20),
    st.text("ab1@. \n\t\u00a0\u2003é😀", max_size=14),
    st.from_regex(r"[^\0\s@]{3,7}@[a-z.]{0,9}", fullmatch=True),
    st.from_regex(r"[+]?[0-9]{8,17}\n?", fullmatch=True),
)
part = st.text("ab1  \u00a0é", max_size=6)
addresses = st.lists(
    st.sampled_from(["1 Long Street", "10115 Berlin", "Berlin", "Germany", " ", ""]) | part, max_size=4
).flatmap(lambda parts: st.sampled_from([", ", ",", "\n", "\n ", ",,"]).map(lambda between: between.join(parts)))
days = st.dates(dt.date(1, 1, 2), dt.date(9999, 12, 30))
zones = st.integers(-14, 14).map(lambda hours: dt.timezone(dt.timedelta(hours=hours)))
moments = st.datetimes(dt.datetime(1, 1, 3), dt.datetime(9999, 12, 29), timezones=zones)  # noqa: DTZ001


def numbers(digits: int, places: int) -> st.SearchStrategy[Decimal]:
    """What a column of so many digits can hold, small and round ones among them."""
    most = 10 ** (digits - places)
    small = st.decimals(-200, 200, places=places)
    return st.one_of(small, st.decimals(-most + 1, most - 1, places=places), st.sampled_from([Decimal(0), Decimal(1)]))


row = st.fixed_dictionaries(
    {
        "word": st.none() | texts,
        "email": st.none() | texts,
        "phone": st.none() | texts,
        "note": st.none() | texts,
        "street": st.none() | texts | addresses,
        "level": st.none() | st.integers(-(2**31), 2**31 - 1) | st.integers(-120, 120),
        "score": st.none() | numbers(18, 3),
        "price": st.none() | numbers(19, 4),
        "currency": st.sampled_from(["EUR", None]),
        "base_price": st.none() | numbers(19, 4),
        "born": st.none() | days,
        "seen": st.none() | moments,
    }
)


@pytest.fixture(scope="module")
def asked(server: TestServer) -> Iterator[Database]:
    with server.database("template0") as bare, database(bare.dsn) as found:
        yield found


@settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink]
)
@given(st.lists(row, min_size=1, max_size=40))
def test_each_mask_shows_what_its_python_form_shows(asked: Database, found: list[dict[str, Any]]) -> None:
    rows = [{"id": key(n), "deleted_at": None, **each} for n, each in enumerate(found)]
    Comparison(asked.answers(Case(MADE, {"Thing": rows}, DOCUMENTS, HOLDERS))).check()
