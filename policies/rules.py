"""Rules, roles and policies: frozen data, checked against the catalogue, ready to be bound to a principal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from policies.catalogue import Catalogue
from policies.conditions import Condition, Operand
from policies.document import Action, Meant, is_scope


class Effect(StrEnum):
    """What a rule does where it speaks. Where no rule speaks, nothing is permitted."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a rule is written."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One effect on one resource: for an action, on rows that meet a condition, on some fields.

    `plain` are the fields granted (or denied) as they are; `masked` gives a mask's name by field.
    `presets` are the values that a write gives to fields, which it may then not set.
    `row` is set on a deny of the whole row. `meant` is what lint need not warn of.
    """

    effect: Effect
    action: Action
    resource: str
    when: Condition
    plain: frozenset[str]
    masked: tuple[tuple[str, str], ...]
    row: bool
    origin: Origin
    presets: tuple[tuple[str, Operand], ...] = ()
    meant: tuple[Meant, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A role (or a scope) and its own rules; `includes` names those whose rules it has, too.

    `tailored`: its holders see a schema of what they can ever see or do. `min_group`: groups of fewer rows are
    not shown in aggregates.
    """

    code: str
    name: str
    includes: tuple[str, ...]
    rules: tuple[Rule, ...]
    tailored: bool = False
    min_group: int | None = None
    origin: Origin = Origin("", 1)

    @property
    def is_scope(self) -> bool:
        """Whether it is an OAuth scope, which bounds a token and is held by nobody."""
        return is_scope(self.code)


@dataclass(frozen=True, eq=False)
class Policy:
    """All roles of one policy version."""

    catalogue: Catalogue = field(repr=False)
    roles: Mapping[str, Role]
    digest: str

    def with_included(self, role: str) -> Iterator[Role]:
        """A role and all that it includes, each once; none for an unknown role."""
        seen: set[str] = set()
        waiting = [role]
        while waiting:
            code = waiting.pop()
            found = self.roles.get(code)
            if found is None or code in seen:
                continue
            seen.add(code)
            waiting.extend(found.includes)
            yield found

    def rules_of(self, role: str) -> Iterator[Rule]:
        """The rules of a role and of all that it includes."""
        for found in self.with_included(role):
            yield from found.rules
