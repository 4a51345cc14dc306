"""The types of `formSchema`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from strawberry.types import get_object_definition

from app.models.enums import FieldType
from graphql_schema.building import EntityTypes, upper_snake
from graphql_schema.filters import enum_type
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, make_enum, maybe, name_enum
from graphql_schema.scalars import JSON, Exact
from policies.catalogue import DataClass

ENTITY, FIELD, OPTION, SCHEMA = "FormEntity", "FormField", "FormOption", "FormSchema"
DOCUMENT = "DOCUMENT"

_OPTION, _FIELD, _SCHEMA = empty(OPTION), empty(FIELD), empty(SCHEMA)
_MEANING: Mapping[str, str] = {**{each.value: each.description for each in FieldType}, DOCUMENT: "A JSON document."}
FORM_TYPE: type[Enum] = make_enum(
    Enum("FormFieldType", {name: name for name in _MEANING}),  # type: ignore[arg-type]
    "What a field of a form holds.",
    lambda member: _MEANING[member.value],
)

fill_type(
    _OPTION,
    "A value to choose.",
    [Part("value", str, "The value."), Part("label", str, "What it is called, in the caller's language.")],
)
fill_type(
    _FIELD,
    "What is known of a field before a form is filled in: what writes are judged by.",
    [
        Part("name", str, "Its name in inputs; of a custom field, its key in `customFields`."),
        Part("type", maybe(FORM_TYPE), "What it holds."),
        Part("format", maybe(str), "The scalar that it is written as, where that is narrower: `EmailAddress`."),
        Part("label", str, "What it is called, in the caller's language."),
        Part("hint", maybe(str), "What is to be entered."),
        Part("required", maybe(bool), "Whether a new record must be given it."),
        Part("requiredWhen", maybe(JSON), "When else it must be given: by field of the record, one of these values."),
        Part("settableOnCreate", bool, "Whether the caller may ever set it in a new record."),
        Part(
            "settableOnUpdate", bool, "Whether the caller may ever change it; where, the policy says record by record."
        ),
        Part("minLength", maybe(int), "Fewest characters."),
        Part("maxLength", maybe(int), "Most characters."),
        Part("pattern", maybe(str), "Regular expression that the whole text matches."),
        Part("min", maybe(Exact), "Least number."),
        Part("max", maybe(Exact), "Greatest number."),
        Part("decimals", maybe(int), "Most decimals of a number."),
        Part("options", maybe(listed(_OPTION)), "The values to choose from."),
        Part("targets", maybe(listed(str)), "The types of record that it refers to."),
        Part("dataClass", maybe(enum_type(DataClass)), "How delicate it is."),
        Part("custom", bool, "Whether it is a custom field."),
        Part("filterable", maybe(bool), "Whether filters compare it."),
    ],
)
fill_type(
    _SCHEMA,
    "What a form for records of a type asks.",
    [
        Part("entity", str, "The type of the records."),
        Part("fields", listed(_FIELD), "The fields that the caller may ever see or set; custom ones last."),
    ],
)


def part(types: Mapping[str, EntityTypes]) -> Part:
    """The field of Query."""
    names = {upper_snake(name): name for name in types}
    enum = name_enum(ENTITY, names, "Types of records.", lambda member: _described(types[member.value]))
    told = "What a form asks of a record of a type: of which kind, how long, from which values, by whom."
    return Part("formSchema", maybe(_SCHEMA), told, (Part("entity", enum, "The type.", default=REQUIRED),))


def _described(of: EntityTypes) -> str:
    return get_object_definition(of.object, strict=True).description or ""
