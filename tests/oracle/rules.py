"""Rules as they are written in documents, and what each says of a field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.oracle.description import Field, Resource
from tests.oracle.masks import REDACT, fits

Written: TypeAlias = Mapping[str, Any]
"""A document, a rule or a condition, as YAML gives it."""


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule, as it speaks of one resource."""

    effect: str
    """allow or deny"""
    when: Written
    row: bool
    """A deny of the whole row."""
    shown: Mapping[str, str]
    """By field that it speaks of: PLAIN or the mask's name; of a deny, PLAIN."""
    preset: Written


def code(document: Written) -> str:
    """The role that a document is about; a scope is held like a role."""
    return _code(document, document.get("role", document.get("scope")))


def _code(document: Written, name: str) -> str:
    """Roles include roles, and scopes include scopes."""
    return name if "role" in document else f"scope:{name}"


def rules_of(documents: Iterable[Written], held: str, on: Resource, action: str) -> Iterator[Rule]:
    """The rules of a role, and of all that it includes, on a resource for an action; none of an unknown role."""
    by_code = {code(document): document for document in documents}
    for role in _with_included(by_code, held):
        for written in by_code[role].get("rules", ()):
            effect = "deny" if "deny" in written else "allow"
            if action in written[effect] and _is_about(written["on"], on):
                yield _rule(written, effect, on)


def _with_included(documents: Mapping[str, Written], held: str) -> set[str]:
    found: set[str] = set()
    waiting = {held}
    while waiting:
        role = waiting.pop()
        if role in documents and role not in found:
            found.add(role)
            waiting |= {_code(documents[role], name) for name in documents[role].get("includes", ())}
    return found


def _is_about(named: str | Sequence[str], on: Resource) -> bool:
    names = [named] if isinstance(named, str) else named
    return on.name in names or list(names) == ["all"]


def _rule(written: Written, effect: str, on: Resource) -> Rule:
    row = effect == "deny" and written.get("fields", "all") == "all"
    spoken = [] if row else [field for field in on.fields.values() if _speaks_of(written["fields"], field, effect)]
    shown = {field.name: _shown(written, field) for field in spoken}
    return Rule(
        effect,
        written.get("when", {}),
        row,
        {name: state for name, state in shown.items() if state is not None},
        written.get("preset", {}),
    )


def _speaks_of(fields: Any, field: Field, effect: str) -> bool:
    if effect == "allow" and field.data_class is None:
        return False  # a column without a class is invisible until it has one
    if fields == "all":
        return field.data_class != "SECRET"
    return field.name in fields.get("names", ()) or field.data_class in fields.get("classes", ())


def _shown(written: Written, field: Field) -> str | None:
    """A rule with masks says nothing of plain: what it does not list it does not show."""
    if "mask" not in written:
        return "plain"
    mask: str | None = written["mask"].get(field.name) or written["mask"].get(field.data_class)
    return mask if mask is None or fits(mask, field) else REDACT
