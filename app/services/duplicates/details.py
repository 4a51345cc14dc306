"""What is known of a customer, as written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from app.models.enums import CustomerKind


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address. What is unknown is None."""

    line1: str | None = None
    city: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What the rows of a customer, its contacts, contact points and addresses say of it.

    `id` is None for one that is not stored. E-mail addresses and telephone numbers are the customer's own and its contacts'.
    """

    kind: CustomerKind
    display_name: str | None = None
    legal_name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    birth_date: dt.date | None = None
    tax_id: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    id: UUID | None = None
