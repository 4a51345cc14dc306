"""What columns take: typed, within their bounds, or refused with the reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from app.services.importing.conversion import converter
from app.services.importing.tables import TABLES
from app.services.importing.transforms import Refusal, number

PLAIN = number(".", "")


def converted(place: str, value: object) -> object:
    table, _, column = place.partition(".")
    return converter(TABLES[table].c[column], PLAIN)(value)


@pytest.mark.parametrize(
    ("place", "value", "made"),
    [
        ("customers.display_name", "Äpfel & Co", "Äpfel & Co"),
        ("customers.display_name", "x" * 200, "x" * 200),
        ("customers.display_name", 12, "12"),
        ("customers.display_name", True, "true"),
        ("customers.kind", "ORGANIZATION", "ORGANIZATION"),
        ("customers.email", " Ann@Example.com", "ann@example.com"),
        ("customers.phone", "+4930123456", "+4930123456"),
        ("customers.currency", "usd", "USD"),
        ("customers.time_zone", "europe/berlin", "Europe/Berlin"),
        ("customers.category_path", "a/b", "/a/b/"),
        ("customers.annual_revenue", "1100040000.5", Decimal("1100040000.5")),
        ("customers.annual_revenue", "1.00000", Decimal("1")),
        ("customers.annual_revenue", Decimal("999999999999999.9999"), Decimal("999999999999999.9999")),
        ("customers.legal_hold", "Yes", True),
        ("customers.legal_hold", "0", False),
        ("customers.birth_date", "1948-12-08", dt.date(1948, 12, 8)),
        ("customers.birth_date", "1948-12-08 00:00:00.000", dt.date(1948, 12, 8)),
        ("customers.last_interaction_at", "2016-10-20", dt.datetime(2016, 10, 20, tzinfo=dt.UTC)),
        ("customers.last_interaction_at", dt.date(2016, 10, 20), dt.datetime(2016, 10, 20, tzinfo=dt.UTC)),
        ("customers.last_interaction_at", "2016-10-20T12:00+02:00", dt.datetime(2016, 10, 20, 10, tzinfo=dt.UTC)),
        ("customers.custom", '{"a": 1}', '{"a": 1}'),
        ("addresses.country", "DE", "DE"),
        ("pipeline_stages.position", "12", 12),
        ("pipeline_stages.position", "12.0", 12),
    ],
)
def test_a_column_takes(place: str, value: object, made: object) -> None:
    assert converted(place, value) == made


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        ("customers.display_name", "x" * 201, "is longer than 200 characters"),
        ("customers.kind", "COMPANY", "'COMPANY' must be INDIVIDUAL or ORGANIZATION"),
        ("customers.email", "ann", "'ann' is no e-mail address"),
        ("customers.email", "a@" + "b" * 319, "is longer than 320 characters"),
        ("customers.phone", "030 123456", "'030 123456' must begin with . and the country"),
        ("customers.currency", "EUS", "'EUS' is no currency"),
        ("customers.category_path", "a//b", "is no place in a tree"),
        ("customers.annual_revenue", "1000000000000000", "must be at most 999,999,999,999,999.9999"),
        ("customers.annual_revenue", "1.00001", "must have at most 4 decimals"),
        ("customers.annual_revenue", "much", "'much' is no number"),
        ("customers.legal_hold", "maybe", "'maybe' is neither yes nor no"),
        ("customers.birth_date", "1948-13-08", "is no day or time"),
        ("customers.birth_date", "1948-12-08 10:00", "is a time of day where a day is wanted"),
        ("customers.birth_date", "0001-01-01", "must lie between"),
        ("customers.birth_date", "9999-12-31", "must lie between"),
        ("customers.last_interaction_at", "9999-12-30 00:01", "must lie between"),
        ("customers.custom", "{a: 1}", "is no JSON"),
        ("customers.custom", '{"a": NaN}', "must be made of JSON values only"),
        ("customers.custom", "[" * 100_000, "is no JSON"),
        ("customers.custom", r'{"a": "\u0000"}', "contains characters that cannot be shown"),
        ("addresses.country", "ZZ", "is no country"),
        ("pipeline_stages.position", "12.5", "must be a whole number"),
        ("pipeline_stages.position", "2147483648", "must be at most 2,147,483,647"),
        ("pipeline_stages.position", "-1", "must be at least 0"),
    ],
)
def test_a_column_refuses(place: str, value: object, says: str) -> None:
    with pytest.raises(Refusal, match=says.replace("'", ".").replace("(", r"\(")):
        converted(place, value)
