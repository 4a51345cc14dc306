"""Payloads: what was written, and what stands in the way of writing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

import strawberry

from app.services.errors import Code
from graphql_schema.building import EntityTypes
from graphql_schema.making import Part, empty, fill_type, listed, make_enum, maybe
from graphql_schema.mutations.declaring import Shown
from graphql_schema.scalars import JSON

_MEANING: Mapping[Code, str] = {
    Code.REQUIRED: "A value must be given.",
    Code.INVALID: "A value cannot be taken.",
    Code.NOT_FOUND: "There is no such record in view.",
    Code.FORBIDDEN: "The caller may not do this.",
    Code.CONFLICT: "Somebody else was faster, or has the value already.",
    Code.INVALID_STATE: "The record is not where this can be done.",
    Code.INSUFFICIENT_STOCK: "There is less in stock.",
    Code.BUDGET_EXCEEDED: "The budget does not allow it.",
    Code.RATE_LIMITED: "Too often of late; later it may go.",
}
CODE: type[Enum] = make_enum(
    Enum("UserErrorCode", {code.value: code.value for code in Code}),  # type: ignore[arg-type]
    "What kind of mistake it is. Codes do not change their meaning.",
    lambda member: _MEANING[Code(member.value)],
)

USER_ERROR = empty("UserError")
fill_type(
    USER_ERROR,
    "Something that a person can correct. All mistakes of a request are told at once.",
    [
        Part("code", CODE, "What kind of mistake it is."),
        Part("field", maybe(listed(str)), "Where in the input it is, from outside in; null: in the whole."),
        Part("message", str, "What is wrong, in the caller's language."),
        Part("params", maybe(JSON), "What the message speaks of, for messages of one's own."),
    ],
)

CURSOR = Part("changeCursor", maybe(str), "Its place in `changes`.")
ERRORS = Part("userErrors", listed(USER_ERROR), "Where there is any, nothing was written.")


def make_payload(
    title: str, description: str, shown: Iterable[Shown], types: Mapping[str, EntityTypes], told: Iterable[Part] = ()
) -> type:
    """A payload type: records, and what else is told."""
    made = empty(title)
    fill_type(made, description, [*(_part(each, types) for each in shown), *told, CURSOR, ERRORS])
    return made


def _part(shown: Shown, types: Mapping[str, EntityTypes]) -> Part:
    if shown.gone:
        return Part(shown.name, maybe(strawberry.ID), "The id of what was deleted.")
    of = types[shown.entity.name].object
    if shown.many:
        return Part(shown.name, listed(maybe(of)), "What was written, as it is seen.")
    return Part(shown.name, maybe(of), "What was written, as it is seen.")
