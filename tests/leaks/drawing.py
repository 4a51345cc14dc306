"""Values that a column may hold: everyday ones, extremes, and texts that look like something else."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.models.ids import pack
from policies.catalogue import FieldSpec, Kind

TEXTS = (
    "Ada Works",
    "ada works",
    "ADA WORKS",
    "Ünïcødé & Söhne",
    "株式会社 山田",
    "شركة الأمل",
    "Привет, мир",
    'O\'Brien "Bo" \\ Berg',
    "100%_sure",
    "e\u0301cole",
    "école",
    "ﬁnance ß İıK",
    "😀 family 👩‍👩‍👧",
    "two\nlines\tand a tab",
    "\u202eright to left",
    "\U0010fffd",
    "•••",
    "J•••",
    "null",
    "NaN",
    "-1e400",
    "2026-01-31",
    "{}",
    " ",
    "",
)
WORDS = ("amber", "Birch", "cedar", "Dune", "ember", "Fjord", "grove", "Harbour", "iris", "Juniper", "Kelp", "zenith")
LOCAL_PARTS = ("ada", "someone", "a", "abcdefgh", "first.last", "ünïcode", "o'brien", "a b c d e f", "•••", "x" * 60)
DOMAINS = ("example.com", "example.org", "mail.example.net", "x", "ex ample.com")
PATHS = ("/", "/a/", "/a/b/", "/ab/", "/retail/", "/retail/food/", "/retail/food/fresh/", "/ünï/")
CODES = {
    "CurrencyCode": ("EUR", "USD", "CNY", "JPY", "XTS"),
    "CountryCode": ("DE", "FR", "CN", "JP", "ZZ"),
}
FORMS: dict[str, Sequence[str]] = {
    "industry_code": ("A", "01", "62", "6201", "J62", "U9900"),
    "admin_area": ("DE-BE", "CN-11", "FR-IDF", "JP-13"),
}
"""By column, texts of a form that a check demands."""
DOCUMENTS: tuple[Any, ...] = (
    {},
    [],
    {"a": 1},
    {"a": [1, {"b": None}], "ü": "•••"},
    ["ada@example.com", 7, True],
    {"deep": {"deeper": {"deepest": "secret"}}},
    "text",
    0,
)

KEYS: Mapping[str, tuple[str, Sequence[Any]]] = {
    "nick": ("TEXT", ("Ada", "ada works", "•••", "")),
    "colour": ("CHOICE", ("RED", "GREEN", "BLUE")),
    "size": ("INTEGER", (0, 7, 100, 2**53 - 1)),
    "weight": ("DECIMAL", ("0", "12.50", "-3.25", "99999999999999999999")),
    "vip": ("BOOLEAN", (True, False)),
    "born": ("DATE", ("2020-02-29", "1999-12-31", "0001-01-02")),
    "seen": ("TIME", ("2026-01-31T12:00:00.000000+00:00", "2019-01-01T00:00:00.000001+00:00")),
    "tags": ("CHOICES", (["RED"], ["GREEN", "BLUE"], [])),
    "fee": ("MONEY", ({"amount": "12.50", "currency": "EUR"},)),
}
"""Custom fields by key: their type, and values."""
ODD_VALUES: Sequence[Any] = (None, "", "x", "1e400", "NaN", "2026-02-30", 7.5, True, [1], {"value": "RED"}, 10**39)
"""Values that no definition lets anybody write."""
LABELS: Sequence[Any] = ({"en": "Name", "zh-CN": "名称"}, {"en": "Colour"}, {"fr": "Nom"}, {}, "text", ["en"])
CHOOSING: Sequence[Any] = (
    ["RED", "GREEN"],
    [{"value": "RED", "label": {"en": "Red", "zh-CN": "红"}}, "BLUE"],
    {"a": 1},
    [7, None],
)


FIRST = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)
PERCENT = 5
"""The precision of percentages."""
NEGATIVE = 0.03
"""How often a number is below zero, which most columns do not take."""
DAYS = 2_500
"""Everyday moments lie in the years before the clock can reach them."""


def key(rng: Random) -> UUID:
    """A key as rows get them: its time first."""
    return pack(1_600_000_000_000 + rng.randrange(10**11), rng.getrandbits(42), rng.getrandbits(32))


def _text(rng: Random, column: sa.Column[Any]) -> str:
    length = getattr(column.type, "length", None)
    chosen = rng.choice(
        (
            lambda: rng.choice(TEXTS),
            lambda: f"{rng.choice(WORDS)} {rng.choice(WORDS)}",
            lambda: f"{rng.choice(WORDS)}-{rng.randrange(10_000):04}",
            lambda: rng.choice(WORDS).upper(),
            lambda: "zZ" * rng.choice((3, 40, 400)),
        )
    )()
    return chosen[:length] if length else chosen


def _email(rng: Random) -> str:
    return f"{rng.choice(LOCAL_PARTS)}{rng.choice(('', str(rng.randrange(1000))))}@{rng.choice(DOMAINS)}"


def _phone(rng: Random) -> str:
    return f"+{rng.choice(('49', '86', '1', '33'))}{rng.randrange(10 ** rng.choice((3, 9, 11)))}"[:15]


def _decimal(rng: Random, column: sa.Column[Any]) -> Decimal:
    assert isinstance(column.type, sa.Numeric)
    precision, scale = column.type.precision or 18, column.type.scale or 0
    largest = 100 * 10**scale if precision == PERCENT else 10**precision - 1
    units = rng.choice((0, 1, largest, 10**scale, *(rng.randrange(100) * 10**scale, rng.randrange(largest + 1)) * 2))
    return Decimal(-units if rng.random() < NEGATIVE else units).scaleb(-scale)


def _integer(rng: Random) -> int:
    found = rng.choice((0, 1, 2, rng.randrange(10), rng.randrange(1000), 2**31 - 1))
    return ~found if rng.random() < NEGATIVE else found


def _day(rng: Random) -> dt.date:
    everyday = FIRST.date() + dt.timedelta(days=rng.randrange(DAYS))
    return rng.choice((everyday,) * 8 + (dt.date(1, 1, 2), dt.date(9999, 12, 30), dt.date(1968, 2, 29)))


def _moment(rng: Random) -> dt.datetime:
    everyday = FIRST + dt.timedelta(days=rng.randrange(DAYS), microseconds=rng.choice((0, 1, rng.randrange(10**10))))
    first, last = dt.datetime(1, 1, 2, tzinfo=dt.UTC), dt.datetime(9999, 12, 30, tzinfo=dt.UTC)
    return rng.choice((everyday,) * 8 + (first, last, dt.datetime(2000, 1, 1, tzinfo=dt.UTC)))


ALIKE: Mapping[str, Any] = {
    "duplicate_of_id": None,
    "purposes": ["marketing", "research"],
    "business_calendar": json.dumps({"holidays": ["2026-12-25"]}),
    "service_promises": json.dumps([]),
}
"""Columns that hold the same in every row: nothing else is drawn otherwise for their sake."""


def _by_type(rng: Random, column: sa.Column[Any]) -> Any:
    """A value of a column that is no field."""
    drawn: tuple[tuple[type[Any], Callable[[], Any]], ...] = (
        (sa.Uuid, lambda: key(rng)),
        (sa.DateTime, lambda: _moment(rng)),
        (sa.String, lambda: _text(rng, column)),
    )
    return next(draw() for type_, draw in drawn if isinstance(column.type, type_))


def entries(rng: Random) -> str:
    """Custom fields, by key: of the right type mostly."""
    keys = rng.sample(sorted(KEYS), rng.choice((0, 1, 2, 4)))
    found = {key: rng.choice(ODD_VALUES if rng.random() < 0.15 else KEYS[key][1]) for key in keys}
    return json.dumps(found, ensure_ascii=False)


def draw(rng: Random, column: sa.Column[Any]) -> Any:
    """A value of a column's type; whether it may stand there the database knows."""
    spec: FieldSpec | None = column.info.get("field")
    if spec is None:
        return _by_type(rng, column)
    if spec.enum is not None:
        return rng.choice(list(spec.enum)).value
    if column.name.startswith("custom_") and spec.kind is Kind.JSON:
        return entries(rng) if rng.random() < 0.9 else json.dumps(rng.choice(DOCUMENTS), ensure_ascii=False)
    if column.name in FORMS:
        return rng.choice(FORMS[column.name])
    if spec.scalar in CODES:
        return rng.choice(CODES[spec.scalar])
    kinds: dict[Kind, Callable[[], Any]] = {
        Kind.ID: lambda: key(rng),
        Kind.TEXT: lambda: (
            {"EmailAddress": _email, "PhoneNumber": _phone}[spec.scalar](rng) if spec.scalar else _text(rng, column)
        ),
        Kind.TREE: lambda: f"/{rng.choice(WORDS)}{rng.randrange(10**6)}/" if column.unique else rng.choice(PATHS),
        Kind.INTEGER: lambda: _integer(rng),
        Kind.DECIMAL: lambda: _decimal(rng, column),
        Kind.MONEY: lambda: _decimal(rng, column),
        Kind.BOOLEAN: lambda: rng.random() < 0.5,
        Kind.TIME: lambda: _moment(rng),
        Kind.DATE: lambda: _day(rng),
        Kind.JSON: lambda: json.dumps(rng.choice(DOCUMENTS), ensure_ascii=False),
    }
    return kinds[spec.kind]()
