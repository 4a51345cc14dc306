"""Conditions that read what the role does not: their truth shows in what they open.

Told is a field that the role never reads plain on any row. A field that it reads plain on some rows
only is not told; nor is, of what opens aggregates, a field that the role is told plain in these.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.catalogue import Resource
from policies.conditions import fields_read
from policies.document import Action
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.subject import Subject
from policies.rules import Effect
from policies.wording import listed


def _find(subject: Subject) -> Iterator[Remark]:
    for effect in Effect:
        for resource, action, rules in subject.each(effect):
            for spoken in rules:
                read = dict.fromkeys(fields_read(spoken.rule.when, resource, subject.catalogue))
                unread = [f"{on.name}.{name}" for on, name in read if not _is_told(subject, action, on, name)]
                if unread:
                    yield of_rule(spoken.rule, f"reads {listed(unread)}, which the role never sees plain")


def _is_told(subject: Subject, action: Action, on: Resource, name: str) -> bool:
    counted = action is Action.AGGREGATE and subject.counted(on, name).plain
    return bool(counted or subject.field(on, name).plain)


UNREAD = Check("unread", Severity.WARNING, _find)
