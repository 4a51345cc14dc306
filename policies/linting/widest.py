"""On what each role sees rows, at its widest: whatever fields a rule allows to be read, it makes the row visible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.document import Action
from policies.linting.entailment import Entailment
from policies.linting.granting import everywhere
from policies.linting.subject import Spoken, Subject, place
from policies.rules import Effect, Policy
from policies.wording import ground_in_words


@dataclass(frozen=True, slots=True)
class Opened:
    """The rows that a role sees of some resources by a rule, in words."""

    role: str
    resources: tuple[str, ...]
    rows: str
    rules: tuple[str, ...]
    """Where the rule stands, and denies that narrow it."""


def widest(policy: Policy) -> tuple[Opened, ...]:
    """By role, the widest grounds on which rows are visible; narrower ones are left out."""
    return tuple(opened for role in policy.roles.values() for opened in _gathered(Subject(policy, role)))


def _gathered(subject: Subject) -> Iterator[Opened]:
    gathered: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for resource, rows, rules in _opened(subject):
        gathered.setdefault((rows, rules), []).append(resource)
    for (rows, rules), resources in gathered.items():
        yield Opened(subject.role.code, tuple(resources), rows, rules)


def _opened(subject: Subject) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for resource, action, rules in subject.each(Effect.ALLOW):
        if action is not Action.READ:
            continue
        denies = [s for s in subject.spoken(resource.name, action, Effect.DENY) if s.rule.row]
        unless = f", unless {_any_of(denies)}" if denies else ""
        for spoken in _not_covered(Entailment(subject.catalogue, resource), rules):
            origins = tuple(place(each.rule.origin) for each in (spoken, *denies))
            yield resource.name, ground_in_words(spoken.ground) + unless, origins


def _any_of(rules: Sequence[Spoken]) -> str:
    return " or ".join(ground_in_words(spoken.ground) for spoken in rules)


def _not_covered(form: Entailment, rules: Sequence[Spoken]) -> list[Spoken]:
    left = list(rules)
    for spoken in reversed(rules):
        others = [other for other in left if other is not spoken]
        if others and everywhere(form, spoken, others):
            left = others
    return left
