"""Grants of what is not there to be done: another action on rows or fields that the role never reads.

To export a field is to read it; to unmask one it must be masked on some row; to update, delete, merge or
simulate a row it must be visible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from policies.document import Action
from policies.grounds import FieldGrounds
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.granting import shown
from policies.linting.subject import Subject
from policies.rules import Effect, Rule
from policies.wording import listed

SHOWN: Mapping[Action, tuple[str, Callable[[FieldGrounds], bool]]] = {
    Action.EXPORT: ("at all", lambda grounds: grounds.readable),
    Action.UNMASK: ("masked", lambda grounds: bool(grounds.masked) and grounds.readable),
}
"""How a field must be seen on some row for an action on it."""
NEEDS_ROWS = frozenset({Action.UPDATE, Action.DELETE, Action.MERGE, Action.EXPORT, Action.UNMASK, Action.SIMULATE})


def _find(subject: Subject) -> Iterator[Remark]:
    for resource, action, rules in subject.each(Effect.ALLOW):
        for spoken in rules:
            if action in NEEDS_ROWS and not subject.rows(resource).allowed:
                yield of_rule(spoken.rule, f"grants {action} on rows that the role never sees")
            elif action in SHOWN:
                yield from _unread(subject, spoken.rule)


def _unread(subject: Subject, rule: Rule) -> Iterator[Remark]:
    on, (seen, is_seen) = subject.catalogue[rule.resource], SHOWN[rule.action]
    vain = [name for name in sorted(shown(rule)) if not is_seen(subject.field(on, name))]
    if vain:
        yield of_rule(rule, f"grants {rule.action} of {listed(vain)}, which the role never sees {seen}")


UNREADABLE = Check("unreadable", Severity.WARNING, _find)
