"""Rules of a provider: which claims give which roles.

    - {claim: groups, contains: crm-sales, role: sales_rep, department: SALES, region: DE}
    - {claim: [realm_access, roles], contains: crm-admin, role: admin}
    - {claim: employee_type, equals: manager, role: sales_manager}

`equals` compares the whole value, `contains` each member of a list. A claim that is absent, or of another form, gives nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

PARTS = frozenset({"claim", "equals", "contains", "role", "department", "region"})
MOST_RULES = 200


class BadRules(ValueError):
    """Rules that cannot be read; the message has a line for each fault."""


@dataclass(frozen=True, slots=True)
class Post:
    """A role that somebody is to hold, for a department and a region; all by their codes."""

    role: str
    department: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One claim, what it is to hold, and what it gives."""

    claim: tuple[str, ...]
    value: str | int | bool
    is_list: bool
    post: Post

    def holds(self, claims: Mapping[str, Any]) -> bool:
        """Whether claims fulfil it."""
        found: Any = claims
        for name in self.claim:
            found = found.get(name) if isinstance(found, Mapping) else None
        if self.is_list:
            return isinstance(found, list) and any(_same(each, self.value) for each in found)
        return _same(found, self.value)


def _same(found: object, value: object) -> bool:
    return type(found) is type(value) and found == value


def posts(rules: Iterable[Rule], claims: Mapping[str, Any]) -> frozenset[Post]:
    """All that the rules give to who has these claims."""
    return frozenset(rule.post for rule in rules if rule.holds(claims))


def read_rules(given: object) -> tuple[Rule, ...]:
    """Rules as they are written. Raises BadRules with all faults."""
    if not isinstance(given, list) or len(given) > MOST_RULES:
        raise BadRules(f"the rules are a list of at most {MOST_RULES}")
    faults = [f"rule {number}: {fault}" for number, each in enumerate(given, start=1) for fault in _faults(each)]
    if faults:
        raise BadRules("\n".join(faults))
    return tuple(map(_rule, given))


def _faults(given: object) -> list[str]:
    if not isinstance(given, dict):
        return ["is no object"]
    found = [f"{name!r} is none of {', '.join(sorted(PARTS))}" for name in given if name not in PARTS]
    path = given.get("claim")
    names = path if isinstance(path, list) else [path]
    tests = [given[name] for name in ("equals", "contains") if name in given]
    checks = {
        "a claim is a name, or the names that lead to it": names
        and all(isinstance(name, str) and name for name in names),
        "says one of equals and contains": len(tests) == 1,
        "compares with a text, a whole number or a truth value": all(isinstance(test, (str, int)) for test in tests),
        "a role is named by its code": isinstance(given.get("role"), str),
        "department and region are named by their codes": all(
            isinstance(given.get(name), (str, type(None))) for name in ("department", "region")
        ),
    }
    return found + [fault for fault, holds in checks.items() if not holds]


def _rule(given: dict[str, Any]) -> Rule:
    path = given["claim"]
    post = Post(given["role"], given.get("department"), given.get("region"))
    is_list = "contains" in given
    return Rule(
        tuple(path) if isinstance(path, list) else (path,), given["contains" if is_list else "equals"], is_list, post
    )
