"""Rules that open rows for a few fields: any allow of `read`, however narrow its fields, makes the row visible.

Told is a rule that names fields rather than classes, or shows them masked only, and speaks on rows
that no other rule of the role opens, where the role has others on the same resource: its author may
have thought of the fields alone. Told, too, is a rule of which a resource has no field at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.catalogue import Resource
from policies.document import Action
from policies.linting.entailment import Entailment
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.granting import everywhere, shown
from policies.linting.subject import Spoken, Subject
from policies.rules import Effect, Rule
from policies.wording import ground_in_words, listed


def _find(subject: Subject) -> Iterator[Remark]:
    for resource, action, rules in subject.each(Effect.ALLOW):
        if action is Action.READ:
            yield from _alone(Entailment(subject.catalogue, resource), rules)


def _alone(form: Entailment, rules: Sequence[Spoken]) -> Iterator[Remark]:
    for spoken in rules:
        others = [other for other in rules if other is not spoken]
        fields = listed(sorted(shown(spoken.rule)))
        alone = (others or not fields) and not everywhere(form, spoken, others)
        if alone and _is_narrow(spoken.rule, form.on):
            rows = ground_in_words(spoken.ground)
            yield of_rule(
                spoken.rule,
                f"opens rows that no other rule opens ({rows}), for {f'{fields} alone' if fields else 'no field'}",
            )


def _is_narrow(rule: Rule, on: Resource) -> bool:
    """Whether it names fields, or shows nothing plain."""
    classes = {on.fields[name].spec.data_class for name in shown(rule)}
    whole = {name for name, field in on.fields.items() if field.spec.data_class in classes}
    return not rule.plain or shown(rule).keys() != whole


OPENED_ROWS = Check("opened-rows", Severity.WARNING, _find)
