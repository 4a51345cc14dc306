"""Every field and every value of a closed list has a name in each language, and none is named in vain."""

from __future__ import annotations

import pytest

from app.models.catalogue import CATALOGUE
from app.services.labels import field_label, option_label
from app.services.labels.fields import FIELDS
from app.services.labels.options import OPTIONS
from app.services.messages.languages import CHINESE, ENGLISH

NAMES = {name for resource in CATALOGUE for name in (*resource.fields, *resource.subjects)}
VALUES = {
    str(member.value)
    for resource in CATALOGUE
    for field in resource.fields.values()
    for member in field.spec.enum or ()
}
UNNAMED = {"id", *(name for name in CATALOGUE["Customer"].fields if name.startswith("custom"))}
"""What no form asks by itself."""


def test_all_are_named() -> None:
    assert set(FIELDS) == NAMES - UNNAMED
    assert set(OPTIONS) == VALUES


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("displayName", "Display name"),
        ("taxId", "Tax ID"),
        ("line1", "Line 1"),
        ("sku", "SKU"),
        ("discountPct", "Discount (%)"),
    ],
)
def test_english_names_are_made_of_the_fields_own(name: str, english: str) -> None:
    assert field_label(name, ENGLISH) == english
    assert field_label(name, CHINESE) == FIELDS[name]


def test_english_names_of_values_are_made_of_the_values() -> None:
    assert (option_label("AT_RISK", ENGLISH), option_label("AT_RISK", CHINESE)) == ("At risk", "有流失风险")
