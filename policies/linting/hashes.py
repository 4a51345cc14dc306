"""Hashes beside a grant to write the same field: whoever can write a value and read its hash can search for values."""

from __future__ import annotations

from collections.abc import Iterator

from policies.document import Action
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.granting import by, shown
from policies.linting.subject import Spoken, Subject
from policies.rules import Effect
from policies.wording import listed

HASH = "hash"


def _find(subject: Subject) -> Iterator[Remark]:
    for resource, action, rules in subject.each(Effect.ALLOW):
        writes = [
            spoken
            for written in (Action.CREATE, Action.UPDATE)
            for spoken in subject.spoken(resource.name, written, Effect.ALLOW)
        ]
        if action is Action.READ and writes:
            for spoken in rules:
                yield from _written(spoken, writes)


def _written(spoken: Spoken, writes: list[Spoken]) -> Iterator[Remark]:
    hashed = sorted(field for field, mask in spoken.rule.masked if mask == HASH)
    both = [field for field in hashed if any(field in shown(write.rule) for write in writes)]
    if both:
        over = (write for write in writes if any(field in shown(write.rule) for field in both))
        yield of_rule(spoken.rule, f"shows {listed(both)} as a hash, which may be written by {by(over)}")


HASHES = Check("hash-and-write", Severity.ERROR, _find)
