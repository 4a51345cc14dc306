"""A customer in normal forms: what is compared."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar
from uuid import UUID

from app.models.enums import CustomerKind
from app.services.duplicates.details import Details, Place
from app.services.duplicates.forms import email_form, folded, phone_form, squeezed
from app.services.duplicates.names import Tokens, body_tokens, person_tokens

T = TypeVar("T")

MOST = 8
"""Addresses, numbers and places of a customer that are compared."""
_NUMBER = re.compile(r"\d+")


class Spot(NamedTuple):
    """A place in normal form. What is unknown is empty."""

    postal_code: str
    number: str
    street: str
    city: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of a customer. What is unknown is None or empty; what there may be several of is sorted."""

    kind: CustomerKind
    names: tuple[Tokens, ...] = ()
    """Each name it goes by."""
    given: Tokens = ()
    family: Tokens = ()
    """Of a person both or neither."""
    birth_date: dt.date | None = None
    tax_id: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()
    id: UUID | None = None

    @property
    def is_person(self) -> bool:
        """Whether it is one; all others are organisations."""
        return self.kind is CustomerKind.INDIVIDUAL

    def tells_the_same_as(self, other: Profile) -> bool:
        """Whether all that is known of both is the same."""
        return self._told() == other._told()

    def _told(self) -> tuple[object, ...]:
        names = self.names, self.given, self.family
        return (*names, self.kind, self.birth_date, self.tax_id, self.emails, self.phones, self.spots)


def profile(details: Details) -> Profile:
    """The profile of a customer."""
    is_person = details.kind is CustomerKind.INDIVIDUAL
    given, family = person_tokens(details.given_name), person_tokens(details.family_name)
    country = next((place.country for place in details.places if place.country), None)
    return Profile(
        kind=CustomerKind(details.kind),
        names=_all(_names(details) if is_person else map(body_tokens, (details.display_name, details.legal_name))),
        given=given if is_person and given and family else (),
        family=family if is_person and given and family else (),
        birth_date=details.birth_date,
        tax_id=squeezed(details.tax_id),
        emails=_all(map(email_form, details.emails)),
        phones=_all(phone_form(phone, country) for phone in details.phones),
        spots=_all(map(_spot, details.places)),
        id=details.id,
    )


def _names(details: Details) -> Iterable[Tokens]:
    yield person_tokens(details.display_name)
    yield person_tokens(details.given_name, details.family_name)


def _spot(place: Place) -> Spot | None:
    """The place, if enough of it is known to tell it from others."""
    line = folded(place.line1 or "")
    number = _NUMBER.search(line)
    street = squeezed(_NUMBER.sub("", line))
    found = Spot(squeezed(place.postal_code), number[0] if number else "", street, squeezed(place.city))
    return found if found.street or (found.postal_code and found.number) else None


def _all(found: Iterable[T | None]) -> tuple[T, ...]:
    """What there is, each once: the first so many, sorted."""
    kept = dict.fromkeys(each for each in found if each)
    return tuple(sorted(list(kept)[:MOST], key=repr))
