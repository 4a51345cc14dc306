"""Scores: exact values for what people would call the same or not, and the laws that every score keeps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.enums import CustomerKind
from app.services.duplicates import Details, Place, Profile, profile, score
from app.services.duplicates.likeness import MEASURES, body_name, person_name
from app.services.duplicates.weights import BODY, PERSON, Weights
from tests.services.duplicates.details import ADDRESS, a_body, a_person

Values = dict[str, Any]
ONLY_NAME: Values = {"birth_date": None, "emails": (), "phones": (), "places": ()}
ONLY_FIRM: Values = {"tax_id": None, "emails": (), "phones": (), "places": ()}

PERSONS: dict[str, tuple[Values, Values, int, str]] = {
    "all the same": ({}, {}, 100, "givenName 100 familyName 100 birthDate 100 email 100 phone 100 addresses 100"),
    "one has no e-mail": ({}, {"emails": ()}, 99, "givenName 100 familyName 100 birthDate 100 phone 100 addresses 100"),
    "a short name": ({}, {"given": "Bill"}, 99, "givenName 95 familyName 100 birthDate 100 email 100 phone 100 addresses 100"),
    "an initial": (ONLY_NAME | {"emails": ("a@b.example",)}, ONLY_NAME | {"given": "W.", "emails": ("a@b.example",)}, 84, "givenName 85 familyName 100 email 100"),
    "names exchanged": (ONLY_NAME | {"phones": ("+441",)}, {"given": "Norris", "family": "William", **ONLY_NAME, "phones": ("+441",)}, 97, "givenName 100 familyName 100 phone 100"),
    "married, moved": ({}, {"family": "Hallmark", "places": (Place("3 Other Road", "York", "YO1", "GB"),)}, 99, "givenName 100 familyName 43 birthDate 100 email 100 phone 100 addresses 0"),
    "day and month exchanged": (ONLY_NAME | {"birth_date": dt.date(1980, 5, 4)}, ONLY_NAME | {"birth_date": dt.date(1980, 4, 5)}, 89, "givenName 100 familyName 100 birthDate 90"),
    "a name only": (ONLY_NAME, ONLY_NAME | {"phones": ("+441132345678",)}, 32, "givenName 100 familyName 100"),
    "the same name and nothing else known": (ONLY_NAME, ONLY_NAME, 100, "givenName 100 familyName 100"),
    "namesakes": ({}, {"birth_date": dt.date(1951, 1, 31), "emails": ("x@y.example",), "phones": ("+33123456789",), "places": (Place("3 Other Road", "York", "YO1", "GB"),)}, 0, "givenName 100 familyName 100 birthDate 0 email 0 phone 0 addresses 0"),
    "man and wife": ({}, {"given": "Margaret", "birth_date": dt.date(1982, 2, 11), "emails": ("m@norris.example",)}, 0, "givenName 42 familyName 100 birthDate 0 email 0 phone 100 addresses 100"),
    "man and wife, no birthdays": ({"birth_date": None}, {"given": "Margaret", "birth_date": None, "emails": ()}, 14, "givenName 42 familyName 100 phone 100 addresses 100"),
}  # fmt: skip


def _likeness(text: str) -> dict[str, int]:
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


@pytest.mark.parametrize("case", PERSONS)
def test_persons(case: str) -> None:
    one, other, expected, evidence = PERSONS[case]
    found = score(a_person(**one), a_person(**other))
    assert (dict(found.evidence), found.value) == (_likeness(evidence), expected)


BODIES: dict[str, tuple[Values, Values, int, str]] = {
    "all the same": ({}, {}, 100, "displayName 100 taxId 100 email 100 phone 100 addresses 100"),
    "another legal form": ({}, {"name": "FERNHOLLOW FOODS LIMITED", "phones": ()}, 99, "displayName 100 taxId 100 email 100 addresses 100"),
    "another mailbox": (ONLY_FIRM | {"emails": ("a@f.example",)}, ONLY_FIRM | {"emails": ("b@f.example",)}, 82, "displayName 100 email 70"),
    "mailboxes at a provider": (ONLY_FIRM | {"emails": ("a@gmail.com",)}, ONLY_FIRM | {"emails": ("b@gmail.com",)}, 0, "displayName 100 email 0"),
    "a sister": ({}, {"name": "Fernhollow Logistics Ltd", "tax_id": "GB987654321", "emails": ("x@fernhollow.example",), "phones": ()}, 0, "displayName 70 taxId 0 email 70 addresses 100"),
    "a branch": ({}, {"tax_id": "GB987654321", "emails": (), "phones": ("+33123456789",), "places": (Place("3 Other Road", "York", "YO1", "GB"),)}, 0, "displayName 100 taxId 0 phone 0 addresses 0"),
    "a tax number with two digits exchanged": (ONLY_FIRM | {"tax_id": "GB123456789"}, ONLY_FIRM | {"tax_id": "GB123465789"}, 94, "displayName 100 taxId 85"),
    "a Chinese firm without its form": ({"name": "上海云岭机械有限公司"}, {"name": "上海云岭机械", "tax_id": None}, 99, "displayName 100 email 100 phone 100 addresses 100"),
    "a Russian firm": ({"name": "ООО «Север-Строй»", **ONLY_FIRM}, {"name": "СЕВЕР СТРОЙ, ЗАО", **ONLY_FIRM}, 100, "displayName 100"),
}  # fmt: skip


@pytest.mark.parametrize("case", BODIES)
def test_organisations(case: str) -> None:
    one, other, expected, evidence = BODIES[case]
    found = score(a_body(**one), a_body(**other))
    assert (dict(found.evidence), found.value) == (_likeness(evidence), expected)


def test_a_person_is_no_organisation() -> None:
    assert score(a_person(), a_body()) == (0, (), 0.0)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("anna schmidt", "anna schmidt", 100),
        ("anna schmidt", "anna maria schmidt", 96),
        ("anna schmidt", "anna schmitd", 97),
        ("anna schmidt", "peter schmidt", 0),
        ("a schmidt", "anna schmidt", 85),
        ("schmidt", "anna schmidt", 81),
        ("bob marley", "robert marley", 95),
        ("王 伟", "王 芳", 0),
        ("john smith", "smith smith john", 100),
    ],
)
def test_names_of_persons(one: str, other: str, likeness: int) -> None:
    words = (tuple(sorted(set(name.split()))) for name in (one, other))
    assert person_name(*words) == likeness


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [("blue fen", "bluefen", 100), ("fernhollow foods", "fernholow foods", 96), ("上海云岭机械", "上海云岭软件", 66), ("abc", "xyz", 0)],
)  # fmt: skip
def test_names_of_organisations(one: str, other: str, likeness: int) -> None:
    assert body_name(tuple(one.split()), tuple(other.split())) == likeness


@pytest.mark.parametrize(
    ("place", "likeness"),
    [
        (ADDRESS, 100),
        (replace(ADDRESS, line1="12, MILL LANE"), 100),
        (replace(ADDRESS, line1="Mill Ln 12"), 85),
        (replace(ADDRESS, postal_code=None), 100),
        (replace(ADDRESS, postal_code="LS1 4AA"), 60),
        (replace(ADDRESS, line1="12"), 60),
        (replace(ADDRESS, line1="14 Mill Lane"), 50),
        (replace(ADDRESS, line1="12 Harbour Street"), 0),
        (Place("3 Other Road", "York", "YO1", "GB"), 0),
    ],
)
def test_addresses(place: Place, likeness: int) -> None:
    assert MEASURES["addresses"](a_person(), a_person(places=(place,))) == likeness


# The table


@pytest.mark.parametrize("weights", [PERSON, BODY], ids=["persons", "organisations"])
def test_the_levels_of_a_field_are_shares_of_all_pairs_and_fall(weights: Weights) -> None:
    for field, levels in weights.fields.items():
        assert sum(level.m for level in levels) == pytest.approx(1), field
        assert sum(level.u for level in levels) == pytest.approx(1, abs=1e-9), field
        assert [level.at_least for level in levels] == sorted({level.at_least for level in levels}, reverse=True)
        assert levels[-1].at_least == 0
        bits = [level.bits for level in levels]
        assert bits == sorted(bits, reverse=True), field
    assert set(weights.fields) <= set(MEASURES)
    assert weights.shared <= set(weights.fields)


def test_what_is_shared_in_a_house_counts_half_each_time() -> None:
    whole = {field: levels[0].bits for field, levels in PERSON.fields.items()}
    alike = [(field, 100) for field in ("givenName", "familyName", "phone", "addresses")]
    shared = sorted((whole[field] for field in ("familyName", "phone", "addresses")), reverse=True)
    expected = PERSON.prior + whole["givenName"] + shared[0] + shared[1] / 2 + shared[2] / 4
    assert PERSON.bits(alike) == pytest.approx(expected)


# Laws

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    [
        "Anna",
        "Ann",
        "Schmidt",
        "Schmitt",
        "王伟",
        "Иванов",
        "Bill William",
        "a@gmail.com",
        "+441132345678",
        "12 Mill Lane",
    ]
)
MAYBE = st.none() | TEXTS
PLACES = st.builds(Place, MAYBE, MAYBE, MAYBE, st.sampled_from([None, "GB", "DE"]))
DETAILS = st.builds(
    Details,
    kind=st.sampled_from(CustomerKind),
    display_name=MAYBE,
    legal_name=MAYBE,
    given_name=MAYBE,
    family_name=MAYBE,
    birth_date=st.none() | st.dates(),
    tax_id=MAYBE,
    emails=st.lists(st.builds("{}@{}".format, TEXTS, TEXTS), max_size=3).map(tuple),
    phones=st.lists(TEXTS | st.from_regex(r"\+[1-9][0-9]{1,14}", fullmatch=True), max_size=3).map(tuple),
    places=st.lists(PLACES, max_size=2).map(tuple),
)
PROFILES = st.builds(profile, DETAILS)


@given(PROFILES, PROFILES)
@settings(max_examples=150, deadline=None)
def test_a_score_is_symmetric_repeatable_and_within_bounds(one: Profile, other: Profile) -> None:
    found = score(one, other)
    assert found == score(other, one) == score(one, other)
    assert 0 <= found.value <= 100
    assert all(0 <= each.likeness <= 100 for each in found.evidence)
    assert (found.value == 100) is one.tells_the_same_as(other)


@given(DETAILS)
@settings(max_examples=80, deadline=None)
def test_what_is_the_same_scores_100(details: Details) -> None:
    twin = replace(details, id=UUID(int=1))
    found = score(profile(details), profile(twin))
    assert found.value == 100
    assert {each.likeness for each in found.evidence} <= {100}


@given(PROFILES, PROFILES)
@settings(max_examples=80, deadline=None)
def test_what_one_does_not_have_is_no_evidence(one: Profile, other: Profile) -> None:
    fields = {each.field for each in score(replace(one, emails=(), birth_date=None), other).evidence}
    assert not fields & {"email", "birthDate"}
