"""Normal forms: two spellings of one thing are one text, and two things are two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.duplicates.forms import email_form, folded, own_domain, phone_form, squeezed
from app.services.duplicates.names import body_tokens, called, person_tokens


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Jane.Doe@Example.COM", "jane.doe@example.com"),
        (" jane@example.com ", "jane@example.com"),
        ("jane+news@example.com", "jane+news@example.com"),
        ("jane.doe+news@gmail.com", "janedoe@gmail.com"),
        ("j.a.n.e@googlemail.com", "jane@gmail.com"),
        ("jane.doe+news@outlook.com", "jane.doe@outlook.com"),
        ("a@b@c.example", "a@b@c.example"),
        ("jane", None),
        ("@example.com", None),
        ("jane@", None),
        ("+tag@gmail.com", None),
        ("", None),
    ],
)
def test_email(written: str, form: str | None) -> None:
    assert email_form(written) == form


@pytest.mark.parametrize(
    ("email", "domain"), [("a@firm.example", "firm.example"), ("a@gmail.com", None), ("a@qq.com", None)]
)
def test_an_own_domain_is_no_providers(email: str, domain: str | None) -> None:
    assert own_domain(email) == domain


@pytest.mark.parametrize(
    ("written", "country", "form"),
    [
        ("+441132345678", None, "+441132345678"),
        ("+44 (0) 113 234-5678", None, "+441132345678"),
        ("0113 234 5678", "GB", "+441132345678"),
        ("0113 234 5678", None, None),
        ("030 2312 1234", "DE", "+493023121234"),
        ("call me", "GB", None),
        ("", None, None),
        ("12", "GB", None),
        ("010-6552-9988", "CN", "+861065529988"),
    ],
)
def test_phone(written: str, country: str | None, form: str | None) -> None:
    assert phone_form(written, country) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("GB 123.456-789", "gb123456789"),
        ("ｇｂ１２３", "gb123"),
        ("LS1 4AB", "ls14ab"),
        ("", ""),
        (None, ""),
        ("--", ""),
    ],
)
def test_squeezed(written: str | None, form: str) -> None:
    assert squeezed(written) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Émile", "emile"),
        ("ＡＢＣ", "abc"),
        ("Straße", "strasse"),
        ("Ёлкин", "елкин"),
        ("が", "が"),
        ("한국", "한국"),
        ("İ", "i"),
    ],
)
def test_folded(written: str, form: str) -> None:
    assert folded(written) == form


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("Anna-Maria Schmidt", ("anna", "maria", "schmidt")),
        ("SCHMIDT, Anna", ("anna", "schmidt")),
        ("Prof. Dr. med. Anna Schmidt", ("anna", "schmidt")),
        ("J. R. O'Brien", ("j", "obrien", "r")),
        ("王小明", ("小", "明", "王")),
        ("田中 太郎", ("中", "太", "田", "郎")),
        ("Иванов Сергей", ("иванов", "сергеи")),
        ("Dr.", ("dr",)),
        ("?!", ()),
        ("", ()),
    ],
)
def test_names_of_persons(name: str, tokens: tuple[str, ...]) -> None:
    assert person_tokens(name) == tokens


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("Fernhollow Foods Ltd.", ("fernhollow", "foods")),
        ("Foods Fernhollow, Limited", ("fernhollow", "foods")),
        ("Müller & Söhne GmbH & Co. KG", ("muller", "sohne")),
        ("Saveurs Belleroche S.A.R.L.", ("belleroche", "saveurs")),
        ("Vestas A/S", ("vestas",)),
        ("上海云岭机械有限公司", ("上海云岭机械",)),
        ("云岭集团有限公司", ("云岭",)),
        ("株式会社青葉野商店", ("青葉野商店",)),
        ("㈱青葉野", ("青葉野",)),
        ("ООО «Север-Строй»", ("север", "строи")),
        ("ЗАО Север", ("север",)),
        ("GmbH", ("gmbh",)),
        ("有限公司", ("有限公司",)),
        ("", ()),
    ],
)
def test_names_of_organisations(name: str, tokens: tuple[str, ...]) -> None:
    assert body_tokens(name) == tokens


def test_parts_of_a_name_are_one_name() -> None:
    assert person_tokens("Anna", "Schmidt") == person_tokens("Schmidt Anna")
    assert person_tokens(None, "Schmidt") == ("schmidt",)


@pytest.mark.parametrize(("short", "name"), [("bill", "william"), ("саша", "alexander"), ("otto", "otto")])
def test_short_names(short: str, name: str) -> None:
    assert called(short) == name


@given(st.text(max_size=60))
def test_a_form_is_its_own_form(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert squeezed(squeezed(text)) == squeezed(text)
    email = email_form(text)
    assert email is None or email_form(email) == email


@given(st.text(), st.sampled_from([None, "GB", "DE", "CN", "??"]))
def test_any_text_has_a_form_or_none(text: str, country: str | None) -> None:
    email_form(text)
    phone_form(text, country)
    assert all(token == token.strip() and token for token in (*person_tokens(text), *body_tokens(text)))
