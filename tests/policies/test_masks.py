"""What masks show: exact outputs, and the laws that hold for every value."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import JSONB

from policies.catalogue import DataClass, FieldSpec, Kind
from policies.masks import MASKS
from tests.conftest import TemporaryDatabase
from tests.policies.conftest import changing
from tests.policies.documents import principal
from tests.policies.rows import ask

DOTS = "•••"
TEXT = sa.Text(collation="C")
SCALARS = {
    "email": "EmailAddress",
    "domain": "EmailAddress",
    "phone": "PhoneNumber",
    "city_only": "PostalAddress",
}
TEXT_MASKS = ["email", "domain", "phone", "last4", "initial", "city_only", "redact"]
LONG = 100_000


@pytest.fixture(scope="module")
async def open_connection(small: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    async with changing(small) as connection:
        yield connection


def spec(mask: str, kind: Kind = Kind.TEXT) -> FieldSpec:
    return FieldSpec(DataClass.CONTACT, kind, SCALARS.get(mask), vast=True)


async def show(connection: asyncpg.Connection, mask: str, value: Any, type_: Any = TEXT, kind: Kind = Kind.TEXT) -> Any:
    """What a mask shows of a value."""
    masked = MASKS[mask].shown(sa.bindparam(None, value, type_), spec(mask, kind), "Customer.email")
    [row] = await ask(connection, sa.select(masked), principal())
    return row[0]


async def show_all(connection: asyncpg.Connection, value: str) -> dict[str, str]:
    """What each mask of texts shows of a value."""
    masked = [
        MASKS[mask].shown(sa.bindparam(None, value, TEXT), spec(mask), "Customer.email").label(mask)
        for mask in TEXT_MASKS
    ]
    [row] = await ask(connection, sa.select(*masked), principal())
    return dict(row)


EMAILS = [
    ("anna.snelling@example.com", "a•••@example.com", "example.com"),
    ("abcde@x.io", "a•••@x.io", "x.io"),
    ("abcd@x.io", DOTS, DOTS),
    ("abc@x.io", DOTS, DOTS),
    ("a@x.io", DOTS, DOTS),
    ("@x.io", DOTS, DOTS),
    ("abcde@", DOTS, DOTS),
    ("abcde", DOTS, DOTS),
    ("", DOTS, DOTS),
    (" ", DOTS, DOTS),
    ("abcde@x@y.io", DOTS, DOTS),
    ("abcde@@y.io", DOTS, DOTS),
    (" abcde@x.io", DOTS, DOTS),
    ("abcde@x.io ", DOTS, DOTS),
    ("abc de@x.io", DOTS, DOTS),
    ("abcde@x.io\n", DOTS, DOTS),
    ("abcde\n@x.io", DOTS, DOTS),
    ("abcde@x.io\nother@y.io", DOTS, DOTS),
    ("abcde@\tx.io", DOTS, DOTS),
    ("王小明同学@例子.公司", "王•••@例子.公司", "例子.公司"),
    ("😀😀😀😀😀@x.io", "😀•••@x.io", "x.io"),
    ("e\u0301e\u0301e\u0301@x.io", "e•••@x.io", "x.io"),
    ("a" * LONG + "@x.io", "a•••@x.io", "x.io"),
    ("a%_'\\;--b@x.io", "a•••@x.io", "x.io"),
]


@pytest.mark.parametrize(("value", "as_email", "as_domain"), EMAILS, ids=lambda value: ascii(value)[:30])
async def test_of_an_address_the_first_letter_and_the_domain_or_the_domain_alone(
    open_connection: asyncpg.Connection, value: str, as_email: str, as_domain: str
) -> None:
    assert await show(open_connection, "email", value) == as_email
    assert await show(open_connection, "domain", value) == as_domain


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+4930123456", "+49•••56"),
        ("+123456789", "+12•••89"),
        ("+12345678", DOTS),
        ("+123456789012345", "+12•••45"),
        ("+1234567890123456", DOTS),
        ("004930123456", DOTS),
        ("+49 30 123456", DOTS),
        ("+4930123456\n", DOTS),
        (" +4930123456", DOTS),
        ("+49３０１２３４５６", DOTS),
        ("+", DOTS),
        ("", DOTS),
        ("+1" * LONG, DOTS),
    ],
    ids=lambda value: ascii(value)[:30],
)
async def test_of_a_number_the_first_three_and_the_last_two(
    open_connection: asyncpg.Connection, value: str, shown: str
) -> None:
    assert await show(open_connection, "phone", value) == shown


@pytest.mark.parametrize(
    ("value", "as_last4", "as_initial"),
    [
        ("", DOTS, DOTS),
        ("1234", DOTS, DOTS),
        ("12345", DOTS, "1•••"),
        ("1234567", DOTS, "1•••"),
        ("12345678", "•••5678", "1•••"),
        ("DE 123 456 78", "•••6 78", "D•••"),
        ("王小明", DOTS, DOTS),
        ("中华人民共和", DOTS, "中•••"),
        ("中华人民共和国公民", "•••和国公民", "中•••"),
        ("😀" * 8, "•••" + "😀" * 4, "😀•••"),
        ("e\u0301" * 4, "•••" + "e\u0301" * 2, "e•••"),
        ("        ", "•••    ", " •••"),
        ("  abcdef", "•••cdef", " •••"),
        ("abcdef\n\n", "•••ef\n\n", "a•••"),
        ("x" * LONG, "•••xxxx", "x•••"),
        ("'; DROP T", "•••OP T", "'•••"),
    ],
    ids=lambda value: ascii(value)[:30],
)
async def test_of_a_text_the_last_four_or_the_first(
    open_connection: asyncpg.Connection, value: str, as_last4: str, as_initial: str
) -> None:
    assert await show(open_connection, "last4", value) == as_last4
    assert await show(open_connection, "initial", value) == as_initial
    assert await show(open_connection, "redact", value) == DOTS


KINDS: dict[Kind, tuple[Any, Any]] = {
    Kind.ID: (sa.Uuid(), UUID(int=1)),
    Kind.TEXT: (TEXT, "text"),
    Kind.ENUM: (sa.String(8, collation="C"), "GOLD"),
    Kind.TREE: (TEXT, "/a/"),
    Kind.INTEGER: (sa.Integer(), 1),
    Kind.DECIMAL: (sa.Numeric(18, 3), Decimal(1)),
    Kind.MONEY: (sa.Numeric(19, 4), Decimal(1)),
    Kind.BOOLEAN: (sa.Boolean(), True),
    Kind.TIME: (sa.DateTime(timezone=True), dt.datetime(2026, 1, 31, tzinfo=dt.UTC)),
    Kind.DATE: (sa.Date(), dt.date(2026, 1, 31)),
    Kind.JSON: (JSONB(), "{}"),
}


@pytest.mark.parametrize("kind", Kind)
async def test_redacted_is_dots_for_a_text_and_nothing_for_all_else(
    open_connection: asyncpg.Connection, kind: Kind
) -> None:
    type_, value = KINDS[kind]
    assert await show(open_connection, "redact", value, type_, kind) == (DOTS if kind is Kind.TEXT else None)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kind", Kind)
async def test_a_mask_of_null_is_null(open_connection: asyncpg.Connection, mask: str, kind: Kind) -> None:
    type_, _ = KINDS[kind]
    assert await show(open_connection, mask, None, type_, kind) is None


FITS = {
    "email": {Kind.TEXT},
    "phone": {Kind.TEXT},
    "domain": {Kind.TEXT},
    "last4": {Kind.TEXT},
    "initial": {Kind.TEXT},
    "city_only": {Kind.TEXT},
    "month": {Kind.DATE, Kind.TIME},
    "year": {Kind.DATE, Kind.TIME},
    "round2": {Kind.INTEGER, Kind.DECIMAL, Kind.MONEY},
    "bucket": {Kind.INTEGER, Kind.DECIMAL, Kind.MONEY},
    "hash": {Kind.TEXT},
    "redact": {Kind.TEXT},
}


@pytest.mark.parametrize("mask", MASKS)
def test_a_mask_fits_the_kinds_it_is_made_for(mask: str) -> None:
    assert {kind for kind in Kind if MASKS[mask].fits(spec(mask, kind))} == FITS[mask]


@pytest.mark.parametrize("mask", SCALARS)
@pytest.mark.parametrize("scalar", [None, "EmailAddress", "PhoneNumber", "CountryCode", "PostalAddress"])
def test_masks_of_a_form_fit_columns_of_that_form_alone(mask: str, scalar: str | None) -> None:
    fitting = FieldSpec(DataClass.CONTACT, Kind.TEXT, scalar)
    assert MASKS[mask].fits(fitting) == (SCALARS[mask] == scalar)


def test_every_mask_goes_by_its_name() -> None:
    assert {name: mask.name for name, mask in MASKS.items()} == {name: name for name in MASKS}


ADDRESSES = [
    ("1 Long Street, 10115 Berlin, Germany", "Berlin"),
    ("1 Long Street, 10115 Berlin", "Berlin"),
    ("1 Long Street, Berlin", "Berlin"),
    ("1 Long Street\n10115 Berlin\nGermany", "Berlin"),
    ("1 A, 1 Westminster", DOTS),
    ("10 Downing Street, SW1A London", "London"),
    ("Rue de l'Église 5, F-75001 Paris, France", "Paris"),
    ("1 Long Street,10115 Berlin  ", "Berlin"),
    ("1 Long Street,10115  ", DOTS),
    ("1 Long Street, 0   ", DOTS),
    ("1 Long Street, 10115  Berlin, Germany", "Berlin"),
    ("1 Long Street, 10115 Berlin,  ", DOTS),
    ("Building 4, Berlin, Germany", DOTS),
    ("1 Long Street, 10115 Berlin, Germany, Europe", DOTS),
    ("Berlin", DOTS),
    ("1 A, Berlin", DOTS),
    ("1 Long Street,", DOTS),
    (",", DOTS),
    ("", DOTS),
    ("1 Long Street, 10115", DOTS),
    ("1 Long Street, 10115 7", DOTS),
    ("some text without any form", DOTS),
    ("x" * LONG + ", Berlin", "Berlin"),
]


@pytest.mark.parametrize(("value", "shown"), ADDRESSES, ids=lambda value: ascii(value)[:30])
async def test_of_a_postal_address_the_city(open_connection: asyncpg.Connection, value: str, shown: str) -> None:
    assert await show(open_connection, "city_only", value) == shown


# Hashes


def _hmac(secret: bytes, field: str, value: str) -> str:
    key = hmac.digest(secret, field.encode(), "sha256")
    return hmac.digest(key, value.encode(), "sha256")[:16].hex()


async def _hash(connection: asyncpg.Connection, value: str | None, secret: bytes | None, field: str) -> Any:
    masked = MASKS["hash"].shown(sa.bindparam(None, value, TEXT), spec("hash"), field)
    [row] = await ask(connection, sa.select(masked), replace(principal(), secret=secret))
    return row[0]


@settings(max_examples=50, deadline=None)
@given(value=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200), secret=st.binary(min_size=1))
async def test_a_hash_is_an_hmac_under_the_key_of_its_field(
    open_connection: asyncpg.Connection, value: str, secret: bytes
) -> None:
    found = await _hash(open_connection, value, secret, "Customer.email")
    assert found == _hmac(secret, "Customer.email", value)
    assert found != await _hash(open_connection, value, secret, "Contact.email")
    assert found != await _hash(open_connection, value, secret + b"x", "Customer.email")


@pytest.mark.parametrize("secret", [None, b""])
async def test_without_a_secret_nothing_is_hashed(open_connection: asyncpg.Connection, secret: bytes | None) -> None:
    assert await _hash(open_connection, "someone@example.com", secret, "Customer.email") is None


def test_only_values_that_nobody_can_try_out_are_hashed() -> None:
    assert MASKS["hash"].fits(FieldSpec(DataClass.CONTACT, Kind.TEXT, vast=True))
    assert not MASKS["hash"].fits(FieldSpec(DataClass.CONTACT, Kind.TEXT))


# Numbers

NUMBERS = [
    ("0", "0", "0"),
    ("1", "1", "1"),
    ("42", "42", "10"),
    ("99.99", "99", "10"),
    ("100", "100", "100"),
    ("109.99", "100", "100"),
    ("1234.5", "1200", "1000"),
    ("999999.9999", "990000", "100000"),
    ("-1234.5", "-1200", "-1000"),
    ("0.0567", "0.056", "0.01"),
    ("0.0001", "0.0001", "0.0001"),
    ("0.9999", "0.99", "0.1"),
    ("1.0999", "1", "1"),
    ("999999999999999.9999", "990000000000000", "100000000000000"),
    ("-0.0309", "-0.03", "-0.01"),
]


@pytest.mark.parametrize(("value", "two", "power"), NUMBERS)
async def test_of_a_number_two_digits_or_the_power_of_ten(
    open_connection: asyncpg.Connection, value: str, two: str, power: str
) -> None:
    type_ = sa.Numeric(19, 4)
    assert await show(open_connection, "round2", Decimal(value), type_, Kind.MONEY) == Decimal(two)
    assert await show(open_connection, "bucket", Decimal(value), type_, Kind.MONEY) == Decimal(power)


@pytest.mark.parametrize("value", [0, 1, -1, 9, 10, 12345, 2**31 - 1, -(2**31)])
async def test_a_cut_whole_number_still_fits_its_column(open_connection: asyncpg.Connection, value: int) -> None:
    digits = str(abs(value))
    sign = -1 if value < 0 else 1
    two, power = int(digits[:2] + "0" * (len(digits) - 2)), int("1" + "0" * (len(digits) - 1)) if value else 0
    assert await show(open_connection, "round2", value, sa.Integer(), Kind.INTEGER) == sign * two
    assert await show(open_connection, "bucket", value, sa.Integer(), Kind.INTEGER) == sign * power


# Years and months


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (dt.date(1984, 2, 29), dt.date(1984, 1, 1)),
        (dt.date(1984, 1, 1), dt.date(1984, 1, 1)),
        (dt.date(1984, 12, 31), dt.date(1984, 1, 1)),
        (dt.date(1, 1, 2), dt.date(1, 1, 1)),
        (dt.date(9999, 12, 30), dt.date(9999, 1, 1)),
        (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        (dt.datetime(2025, 12, 31, 23, 59, tzinfo=dt.UTC), dt.datetime(2025, 1, 1, tzinfo=dt.UTC)),
        (dt.datetime(1, 1, 2, tzinfo=dt.UTC), dt.datetime(1, 1, 1, tzinfo=dt.UTC)),
        (dt.datetime(9999, 12, 30, tzinfo=dt.UTC), dt.datetime(9999, 1, 1, tzinfo=dt.UTC)),
    ],
)
async def test_of_a_day_or_a_time_the_first_of_its_year_in_whatever_zone_the_session_is(
    connection: asyncpg.Connection, value: Any, shown: Any, zone: str
) -> None:
    await connection.execute(f"SET LOCAL TimeZone = '{zone}'")
    kind = Kind.TIME if isinstance(value, dt.datetime) else Kind.DATE
    assert await show(connection, "year", value, KINDS[kind][0], kind) == shown


EARLIEST, LATEST = dt.datetime(1, 1, 2, tzinfo=dt.UTC), dt.datetime(9999, 12, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (dt.date(1984, 2, 29), dt.date(1984, 2, 1)),
        (dt.date(1, 1, 2), dt.date(1, 1, 1)),
        (dt.date(9999, 12, 30), dt.date(9999, 12, 1)),
        (dt.datetime(2025, 12, 31, 23, 59, tzinfo=dt.UTC), dt.datetime(2025, 12, 1, tzinfo=dt.UTC)),
    ],
)
async def test_of_a_day_or_a_time_the_first_of_its_month(
    connection: asyncpg.Connection, value: Any, shown: Any
) -> None:
    await connection.execute("SET LOCAL TimeZone = 'Asia/Tokyo'")
    kind = Kind.TIME if isinstance(value, dt.datetime) else Kind.DATE
    assert await show(connection, "month", value, KINDS[kind][0], kind) == shown


@settings(max_examples=100, deadline=None)
@given(seconds=st.integers(0, (LATEST - EARLIEST) // dt.timedelta(seconds=1)))
async def test_every_storable_day_and_time_has_a_year(open_connection: asyncpg.Connection, seconds: int) -> None:
    moment = EARLIEST + dt.timedelta(seconds=seconds)
    first = dt.datetime(moment.year, 1, 1, tzinfo=dt.UTC)
    assert await show(open_connection, "year", moment, sa.DateTime(timezone=True), Kind.TIME) == first
    assert await show(open_connection, "year", moment.date(), sa.Date(), Kind.DATE) == first.date()


# Laws

storable = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
like_email = st.from_regex(r"[^\x00]{0,7}@[^\x00]{0,7}@?", fullmatch=True).filter(lambda text: text.isprintable())
like_phone = st.from_regex(r"[+]?[0-9 ]{0,18}", fullmatch=True)


@settings(max_examples=200, deadline=None)
@given(value=storable | like_email | like_phone)
async def test_a_mask_shows_at_most_half_and_leaves_four_unseen_or_redacts(
    open_connection: asyncpg.Connection, value: str
) -> None:
    for mask, shown in (await show_all(open_connection, value)).items():
        if shown == DOTS:
            continue
        identifying = value.partition("@")[0] if mask in ("email", "domain") else value
        if mask == "city_only":
            assert shown in value
            assert len(shown) * 2 <= len(value)
            assert len(value) - len(shown) >= 4
            continue
        seen = _seen(mask, shown, value)
        assert len(seen) * 2 <= len(identifying)
        assert len(identifying) - len(seen) >= 4


def _seen(mask: str, shown: str, value: str) -> str:
    """The identifying characters in what is shown; they stand in the value's beginning and end."""
    if mask == "domain":
        assert value.endswith("@" + shown)
        return ""
    before, dots, after = shown.partition(DOTS)
    assert dots
    assert value.startswith(before)
    assert value.endswith(after)
    return before + after.rpartition("@")[0] if mask == "email" else before + after


@settings(max_examples=50, deadline=None)
@given(value=storable)
async def test_dots_never_tell_how_long_a_value_is(open_connection: asyncpg.Connection, value: str) -> None:
    longer = await show_all(open_connection, value + "x" * 50)
    assert {len(shown) for mask, shown in longer.items() if mask not in ("email", "domain")} <= {3, 4, 7}


ORDERED = [(lower, upper) for lower, mask in MASKS.items() for upper in sorted(mask.below)]


def test_the_masks_that_are_ordered() -> None:
    assert ORDERED == [("domain", "email"), ("year", "month"), ("bucket", "round2")]


async def _computed(connection: asyncpg.Connection, lower: str, upper: str, values: list[Any], kind: Kind) -> None:
    """What the lower mask shows is the same wherever what the upper one shows is."""
    shown: dict[Any, Any] = {}
    for value in values:
        above, below = [await show(connection, mask, value, KINDS[kind][0], kind) for mask in (upper, lower)]
        assert shown.setdefault(above, below) == below


like_domains = st.builds("{}@{}".format, st.text("ab", max_size=6), st.sampled_from(["x.io", "y.io", "@y.io"]))


@settings(max_examples=60, deadline=None)
@given(values=st.lists(storable | like_email | like_domains, min_size=2, max_size=8))
async def test_domains_can_be_told_from_masked_addresses(
    open_connection: asyncpg.Connection, values: list[str]
) -> None:
    await _computed(open_connection, "domain", "email", values, Kind.TEXT)


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.dates(dt.date(1999, 11, 1), dt.date(2001, 2, 1)), min_size=2, max_size=8))
async def test_years_can_be_told_from_months(open_connection: asyncpg.Connection, values: list[dt.date]) -> None:
    await _computed(open_connection, "year", "month", values, Kind.DATE)


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(
        st.decimals(0, 10**15 - 1, places=4) | st.decimals(0, 1, places=4) | st.decimals(9, 11, places=4), min_size=2
    )
)
async def test_buckets_can_be_told_from_two_digits(open_connection: asyncpg.Connection, values: list[Decimal]) -> None:
    await _computed(open_connection, "bucket", "round2", values, Kind.MONEY)
