"""What is told of rules, and of what is seen by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql_schema.making import Part, empty, fill_type, listed, maybe, name_enum
from graphql_schema.scalars import JSON

Plain = Mapping[str, Any]

_MEANING = {"PLAIN": "Shown as it is.", "MASKED": "A part of it is shown.", "WITHHELD": "Nothing of it is shown."}
STATE = name_enum(
    "AccessState",
    {name: name for name in _MEANING},
    "How a field is seen.",
    lambda member: _MEANING[member.value],
)

FIELD = empty("AccessField")
fill_type(
    FIELD,
    "A field, and how it is seen.",
    [
        Part("field", str, "Its name in the policy."),
        Part("state", maybe(STATE), "How it is seen; null where it depends on the row."),
    ],
)
CONDITION = empty("AccessCondition")
fill_type(
    CONDITION,
    "A part of a rule's condition.",
    [
        Part("depth", int, "How deep it stands within the condition."),
        Part("text", str, "In words."),
        Part("truth", maybe(str), "What it is of the row: `true`, `false`, `unknown`, or `withheld` from who asks."),
        Part("becomes", maybe(bool), "What it would have to become."),
        Part("state", maybe(STATE), "How who asks sees the value compared; null where its row is not in view."),
        Part("value", maybe(JSON), "The value compared, where who asks sees it plain."),
        Part("operand", maybe(JSON), "What it is compared with, where who asks may know it."),
        Part("met", maybe(int), "Of a list: how many of the rows seen meet it."),
        Part("of", maybe(int), "Of a list: how many rows who asks sees."),
    ],
)
RULE = empty("AccessRule")
fill_type(
    RULE,
    "A rule that speaks, by a role that is held.",
    [
        Part("effect", str, "`allow` or `deny`."),
        Part("gives", str, "`plain`, the name of a mask, `deny`; `row` where no field is asked for."),
        Part("role", str, "Code of the role."),
        Part("ceiling", int, "0: the user's own; else the number of what bounds the user."),
        Part("when", str, "On which rows it speaks, in words."),
        Part("file", str, "The document in which it is written."),
        Part("line", int, "The line of that."),
        Part("holds", maybe(bool), "Whether it holds on the row; null where that is withheld, or no row is asked for."),
        Part("conditions", listed(CONDITION), "The parts of its condition, each before those within it."),
    ],
)


def condition(of: Plain, depth: int = 0) -> Plain:
    """A part of a condition as it is told."""
    names = ("text", "truth", "becomes", "value", "operand", "met", "of")
    return {"depth": depth, "state": upper(of.get("state"))} | {name: of.get(name) for name in names}


def conditions(part: Plain, depth: int = 0) -> Iterator[Plain]:
    """A condition's parts, each before those within it."""
    yield condition(part, depth)
    for inner in part.get("parts", ()):
        yield from conditions(inner, depth + 1)


def upper(state: str | None) -> str | None:
    """A state by its name in the schema."""
    return state and state.upper()
