"""Customers for tests: functions with defaults."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.models.enums import CustomerKind
from app.services.duplicates import Details, Place, Profile, profile

ADDRESS = Place("12 Mill Lane", "Leeds", "LS1 4AB", "GB")


def person(given: str = "William", family: str = "Norris", **values: Any) -> Details:
    """A person of whom much is known."""
    known = {
        "display_name": f"{given} {family}",
        "given_name": given,
        "family_name": family,
        "birth_date": dt.date(1980, 5, 4),
        "emails": ("will.norris@gmail.com",),
        "phones": ("+441132345678",),
        "places": (ADDRESS,),
    }
    return Details(CustomerKind.INDIVIDUAL, **{**known, **values})


def body(name: str = "Fernhollow Foods Ltd", **values: Any) -> Details:
    """An organisation of which much is known."""
    known = {
        "display_name": name,
        "tax_id": "GB123456789",
        "emails": ("office@fernhollow.example",),
        "phones": ("+441132345678",),
        "places": (ADDRESS,),
    }
    return Details(CustomerKind.ORGANIZATION, **{**known, **values})


def a_person(given: str = "William", family: str = "Norris", **values: Any) -> Profile:
    """The profile of a person."""
    return profile(person(given, family, **values))


def a_body(name: str = "Fernhollow Foods Ltd", **values: Any) -> Profile:
    """The profile of an organisation."""
    return profile(body(name, **values))
