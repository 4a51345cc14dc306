"""What columns store of what callers send, and what they refuse."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from app.models.catalogue import CATALOGUE
from app.models.enums import ContactPointKind, CustomerTier
from app.services.errors import Invalid, Required
from app.services.values import Hints, contact_point, looks_masked, required, stored
from app.services.values.places import countries, currencies
from policies.catalogue import Field

NOON = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
KEY = UUID(int=1)


def field(title: str) -> Field:
    resource, _, name = title.partition(".")
    return CATALOGUE[resource].fields[name]


@pytest.mark.parametrize(
    ("title", "value", "made"),
    [
        ("Customer.displayName", "  Äpfel & Co ", "Äpfel & Co"),
        ("Customer.displayName", "A\u0308pfel", "Äpfel"),
        ("Customer.displayName", "Fernhollow\r\n\tFoods", "Fernhollow Foods"),
        ("Customer.displayName", "\u200b\ufeff \u3000", None),
        ("Customer.displayName", "", None),
        ("Customer.displayName", None, None),
        ("Customer.displayName", "👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"),
        ("Customer.displayName", " " * 700 + "a", "a"),
        ("Task.title", "x" * 500, "x" * 500),
        ("Ticket.description", " a\r\nb\rc\u2028d\te ", "a\nb\nc\nd\te"),
        ("Customer.email", " Ann@Example.COM ", "ann@example.com"),
        ("Customer.email", "用户@例子.中国", "用户@例子.中国"),
        ("Customer.email", "a@xn--bcher-kva.ch", "a@bücher.ch"),
        ("Customer.phone", "+49 (0)30 / 12 34-56", "+4930123456"),
        ("Customer.phone", "＋８６ １０ ６５５２ ９９８８", "+861065529988"),
        ("Customer.currency", "eur", "EUR"),
        ("Customer.currency", "DEM", "DEM"),
        ("Address.country", "de", "DE"),
        ("Address.country", "XK", "XK"),
        ("Address.adminArea", "cn-11", "CN-11"),
        ("Customer.industryCode", "c", "C"),
        ("Customer.industryCode", "c10", "C10"),
        ("Customer.industryCode", "6201", "6201"),
        ("Customer.locale", "ZH_cn", "zh-CN"),
        ("Customer.locale", "sr-latn-rs", "sr-Latn-RS"),
        ("Customer.locale", "es-419", "es-419"),
        ("Customer.timeZone", "europe/berlin", "Europe/Berlin"),
        ("Customer.categoryPath", "retail / food", "/retail/food/"),
        ("Customer.categoryPath", "/", "/"),
        ("Region.code", "DE-BY", "DE-BY"),
        ("Interaction.recordingUrl", "HTTPS://User.Example:443/A b".replace(" ", "%20"), "https://user.example/A%20b"),
        ("Interaction.recordingUrl", "http://pbx:8080/rec/1?a=1#b", "http://pbx:8080/rec/1?a=1#b"),
        ("Interaction.recordingUrl", "bücher.example", "https://xn--bcher-kva.example/"),
        ("Customer.tier", "KEY", "KEY"),
        ("Customer.tier", CustomerTier.KEY, "KEY"),
        ("Customer.annualRevenue", Decimal("999999999999999.9999"), Decimal("999999999999999.9999")),
        ("Customer.annualRevenue", Decimal("1.00000"), Decimal("1")),
        ("Customer.annualRevenue", 3, Decimal("3")),
        ("Address.latitude", Decimal("-90"), Decimal("-90")),
        ("OrderLine.discountPct", Decimal("100"), Decimal("100")),
        ("CurrencyRate.rate", Decimal("0.00000001"), Decimal("0.00000001")),
        ("PipelineStage.position", 2147483647, 2147483647),
        ("Role.rank", -2147483648, -2147483648),
        ("Customer.legalHold", False, False),
        ("Customer.birthDate", dt.date(1, 1, 2), dt.date(1, 1, 2)),
        ("Order.orderedAt", NOON.astimezone(dt.timezone(dt.timedelta(hours=2))), NOON),
        ("Customer.custom", {"a": [1, None, 2.5, True]}, {"a": [1, None, 2.5, True]}),
        ("Task.reminders", [15], [15]),
        ("Ticket.contact", KEY, KEY),
        ("Ticket.contact", str(KEY), KEY),
    ],
)
def test_a_column_stores(title: str, value: object, made: object) -> None:
    found = stored(field(title), value)
    assert (found, type(found)) == (made, type(made))
    assert stored(field(title), found) == found


@pytest.mark.parametrize(
    ("title", "value", "reason", "params"),
    [
        ("Customer.displayName", 12, "no_text", {}),
        ("Customer.displayName", "a\0b", "unprintable", {}),
        ("Customer.displayName", "a\x1bb", "unprintable", {}),
        ("Customer.displayName", "a\ud800b", "unprintable", {}),
        ("Customer.displayName", "e" + "\u0301" * 31, "unprintable", {}),
        ("Customer.displayName", "é" * 201, "too_long", {"max": 200}),
        ("Customer.displayName", " " * 801, "too_long", {"max": 200}),
        ("Ticket.description", "x" * 100_001, "too_long", {"max": 100_000}),
        ("Customer.email", "ann", "no_email", {}),
        ("Customer.email", "Ann <ann@example.com>", "no_email", {}),
        ("Customer.email", "ann@localhost", "no_email", {}),
        ("Customer.phone", "030 123456", "phone_without_country", {}),
        ("Customer.phone", "+49 30 123456 ext. 7", "phone_with_extension", {}),
        ("Customer.phone", "+49 1", "no_phone", {}),
        ("Customer.phone", "+999 30 123456", "no_phone", {}),
        ("Customer.phone", "call +49 30 123456", "no_phone", {}),
        ("Customer.currency", "EUS", "no_currency", {}),
        ("Customer.currency", "XXX", "no_currency", {}),
        ("Customer.currency", "Euros", "too_long", {"max": 3}),
        ("Address.country", "EU", "no_country", {}),
        ("Address.country", "ZZ", "no_country", {}),
        ("Address.adminArea", "ZZ-1", "no_admin_area", {}),
        ("Address.adminArea", "Bayern", "no_admin_area", {}),
        ("Customer.industryCode", "V", "no_industry", {}),
        ("Customer.industryCode", "A10", "no_industry", {}),
        ("Customer.industryCode", "0400", "no_industry", {}),
        ("Customer.industryCode", "6", "no_industry", {}),
        ("Customer.locale", "klingon", "no_locale", {}),
        ("Customer.locale", "de-QX", "no_locale", {}),
        ("Customer.locale", "ca-ES-valencia", "no_locale", {}),
        ("Customer.timeZone", "Berlin", "no_time_zone", {}),
        ("Customer.categoryPath", "/a//b/", "no_path", {}),
        ("Region.code", "a/b", "slash", {}),
        ("Interaction.recordingUrl", "recorder", "no_url", {}),
        ("Interaction.recordingUrl", "ftp://a.example/", "no_url", {}),
        ("Interaction.recordingUrl", "javascript:alert(1)", "no_url", {}),
        ("Interaction.recordingUrl", "https://u:p@a.example/", "no_url", {}),
        ("Interaction.recordingUrl", "https:///a", "no_url", {}),
        ("Interaction.recordingUrl", "https://a.example/b c", "no_url", {}),
        ("Interaction.recordingUrl", "https://[::1", "no_url", {}),
        ("Interaction.recordingUrl", "https://a.example:99999/", "no_url", {}),
        ("Customer.tier", "GOLD", "not_listed", {"options": ("STRATEGIC", "KEY", "STANDARD", "BASIC")}),
        ("Customer.tier", 1, "not_listed", {"options": ("STRATEGIC", "KEY", "STANDARD", "BASIC")}),
        ("Customer.annualRevenue", Decimal("1.00001"), "too_many_decimals", {"scale": 4}),
        ("Customer.annualRevenue", Decimal("-0.01"), "too_small", {"min": Decimal(0)}),
        ("Customer.annualRevenue", Decimal("1E+15"), "too_great", {"max": Decimal("999999999999999.9999")}),
        ("Customer.annualRevenue", Decimal("1E+999999"), "too_great", {"max": Decimal("999999999999999.9999")}),
        ("Customer.annualRevenue", Decimal("1E-999999"), "too_many_decimals", {"scale": 4}),
        ("Customer.annualRevenue", Decimal("NaN"), "no_number", {}),
        ("Customer.annualRevenue", Decimal("sNaN"), "no_number", {}),
        ("Customer.annualRevenue", Decimal("-Infinity"), "no_number", {}),
        ("Customer.annualRevenue", 1.5, "no_number", {}),
        ("Customer.annualRevenue", True, "no_number", {}),
        ("Address.latitude", Decimal("90.000001"), "too_great", {"max": Decimal(90)}),
        ("OrderLine.discountPct", Decimal("100.01"), "too_great", {"max": Decimal(100)}),
        ("CurrencyRate.rate", Decimal(0), "not_above", {"min": Decimal(0)}),
        ("PipelineStage.position", -1, "too_small", {"min": Decimal(0)}),
        ("PipelineStage.position", 2**31, "too_great", {"max": Decimal(2**31 - 1)}),
        ("PipelineStage.position", 1.0, "no_whole_number", {}),
        ("PipelineStage.position", True, "no_whole_number", {}),
        ("Customer.legalHold", 1, "no_yes_or_no", {}),
        ("Customer.birthDate", NOON, "no_day", {}),
        ("Customer.birthDate", "2000-01-01", "no_day", {}),
        ("Customer.birthDate", dt.date.min, "beyond_calendar", {"min": dt.date(1, 1, 2), "max": dt.date(9999, 12, 30)}),
        ("Order.orderedAt", dt.date(2026, 1, 31), "no_moment", {}),
        ("Order.orderedAt", NOON.replace(tzinfo=None), "no_zone", {}),
        (
            "Order.orderedAt",
            dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-23))),
            "beyond_calendar",
            {"min": dt.date(1, 1, 2), "max": dt.date(9999, 12, 30)},
        ),
        ("Customer.custom", [1], "no_object", {}),
        ("Task.reminders", {"a": 1}, "no_list", {}),
        ("Customer.custom", {"a": "\0"}, "unprintable", {}),
        ("Customer.custom", {"\ud800": 1}, "unprintable", {}),
        ("Customer.custom", {"a": float("nan")}, "no_document", {}),
        ("Customer.custom", {"a": 2**63}, "too_great", {"max": Decimal(2**63 - 1)}),
        ("Customer.custom", {"a": NOON}, "no_document", {}),
        ("Customer.custom", {1: 2}, "no_document", {}),
        ("Customer.custom", {"a": "x" * 100_000}, "too_large", {"max": 100_000}),
        ("Task.reminders", [0] * 10_000, "too_large", {"max": 100_000}),
        ("Ticket.contact", "1", "no_id", {}),
        ("Ticket.contact", 1, "no_id", {}),
    ],
)
def test_a_column_refuses(title: str, value: object, reason: str, params: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        stored(field(title), value)
    assert (caught.value.reason, caught.value.params, caught.value.field) == (reason, params, ())


@pytest.mark.parametrize(("depth", "taken"), [(31, True), (32, False), (100_000, False)])
def test_a_document_is_of_bounded_depth(depth: int, *, taken: bool) -> None:
    nested: object = 1
    for _ in range(depth - 1):
        nested = [nested]
    if taken:
        assert stored(field("Customer.custom"), {"a": nested}) == {"a": nested}
        return
    with pytest.raises(Invalid, match="too_deep"):
        stored(field("Customer.custom"), {"a": nested})


@pytest.mark.parametrize(
    ("country", "text", "made"),
    [
        ("DE", "030 123456", "+4930123456"),
        ("CN", "010 6552 9988", "+861065529988"),
        ("IT", "06 1234 5678", "+390612345678"),
        ("US", "(415) 555-0136", "+14155550136"),
        ("DE", "+1 415 555 0136", "+14155550136"),
        ("NL", "00069879", "+3169879"),
    ],
)
def test_a_number_without_a_country_is_of_the_country_at_hand(country: str, text: str, made: str) -> None:
    assert stored(field("Contact.phone"), text, Hints(country)) == made


@pytest.mark.parametrize(
    ("country", "text", "reason"),
    [
        ("US", "(5) 555-4729", "no_phone"),
        ("US", "call me", "no_phone"),
        ("US", "(503) 555-7555 ext. 12", "phone_with_extension"),
        ("XX", "0171 5557788", "phone_without_country"),
        ("AQ", "0171 5557788", "phone_without_country"),
    ],
)
def test_what_could_be_no_number_of_the_country_is_refused(country: str, text: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        stored(field("Contact.phone"), text, Hints(country))


@pytest.mark.parametrize(
    ("kind", "text", "made"),
    [
        ("EMAIL", " Ann@Example.com", "ann@example.com"),
        ("MOBILE", "0151 23456789", "+4915123456789"),
        ("PHONE", "030 123456", "+4930123456"),
        ("FAX", "+49 30 123456", "+4930123456"),
        ("WHATSAPP", "+49 151 23456789", "+4915123456789"),
        ("WEBSITE", "Example.com", "https://example.com/"),
        ("WECHAT", " ann_01 ", "ann_01"),
        ("SOCIAL", "@Ann", "@Ann"),
        ("APP", "7F", "7F"),
    ],
)
def test_a_contact_point_has_one_form(kind: str, text: str, made: str) -> None:
    assert contact_point(ContactPointKind(kind), text, Hints("DE")) == made


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("EMAIL", "ann", "no_email"),
        ("FAX", "ann", "no_phone"),
        ("WEBSITE", "ann", "no_url"),
        ("WECHAT", "a\0", "unprintable"),
        ("APP", "x" * 501, "too_long"),
        ("WEBSITE", "a.example/" + "x" * 485, "too_long"),
    ],
)
def test_a_contact_point_is_refused(kind: str, text: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        contact_point(ContactPointKind(kind), text)


def test_a_blank_contact_point_is_none() -> None:
    with pytest.raises(Required, match="required"):
        contact_point(ContactPointKind.WECHAT, " ")


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Customer.kind", True),
        ("Customer.displayName", True),
        ("Customer.id", False),
        ("Customer.email", False),
        ("Customer.lifecycleStage", False),
        ("Customer.version", False),
        ("Contact.customer", True),
        ("Contact.region", False),
        ("OrderLine.order", True),
        ("OrderLine.fulfilledQuantity", False),
    ],
)
def test_what_nobody_else_fills_is_required(title: str, *, asked: bool) -> None:
    assert required(field(title)) is asked


@pytest.mark.parametrize(("text", "masked"), [("a•••@x.example", True), ("•••1234", True), ("a***@x.example", False)])
def test_a_mask_is_seen_in_a_value(text: str, *, masked: bool) -> None:
    assert looks_masked(text) is masked


def test_countries_are_those_of_iso_3166_and_kosovo() -> None:
    assert len(countries()) == 249 + 1
    assert {"AQ", "DE", "TW", "XK"} <= countries()
    assert not {"EU", "UK", "UN", "ZZ"} & countries()


def test_currencies_are_those_of_iso_4217_present_and_past() -> None:
    assert {"CNY", "EUR", "USD", "DEM", "HRK"} <= currencies()
    assert not {"XXX", "XTS", "BTC"} & currencies()
