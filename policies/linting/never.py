"""Rules that can never match: their conditions contradict each other, or an operand cannot be there.

Seen is what form tells (`Entailment.can_hold`). A deny with such a condition still denies rows on
which it is unknown; that is hardly what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.conditions import Condition, Or, conjuncts
from policies.grounds import Ground
from policies.linting.entailment import Entailment
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.subject import Spoken, Subject
from policies.rules import Effect
from policies.wording import in_words


def _find(subject: Subject) -> Iterator[Remark]:
    for resource, action in subject.topics:
        form = Entailment(subject.catalogue, subject.catalogue[resource])
        for effect in Effect:
            for spoken in subject.spoken(resource, action, effect):
                yield from _remarks(form, spoken)


def _remarks(form: Entailment, spoken: Spoken) -> Iterator[Remark]:
    if not form.can_hold(spoken.ground):
        yield of_rule(spoken.rule, f"can never hold: {in_words(spoken.rule.when)}")
        return
    for part in _dead(form, spoken.ground):
        yield of_rule(spoken.rule, f"a part can never hold: {in_words(part)}")


def _dead(form: Entailment, ground: Ground) -> Iterator[Condition]:
    """Alternatives that cannot hold together with what stands beside them."""
    for choice in (part for part in ground if isinstance(part, Or)):
        for alternative in choice.conditions:
            if not form.can_hold((ground - {choice}) | conjuncts(alternative)):
                yield alternative


NEVER = Check("never", Severity.ERROR, _find)
