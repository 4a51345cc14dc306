"""Rules that other rules of the role make superfluous: these grant, or deny, at least as much on at least those rows.

A rule of an included role may be shadowed: that is what a role is for that includes another.
A grant of `aggregate` is superfluous on what the role reads. Of two that are alike the later is told.
A rule whose masks are all in vain is told by that check.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.document import Action
from policies.linting.entailment import Entailment
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.granting import PLAIN, by, denying, everywhere, showing, shown
from policies.linting.subject import Spoken, Subject
from policies.predicates import Reading
from policies.rules import Effect, Rule


def _find(subject: Subject) -> Iterator[Remark]:
    for effect in Effect:
        for resource, _, rules in subject.each(effect):
            form = Entailment(subject.catalogue, resource, READINGS[effect])
            yield from _shadowed(subject, form, rules)
    yield from _of_what_is_read(subject)


def _of_what_is_read(subject: Subject) -> Iterator[Remark]:
    """Grants of aggregates where the role reads: what it reads is aggregated anyway, and nothing else."""
    for resource, action, rules in subject.each(Effect.ALLOW):
        if action is Action.AGGREGATE and subject.rows(resource).allowed:
            for spoken in (each for each in rules if each.rule in subject.own):
                yield of_rule(spoken.rule, "adds nothing: aggregates are of the rows and fields that the role reads")


READINGS = {Effect.ALLOW: Reading.CERTAIN, Effect.DENY: Reading.POSSIBLE}


def _shadowed(subject: Subject, form: Entailment, rules: Sequence[Spoken]) -> Iterator[Remark]:
    left = list(rules)
    for spoken in reversed(rules):
        if spoken.rule not in subject.own or not _matters(subject, spoken.rule):
            continue
        others = [other for other in left if other is not spoken]
        if _is_shadowed(form, spoken, others) and not _masked_in_vain(form, spoken, others):
            left = others
            done = "allowed" if spoken.rule.effect is Effect.ALLOW else "denied"
            over = by(_needed(form, spoken, others))
            yield of_rule(spoken.rule, f"is superfluous: on these rows as much is {done} by {over}")


def _matters(subject: Subject, rule: Rule) -> bool:
    """Whether the rule grants a field here, or, where it does nowhere, whether it is there for the rows."""
    alike = (other for other in subject.own if other.origin == rule.origin)
    return bool(rule.row or shown(rule)) or not any(map(shown, alike))


def _is_shadowed(form: Entailment, spoken: Spoken, others: Sequence[Spoken]) -> bool:
    """Whether the others do as much wherever a rule speaks."""
    if spoken.rule.effect is Effect.DENY:
        fields = [None] if spoken.rule.row else sorted(spoken.rule.plain)
        each = [denying(others, field) for field in fields]
    else:
        each = [showing(others, field, rank) for field, rank in shown(spoken.rule).items()] or [list(others)]
    return all(everywhere(form, spoken, found) for found in each)


def _needed(form: Entailment, spoken: Spoken, others: Sequence[Spoken]) -> list[Spoken]:
    """Those of the others without which the rule is not shadowed; of several that would do, the first."""
    needed = list(others)
    for other in reversed(others):
        without = [each for each in needed if each is not other]
        if _is_shadowed(form, spoken, without):
            needed = without
    return needed


def _masked_in_vain(form: Entailment, spoken: Spoken, others: Sequence[Spoken]) -> bool:
    masked = [field for field, _ in spoken.rule.masked]
    return bool(masked) and all(everywhere(form, spoken, showing(others, field, PLAIN)) for field in masked)


SHADOWED = Check("shadowed", Severity.WARNING, _find)
