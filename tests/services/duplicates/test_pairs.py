"""Which pairs are compared: those that share a key, each once, and never more than a few for each customer."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.enums import CustomerKind
from app.services.duplicates import Details, Place, Profile, candidates, profile
from app.services.duplicates.blocking import keys
from app.services.duplicates.pairs import LARGEST, WINDOW
from tests.services.duplicates.details import a_body, a_person


def numbered(profiles: Iterable[Profile]) -> list[Profile]:
    """Profiles with an id each, by their order."""
    return [replace(each, id=UUID(int=number)) for number, each in enumerate(profiles)]


def pairs(profiles: Iterable[Profile]) -> list[tuple[int, int]]:
    """The pairs compared, by order."""
    return [(one.id.int, other.id.int) for one, other in candidates(profiles) if one.id and other.id]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            a_person(),
            "Pewillnorris@gmail.com Pp+441132345678 Pals14ab 12 Pb1980-05-04 Pnnorr will Pznorr ls14ab Pzwill ls14ab",
        ),
        (
            a_body(),
            "Oeoffice@fernhollow.example Op+441132345678 Oals14ab 12 Ot123456789 Odfernhollow.example Onfern food "
            "Ozfern ls14ab Ozfood ls14ab",
        ),
        (profile(Details(CustomerKind.INDIVIDUAL, "Bill Norris")), "Pnnorr will"),
        (
            profile(Details(CustomerKind.ORGANIZATION, "上海云岭机械有限公司", emails=("a@qq.com",))),
            "Oea@qq.com On上海云岭",
        ),
        (profile(Details(CustomerKind.INDIVIDUAL, "王伟")), "Pn伟 王"),
        (profile(Details(CustomerKind.INDIVIDUAL, "?!")), ""),
    ],
    ids=["person", "organisation", "short name", "Chinese firm", "Chinese person", "nothing"],
)
def test_keys(made: Profile, expected: str) -> None:
    marked = (" " + expected).replace(" P", "\nP").replace(" O", "\nO").split("\n")
    assert keys(made) == {each for each in marked if each.strip()}


ALONE: dict[str, Any] = {"birth_date": None, "emails": (), "phones": (), "places": ()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"emails": ("Will.Norris@gmail.com",)}, {"emails": ("willnorris+x@gmail.com",)}),
        ({"phones": ("+441132345678",)}, {"phones": ("+44 113 234 5678",)}),
        ({"tax_id": "GB 123"}, {"tax_id": "123"}),
        ({"birth_date": dt.date(1980, 5, 4)}, {"birth_date": dt.date(1980, 5, 4)}),
        ({"places": (Place("12 Mill Lane", None, "LS1 4AB"),)}, {"places": (Place("Mill Ln 12", None, "ls14ab"),)}),
    ],
    ids=["e-mail", "phone", "tax id", "birth date", "house"],
)
def test_one_identity_is_enough(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = a_person("Abc", "Def", **{**ALONE, **one}), a_person("Uvw", "Xyz", **{**ALONE, **other})
    assert pairs(numbered([first, second])) == [(0, 1)]
    assert pairs(numbered([first, a_person("Uvw", "Xyz", **ALONE)])) == []


def test_a_pair_that_shares_all_keys_comes_once() -> None:
    assert pairs(numbered([a_person(), a_body(), a_person(), a_body(), a_person()])) == [(0, 2), (1, 3), (0, 4), (2, 4)]


FEW = st.sampled_from(["Anna", "Bert", "Cleo", "Dora"])
PERSONS = st.lists(
    st.builds(
        lambda given, family, number: a_person(given, family, **{**ALONE, "phones": (f"+4411323{number:05d}",)}),
        FEW, FEW, st.integers(0, 9),
    ),
    max_size=2 * WINDOW,
)  # fmt: skip


@given(PERSONS)
@settings(max_examples=60, deadline=None)
def test_where_blocks_are_small_all_that_share_a_key_are_compared_once(made: list[Profile]) -> None:
    given_ = numbered(made)[: WINDOW + 1]
    sharing = [(i, j) for (i, one), (j, other) in combinations(enumerate(given_), 2) if keys(one) & keys(other)]
    assert Counter(pairs(given_)) == Counter(sharing)


@given(PERSONS)
@settings(max_examples=60, deadline=None)
def test_what_is_the_same_is_compared_in_any_order(made: list[Profile]) -> None:
    """A twin stands beside its twin, whoever else is under the key."""
    twin = a_person("Anna", "Bert", **{**ALONE, "phones": ("+12",)})
    crowd = numbered([*made, twin, *made, twin])
    assert (len(made), 2 * len(made) + 1) in pairs(crowd)


def test_a_key_that_all_share_costs_each_no_more_than_a_few_comparisons() -> None:
    crowd = numbered(a_person(**{**ALONE, "phones": (f"+4411{n * 7919 % 400:08d}",)}) for n in range(400))
    compared = Counter(later for _, later in pairs(crowd))
    assert max(compared.values()) == 2 * WINDOW


def test_a_key_that_too_many_share_is_forgotten() -> None:
    crowd = numbered(a_person(**ALONE) for _ in range(LARGEST + 3 * WINDOW))
    late = Counter(one.id.int for one, _ in candidates(crowd) if one.id and one.id.int >= LARGEST)
    assert late == Counter()
