"""Hashes beside a grant to write the same field: whoever can write a value and read its hash can search for values.

Within a role it is an error. Of two roles that somebody may hold together it is told of the one that shows the hash.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.document import Action
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.granting import by, shown
from policies.linting.subject import Spoken, Subject
from policies.rules import Effect, Rule
from policies.wording import listed

HASH = "hash"
WRITING = (Action.CREATE, Action.UPDATE)
TELLING = (Action.READ, Action.AGGREGATE)
"""Actions that show a hash first; what is exported is read, too."""


def _find(subject: Subject) -> Iterator[Remark]:
    for resource, action, rules in subject.each(Effect.ALLOW):
        writes = [each for written in WRITING for each in subject.spoken(resource.name, written, Effect.ALLOW)]
        if action in TELLING and writes:
            for spoken in rules:
                yield from _written(spoken, writes)


def _written(spoken: Spoken, writes: list[Spoken]) -> Iterator[Remark]:
    both = [field for field in _hashed(spoken.rule) if any(field in shown(write.rule) for write in writes)]
    if both:
        over = (write for write in writes if any(field in shown(write.rule) for field in both))
        yield of_rule(spoken.rule, f"shows {listed(both)} as a hash, which may be written by {by(over)}")


def _hashed(rule: Rule) -> list[str]:
    return sorted(field for field, mask in rule.masked if mask == HASH)


def _find_others(subject: Subject) -> Iterator[Remark]:
    others = list(_writes_of_others(subject))
    for rule in subject.role.rules:
        if rule.action in TELLING and _hashed(rule):
            yield from _written_by_others(rule, [other for other in others if other.resource == rule.resource])


def _writes_of_others(subject: Subject) -> Iterator[Rule]:
    """What roles grant to be written that have nothing to do with this one, but may be held beside it."""
    own = {role.code for role in subject.policy.with_included(subject.role.code)}
    for role in subject.policy.roles.values():
        related = role.code in own or subject.role in subject.policy.with_included(role.code)
        if not related and not role.is_scope and not subject.role.is_scope:
            yield from (rule for rule in role.rules if rule.effect is Effect.ALLOW and rule.action in WRITING)


def _written_by_others(rule: Rule, others: list[Rule]) -> Iterator[Remark]:
    both = [field for field in _hashed(rule) if any(field in other.plain for other in others)]
    if both:
        origins = sorted({(each.origin.file, each.origin.line) for each in others if each.plain.intersection(both)})
        places = listed(f"{file}:{line}" for file, line in origins)
        yield of_rule(rule, f"shows {listed(both)} as a hash, which another role may write by {places}")


HASHES = Check("hash-and-write", Severity.ERROR, _find)
HASHES_AND_OTHERS = Check("hash-and-others", Severity.WARNING, _find_others)
