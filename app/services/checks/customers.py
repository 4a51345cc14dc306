"""Customers and contacts: who has which name, when they were born, where they live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from app.models.catalogue import CATALOGUE
from app.models.enums import CustomerKind
from app.services.checks.check import Check, Test, check, named
from app.services.checks.past import today
from app.services.errors import Invalid, UserError
from app.services.values.places import contains

OLDEST = 150
"""Years; nobody has reached 123."""
_PERSONS = ("given_name", "family_name", "birth_date")
_ORGANIZATIONS = ("legal_name", "employee_band")


def _only_of_persons(name: str) -> Test:
    def test(kind: str | None, value: object) -> Iterator[UserError]:
        if value is not None and kind == CustomerKind.ORGANIZATION:
            yield Invalid("only_persons", (name,))

    return test


def _only_of_organizations(name: str) -> Test:
    def test(kind: str | None, value: object) -> Iterator[UserError]:
        if value is not None and kind == CustomerKind.INDIVIDUAL:
            yield Invalid("only_organizations", (name,))

    return test


def _born(birth: dt.date | None) -> Iterator[UserError]:
    """A birth date that someone alive may have."""
    if birth is not None and today().year - birth.year > OLDEST:
        yield Invalid("too_long_ago", ("birthDate",), years=OLDEST)


def _placed(area: str | None, country: str | None) -> Iterator[UserError]:
    if area is not None and country is not None and not contains(country, area):
        yield Invalid("elsewhere", ("adminArea",), country=country)


def _kind(column: str, test: Test) -> Check:
    return check("Customer", ("kind", column), test)


_CUSTOMER = CATALOGUE["Customer"]
CHECKS: Mapping[str, tuple[Check, ...]] = {
    "Customer": (
        *(_kind(column, _only_of_persons(named(_CUSTOMER, column))) for column in _PERSONS),
        *(_kind(column, _only_of_organizations(named(_CUSTOMER, column))) for column in _ORGANIZATIONS),
        check("Customer", ("birth_date",), _born),
    ),
    "Contact": (check("Contact", ("birth_date",), _born),),
    "Address": (check("Address", ("admin_area", "country"), _placed),),
}
