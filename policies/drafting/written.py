"""The roles and rules of a policy as they are written: one rule for each item of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from policies.document import RoleDocument, RulePart
from policies.drafting.places import read_places
from policies.drafting.writing import plain
from policies.marked_yaml import Marked, read_yaml


@dataclass(frozen=True)
class WrittenRule:
    """A rule of a document: which of its rules it is, from 0, and its text there."""

    index: int
    part: RulePart
    data: Mapping[str, Any]
    text: str
    line: int

    @property
    def effect(self) -> str:
        return "deny" if self.part.deny else "allow"

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(action.value for action in self.part.allow or self.part.deny)


@dataclass(frozen=True)
class WrittenRole:
    """A document: its head and its rules."""

    file: str
    head: RoleDocument
    rules: tuple[WrittenRule, ...] = field(repr=False)

    @property
    def code(self) -> str:
        return self.head.code or ""


def written(texts: Mapping[str, str]) -> dict[str, WrittenRole]:
    """By code, the roles and scopes of documents that are a policy."""
    found = (written_role(file, text) for file, text in sorted(texts.items()))
    return {role.code: role for role in found}


@lru_cache(maxsize=1_024)
def written_role(file: str, text: str) -> WrittenRole:
    """The role or scope of a document of a policy; read once while it is asked of."""
    marked = read_yaml(text, file)
    assert isinstance(marked, Marked)
    head = RoleDocument.model_validate({**marked.value, "rules": []})
    return WrittenRole(file, head, tuple(_rules(marked, text)))


def _rules(marked: Marked, text: str) -> Iterator[WrittenRule]:
    pair = read_places(text).entry("rules")
    places = (pair[1].items if pair is not None else None) or []
    for index, data in enumerate(marked.value.get("rules", ())):
        own = text[places[index].start : places[index].end] if index < len(places) else ""
        line = marked.line(("rules", index))
        yield WrittenRule(index, RulePart.model_validate(data), plain(data), own, line)
