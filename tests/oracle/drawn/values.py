"""Values that stand in rows and in conditions alike: few, so that they meet, and extreme ones among them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.oracle.description import Field

TYPES = ("USER", "REGION", "ORDER", "CASE", "NOTE")
"""Values of the column that says which table a subject is in."""


SECRET = b"a secret of 32 bytes, or so it is"


def key(number: int) -> UUID:
    """A key."""
    return UUID(int=number)


KEYS = [key(number) for number in range(1, 6)]
MOMENTS = [
    dt.datetime(1, 1, 2, tzinfo=dt.UTC),
    dt.datetime(2026, 1, 31, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
    dt.datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC),
    dt.datetime(9999, 12, 30, tzinfo=dt.UTC),
]
PURPOSES = ("lane", "gold")
"""Codes that stand in rows, too: of a list in capital letters."""
VALUES: dict[str, list[Any]] = {
    "ID": KEYS,
    "TEXT": ["lane", "long lane 12", "LONG LANE 12", "Lane", "", "%_\\'\"", "Iİ ßẞ", "王小明同学😀"],
    "ENUM": ["GOLD", "IRON"],
    "TREE": ["/", "/a/", "/a/b/", "/ab/"],
    "INTEGER": [0, 1, -(2**31), 2**31 - 1],
    "DECIMAL": [Decimal("0"), Decimal("0.001"), Decimal("-1.5"), Decimal("999999999999999.999")],
    "MONEY": [Decimal("0"), Decimal("12.3456"), Decimal("-0.0001"), Decimal("999999999999999.9999")],
    "BOOLEAN": [True, False],
    "TIME": MOMENTS,
    "DATE": [dt.date(1, 1, 2), dt.date(2024, 2, 29), dt.date(9999, 12, 30)],
    "JSON": ['{"a": 1}', "[]"],
}
BY_SCALAR = {
    "EmailAddress": ["anna.snelling@example.com", "ann@example.com", "@", ""],
    "PhoneNumber": ["+491701234567", "+4912", "491701234567"],
    "CurrencyCode": ["EUR", "USD"],
}
REFERENCES = [*KEYS[:2], *KEYS[:3], KEYS[4]]
BY_COLUMN: dict[str, list[Any]] = {
    "subject_type": list(TYPES),
    "currency": BY_SCALAR["CurrencyCode"],
    **dict.fromkeys(("owner_id", "parent_id", "region_id", "subject_id"), REFERENCES),
}
"""References lead to one of the first rows, or nowhere."""


def values(field: Field) -> list[Any]:
    """What a field may hold besides NULL."""
    return BY_COLUMN.get(field.column) or BY_SCALAR.get(field.scalar or "") or VALUES[field.kind]
