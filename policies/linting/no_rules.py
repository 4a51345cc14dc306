"""Roles without rules, of their own and of what they include: whoever holds no other sees nothing."""

from __future__ import annotations

from collections.abc import Iterator

from policies.linting.findings import Check, Remark, Severity
from policies.linting.subject import Subject


def _find(subject: Subject) -> Iterator[Remark]:
    if not subject.rules:
        yield Remark(subject.role.origin, "has no rule, so whoever holds it sees nothing by it")


NO_RULES = Check("no-rules", Severity.WARNING, _find)
