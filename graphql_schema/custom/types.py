"""The types of `customFields`."""

from __future__ import annotations

from app.models.enums import FieldType
from graphql_schema.filters import FILTERS, enum_type
from graphql_schema.making import REQUIRED, Part, empty, fill_input, fill_type, listed, maybe
from graphql_schema.scalars import JSON
from policies.catalogue import Kind

CUSTOM_FIELD, CUSTOM_WHERE = empty("CustomField"), empty("CustomFieldWhere")
fill_type(
    CUSTOM_FIELD,
    "A custom field of a record that has a value in view.",
    [
        Part("key", str, "Its key."),
        Part("label", str, "What it is called, in the caller's language."),
        Part("type", maybe(enum_type(FieldType)), "What it holds."),
        Part("value", maybe(JSON), "The value; exact numbers as text, money as its amount and currency."),
    ],
)
fill_input(
    CUSTOM_WHERE,
    "Conditions on a custom field; all that are given must hold. One that is not filterable, or of another type, is "
    "neither found nor excluded.",
    [
        Part("key", str, "Its key.", default=REQUIRED),
        Part("text", maybe(FILTERS[Kind.TEXT]), "Conditions on a text or a choice."),
        Part("number", maybe(FILTERS[Kind.DECIMAL]), "Conditions on a number."),
        Part("boolean", maybe(FILTERS[Kind.BOOLEAN]), "Conditions on a yes or no."),
        Part("date", maybe(FILTERS[Kind.DATE]), "Conditions on a day."),
        Part("time", maybe(FILTERS[Kind.TIME]), "Conditions on a moment."),
        Part("has", maybe(str), "This is among the choices."),
        Part("isNull", maybe(bool), "Whether there is no value to be seen."),
    ],
)

FIELD = Part(
    "customFields",
    maybe(listed(CUSTOM_FIELD)),
    "The custom fields that have a value in view, by key.",
    (Part("keys", maybe(listed(str)), "Only these, up to 100; without it, all."),),
)
WHERE = Part("customFields", maybe(listed(CUSTOM_WHERE)), "Conditions on custom fields; all of them hold.")
