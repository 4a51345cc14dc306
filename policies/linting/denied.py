"""Rules that allow in vain: wherever they speak, denies of the same role take back the row, or all fields that they grant.

Where it is the fields alone, the rule still makes rows visible.
"""

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
    rows = denying(denies, None)
    if everywhere(form, spoken, rows):
        yield of_rule(spoken.rule, f"allows in vain: its rows are denied by {by(enough(form, spoken, rows))}")
        return
    each = [denying(denies, field) for field in shown(spoken.rule)]
    if each and all(everywhere(form, spoken, found) for found in each):
        over = (deny for found in each for deny in enough(form, spoken, found))
        yield of_rule(spoken.rule, f"shows no field, only rows: all of them are denied by {by(over)}")


DENIED = Check("denied", Severity.WARNING, _find)
