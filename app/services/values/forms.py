"""Which column asks for which form: by the scalar it declares, or, where it declares none, by its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.services.values.hints import Hints
from app.services.values.industries import industry
from app.services.values.places import admin_area, country, currency, locale, time_zone
from app.services.values.reach import email, phone, url
from app.services.values.trees import name

Form: TypeAlias = Callable[[str, Hints], str]
"""Brings a line of text that is not blank into its form, or raises Invalid."""


def _alone(form: Callable[[str], str]) -> Form:
    return lambda text, hints: form(text)


SCALARS: Mapping[str, Form] = {
    "EmailAddress": email,
    "PhoneNumber": phone,
    "CountryCode": _alone(country),
    "CurrencyCode": _alone(currency),
}
COLUMNS: Mapping[str, Form] = {
    "addresses.admin_area": _alone(admin_area),
    "customers.industry_code": _alone(industry),
    "customers.locale": _alone(locale),
    "customers.time_zone": _alone(time_zone),
    "departments.code": _alone(name),
    "interactions.recording_url": url,
    "regions.code": _alone(name),
    "regions.time_zone": _alone(time_zone),
    "users.locale": _alone(locale),
    "users.time_zone": _alone(time_zone),
}


def form_of(column: sa.Column[Any]) -> Form | None:
    """The form of a column's texts; None where any text will do."""
    scalar = column.info["field"].scalar
    return SCALARS[scalar] if scalar else COLUMNS.get(f"{column.table.name}.{column.name}")
