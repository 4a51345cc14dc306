"""What each transform makes of a text, and what it refuses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from app.services.importing.document import StepPart
from app.services.importing.transforms import WORD_TRANSFORMS, Refusal, number, transform


@pytest.mark.parametrize(
    ("word", "text", "made"),
    [
        ("trim", "  a b ", "a b"),
        ("squeeze", " a \t b\n c ", "a b c"),
        ("lower", "ÄÖ", "äö"),
        ("upper", "straße", "STRASSE"),
        ("capitals", "ANNA-lena o'NEIL", "Anna-lena O'neil"),
        ("slug", "  Mei-Mei Jöhns & Weiß ", "mei-mei-johns-weiss"),
        ("slug", "東京", ""),
        ("digits", "(02) 201-24", "0220124"),
        ("email", " Ann@Example.COM ", "ann@example.com"),
        ("first_word", "Ana María Trujillo", "Ana"),
        ("last_word", "Ana María Trujillo", "Trujillo"),
        ("but_first_word", "Ana María  Trujillo", "María Trujillo"),
        ("but_last_word", "Ana María Trujillo", "Ana María"),
        ("but_first_word", "Ana", ""),
        ("first_word", "", None),
        ("last_word", " ", None),
    ],
)
def test_a_word_makes_of_a_text(word: str, text: str, made: str | None) -> None:
    assert WORD_TRANSFORMS[word](text) == made


@pytest.mark.parametrize(
    ("step", "text", "made"),
    [
        ({"map": {"Won": "CLOSED_WON", "0": False}}, "Won", "CLOSED_WON"),
        ({"map": {"Won": "CLOSED_WON", "0": False}}, "0", False),
        ({"map": {"Won": "X", "*": None}}, "Lost", None),
        ({"alias": {"GTXPro": "GTX Pro"}}, "GTXPro", "GTX Pro"),
        ({"alias": {"GTXPro": "GTX Pro"}}, "MG", "MG"),
        ({"replace": {" ": "", "-": "/"}}, "1 0-2", "10/2"),
        ({"match": "[A-Z]+"}, "ABC", "ABC"),
        ({"cut": 3}, "abcdef", "abc"),
        ({"pad": 5}, "2116", "02116"),
        ({"split": {"by": ",", "take": 1}}, "a, b ,c", "b"),
        ({"split": {"by": ",", "take": -1}}, "a,b,c", "c"),
        ({"split": {"by": ",", "take": 3}}, "a,b,c", None),
        ({"date": "%m/%d/%Y"}, "9/4/2014", dt.date(2014, 9, 4)),
        ({"date": ["%d.%m.%Y", "%Y-%m-%d"]}, "2014-09-04", dt.date(2014, 9, 4)),
        ({"time": {"formats": "%d.%m.%Y %H:%M"}}, "04.09.2014 12:30", dt.datetime(2014, 9, 4, 12, 30, tzinfo=dt.UTC)),
        ({"time": {"zone": "Europe/Berlin"}}, "2014-09-04T12:30", "2014-09-04T12:30:00+02:00"),
        ({"time": {"zone": "Europe/Berlin"}}, "2014-12-04T12:30", "2014-12-04T12:30:00+01:00"),
        ({"time": {"zone": "Europe/Berlin"}}, "2014-09-04T12:30Z", "2014-09-04T12:30:00+00:00"),
        ({"decimal": {"mark": ",", "grouping": "."}}, "1.234.567,89", Decimal("1234567.89")),
        ({"decimal": {"grouping": " "}}, "1 234.5", Decimal("1234.5")),
        ({"band": {"0": "S", "10": "M", "250": "L"}}, "9", "S"),
        ({"band": {"0": "S", "10": "M", "250": "L"}}, "10", "M"),
        ({"band": {"0": "S", "10": "M", "250": "L"}}, "1000000", "L"),
    ],
)
def test_a_step_makes_of_a_text(step: dict[str, Any], text: str, made: object) -> None:
    found = transform(StepPart.model_validate(step))(text)
    assert (found.isoformat() if isinstance(made, str) and isinstance(found, dt.datetime) else found) == made


@pytest.mark.parametrize(
    ("step", "text", "says"),
    [
        ({"word": "email"}, "ann", "'ann' is no e-mail address"),
        ({"word": "email"}, "a@b@c", "'a@b@c' is no e-mail address"),
        ({"map": {"Won": "X", "Lost": "Y"}}, "won", "'won' is none of 'Won', 'Lost'"),
        ({"match": "[A-Z]+"}, "AbC", "'AbC': does not match [A-Z]+"),
        ({"match": {"pattern": "[0-9]{5}", "says": "no ZIP code"}}, "335XX", "'335XX': no ZIP code"),
        ({"date": "%m/%d/%Y"}, "13/4/2014", "'13/4/2014' is not written as %m/%d/%Y"),
        ({"date": ["%Y", "%m"]}, "x", "'x' is not written as %Y or %m"),
        ({"time": {}}, "noon", "'noon' is no day or time (ISO 8601)"),
        ({"decimal": {"mark": ","}}, "1.5", "'1.5' is no number"),
        ({"decimal": {"grouping": ","}}, "1,23,456", "'1,23,456' is no number"),
        ({"band": {"1": "S"}}, "0", "'0' is below 1"),
        ({"band": {"1": "S"}}, "many", "'many' is no number"),
    ],
)
def test_a_step_refuses_a_text(step: dict[str, Any], text: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        transform(StepPart.model_validate(step))(text)
    assert str(refused.value) == says


@pytest.mark.parametrize("text", ["", "-", "1e5", "1_000", "0x10", "NaN", "Infinity", "١٢", "1.2.3", "1,5", "--1", "."])
def test_only_plain_digits_are_a_number(text: str) -> None:
    with pytest.raises(Refusal):
        number(".", "")(text)


@pytest.mark.parametrize(
    ("text", "made"), [("12", "12"), ("-1.50", "-1.50"), ("+.5", "0.5"), ("7.", "7"), ("007", "7")]
)
def test_a_number_is_exact(text: str, made: str) -> None:
    assert number(".", "")(text) == Decimal(made)
