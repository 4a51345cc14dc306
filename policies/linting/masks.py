"""Masks that never show: wherever the rule speaks, another rule of the role shows the same field plain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.linting.entailment import Entailment
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.granting import PLAIN, by, enough, everywhere, showing
from policies.linting.subject import Spoken, Subject
from policies.rules import Effect
from policies.wording import listed


def _find(subject: Subject) -> Iterator[Remark]:
    for resource, _, rules in subject.each(Effect.ALLOW):
        form = Entailment(subject.catalogue, resource)
        for spoken in rules:
            yield from _in_vain(form, spoken, rules)


def _in_vain(form: Entailment, spoken: Spoken, rules: Sequence[Spoken]) -> Iterator[Remark]:
    plain = {field: showing(rules, field, PLAIN) for field, _ in spoken.rule.masked}
    vain = [field for field, over in plain.items() if everywhere(form, spoken, over)]
    if vain:
        over = (other for field in vain for other in enough(form, spoken, plain[field]))
        yield of_rule(spoken.rule, f"never masks {listed(vain)}: plain on these rows by {by(over)}")


MASKED_IN_VAIN = Check("masked-in-vain", Severity.WARNING, _find)
