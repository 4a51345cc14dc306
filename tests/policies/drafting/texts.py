"""Texts of documents, as people write them: in blocks or on one line, with comments in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from policies.drafting.editing import read_value
from policies.drafting.places import read_places
from policies.drafting.writing import entry, flow

ON = st.sampled_from(["all", ["Customer"], ["Customer", "Order"]])
FIELDS = st.sampled_from(["all", {"classes": ["PUBLIC", "BUSINESS"]}, {"names": ["email", "phone"]}])
WHEN = st.sampled_from([{"owner": {"eq": "$me"}}, {"OR": [{"open": {"eq": True}}, {"level": {"gte": 3}}]}])
ODD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
RULES = st.fixed_dictionaries(
    {"allow": st.sampled_from([["read"], ["read", "export"], ["update"]]), "on": ON, "fields": FIELDS},
    optional={"when": WHEN, "preset": st.dictionaries(st.sampled_from(["name", "title"]), ODD, min_size=1)},
)
COMMENTS = st.sampled_from(["", "# about this: [it, is]", "# - not a rule", "#"])
STYLES = st.sampled_from(["block", "indented", "flow", "deep"])


@dataclass(frozen=True)
class Document:
    """A text, and the rules in it."""

    text: str
    rules: tuple[Mapping[str, Any], ...]
    comments: tuple[str, ...]
    """Those that stand on lines of their own."""


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Documents of up to five rules."""
    rules = draw(st.lists(RULES, max_size=5))
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    indent = draw(st.sampled_from(["", "  ", "    "]))
    lines, comments = ["role: r", "name: R  # the name"], []
    lines.append("rules:" if rules else "rules: []")
    for number, rule in enumerate(rules):
        comment = draw(COMMENTS)
        if comment:
            comments.append(f"{comment} {number}")
            lines.append(f"{indent}{comments[-1]}")
        lines += _rule(draw, rule, indent)
    ends = draw(st.sampled_from(["", newline, f"{newline}# the end{newline}"]))
    comments += ["# the end"] if "end" in ends else []
    return Document(newline.join(lines) + ends, tuple(rules), tuple(comments))


def _rule(draw: st.DrawFn, rule: Mapping[str, Any], indent: str) -> list[str]:
    style = draw(STYLES)
    if style == "flow":
        return [f"{indent}- {flow(rule)}"]
    entries = [line for name, value in rule.items() for line in _entry(name, value, deep=style == "deep")]
    dash = "-   " if style == "indented" else "- "
    blank = [""] if draw(st.booleans()) else []
    return [f"{indent}{dash}{entries[0]}", *(f"{indent}{' ' * len(dash)}{each}" for each in entries[1:]), *blank]


def _entry(name: str, value: Any, *, deep: bool) -> list[str]:
    return (
        [f"{name}:", *(f"  - {each}" for each in value)]
        if deep and isinstance(value, list) and name == "on"
        else [entry(name, value)]
    )


def rules_in(text: str) -> list[str]:
    """The texts of the rules in a document."""
    pair = read_places(text).entry("rules")
    assert pair is not None
    return [text[each.start : each.end] for each in pair[1].items or ()]


def value_of(text: str) -> list[Any]:
    """The rules that a document holds."""
    found: list[Any] = read_value(text, "a.yaml")["rules"]
    return found
