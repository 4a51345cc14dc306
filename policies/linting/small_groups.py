"""Grants to count rows that are not read, by a role that does not say how small a group may be (`minGroup`).

A group of one row tells that row.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.document import Action
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.subject import Subject
from policies.rules import Effect


def _find(subject: Subject) -> Iterator[Remark]:
    roles = subject.policy.with_included(subject.role.code)
    if any(role.min_group is not None for role in roles):
        return
    for resource, action, rules in subject.each(Effect.ALLOW):
        if action is Action.AGGREGATE and not subject.rows(resource).allowed:
            for spoken in rules:
                yield of_rule(spoken.rule, "counts rows that the role does not read, and there is no minGroup")


SMALL_GROUPS = Check("small-groups", Severity.WARNING, _find)
