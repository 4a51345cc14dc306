"""Rules that allow in vain: wherever they speak, denies of the same role take back all that they grant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.linting.entailment import Entailment
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.granting import by, denying, enough, everywhere, shown
from policies.linting.subject import Spoken, Subject
from policies.rules import Effect


def _find(subject: Subject) -> Iterator[Remark]:
    for resource, action, rules in subject.each(Effect.ALLOW):
        form = Entailment(subject.catalogue, resource)
        denies = subject.spoken(resource.name, action, Effect.DENY)
        for spoken in rules if denies else ():
            yield from _denied(form, spoken, denies)


def _denied(form: Entailment, spoken: Spoken, denies: Sequence[Spoken]) -> Iterator[Remark]:
    each = [denying(denies, field) for field in shown(spoken.rule) or [None]]
    if all(everywhere(form, spoken, found) for found in each):
        over = (deny for found in each for deny in enough(form, spoken, found))
        yield of_rule(spoken.rule, f"allows in vain: all of it is denied by {by(over)}")


DENIED = Check("denied", Severity.WARNING, _find)
