"""What is wrong with a record is told in full of what the caller knows, and barely of the rest."""

from __future__ import annotations

from typing import Any

import pytest

from app.models.catalogue import CATALOGUE
from app.services.errors import Invalid, InvalidState, Required
from app.services.records import rules
from app.services.records.drafts import Draft

CUSTOMER = CATALOGUE["Customer"]
BARE = ("not_possible", ())


def changed(row: dict[str, Any], states: dict[str, str], *fields: str) -> Draft:
    """A customer that is there, some fields of which the caller sets."""
    return Draft(CUSTOMER, {}, row=row, old=dict(row), states=states, set=list(fields))


def told(draft: Draft) -> list[tuple[str, tuple[str, ...]]]:
    return [(error.reason, error.field) for error in draft.errors]


@pytest.mark.parametrize(
    ("states", "fields", "expected"),
    [
        ({"email": "plain"}, (), ("required", ("email",))),
        ({"email": "masked"}, (), BARE),
        ({"email": "withheld"}, (), BARE),
        ({}, (), BARE),
        ({"email": "withheld"}, ("email",), ("required", ("email",))),
    ],
    ids=["plain", "masked", "withheld", "unknown", "set"],
)
def test_what_is_wrong_with_a_field_is_told_to_who_knows_it(
    states: dict[str, str], fields: tuple[str, ...], expected: tuple[str, tuple[str, ...]]
) -> None:
    draft = changed({}, states, *fields)
    draft.note(Required("required", ("email",)))
    assert told(draft) == [expected]


def test_of_a_new_record_everything_is_told() -> None:
    draft = Draft(CUSTOMER, {})
    draft.note(Required("required", ("email",)))
    draft.tell(InvalidState("answered_already"), "phone")
    assert told(draft) == [("required", ("email",)), ("answered_already", ())]


@pytest.mark.parametrize(
    ("state", "expected"), [("plain", ("currency_mismatch", ("amount",))), ("masked", BARE), ("withheld", BARE)]
)
def test_what_tells_of_the_row_is_told_to_who_sees_it(state: str, expected: tuple[str, tuple[str, ...]]) -> None:
    draft = changed({"currency": "EUR"}, {"currency": state})
    draft.tell(Invalid("currency_mismatch", ("amount",), currency="EUR"), "currency")
    assert told(draft) == [expected]


@pytest.mark.parametrize("state", ["plain", "masked", "withheld"])
def test_a_check_is_asked_only_where_all_it_compares_is_known(state: str) -> None:
    row = {"kind": "INDIVIDUAL", "legal_name": "Acme"}
    draft = changed({"kind": "ORGANIZATION", "legal_name": "Acme"}, {"legalName": state}, "kind")
    draft.row = row
    rules.check([draft])
    assert told(draft) == ([("only_organizations", ("legalName",))] if state == "plain" else [])


def test_a_check_of_a_value_that_is_wrong_by_itself_is_left_out() -> None:
    draft = changed({"kind": "INDIVIDUAL", "legal_name": "Acme"}, {"legalName": "plain"}, "kind")
    draft.note(Invalid("no_choice", ("kind",)))
    rules.check([draft])
    assert told(draft) == [("no_choice", ("kind",))]
