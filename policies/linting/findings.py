"""What lint has to say, and the one shape of all that it looks for.

    Check = name, severity, and what finds it: Subject → Remarks
    lint  = every check on every role; remarks of one check on one rule become one Finding

A rule of a role that others include is remarked on once, for the role whose document it stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from policies.document import Meant
from policies.linting.subject import Subject
from policies.rules import Origin, Rule


class Severity(StrEnum):
    """Whether a policy should be kept from use, or looked at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say of a place; of a rule that speaks of several resources, for one of them."""

    origin: Origin
    message: str
    resource: str = ""
    meant: tuple[Meant, ...] = ()
    """What the rule's author means nevertheless."""


def of_rule(rule: Rule, message: str, resource: str = "") -> Remark:
    """A remark on a rule."""
    return Remark(rule.origin, message, resource or rule.resource, rule.meant)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that lint looks for in a role."""

    name: str
    severity: Severity
    find: Callable[[Subject], Iterable[Remark]]


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """One thing found. `role` is empty where it is no role's; `line` is 0 where `file` is no file."""

    file: str
    line: int
    severity: Severity
    check: str
    role: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        role = f"{self.role}: " if self.role else ""
        return f"{place}: {self.severity}: {role}{self.message} [{self.check}]"
