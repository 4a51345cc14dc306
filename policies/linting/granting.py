"""Which rules give or deny a field, and whether they do so wherever another rule speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policies.linting.entailment import Entailment
from policies.linting.subject import Spoken
from policies.masks import MASKS
from policies.rules import Rule
from policies.wording import listed

_RANK = {mask: rank for rank, mask in enumerate(MASKS)}
PLAIN = -1
"""Stands before every mask: what is plain is not masked."""


def shown(rule: Rule) -> dict[str, int]:
    """How an allow shows its fields: plain, or by the mask of a rank."""
    return {field: _RANK[mask] for field, mask in rule.masked} | dict.fromkeys(rule.plain, PLAIN)


def showing(rules: Iterable[Spoken], field: str, rank: int) -> list[Spoken]:
    """The allows that show a field at least as well."""
    return [spoken for spoken in rules if shown(spoken.rule).get(field, len(_RANK)) <= rank]


def denying(rules: Iterable[Spoken], field: str | None) -> list[Spoken]:
    """The denies of a field; the row's among them, and none but these where no field is named."""
    return [spoken for spoken in rules if spoken.rule.row or field in spoken.rule.plain]


def everywhere(form: Entailment, spoken: Spoken, others: Sequence[Spoken]) -> bool:
    """Whether on each row of a rule one of the others speaks, too."""
    return form.covers((other.ground for other in others), [spoken.ground])


def enough(form: Entailment, spoken: Spoken, others: Sequence[Spoken]) -> list[Spoken]:
    """As few of the others as speak on each row of a rule; of several that would do, the first."""
    left = list(others)
    for other in reversed(others):
        without = [each for each in left if each is not other]
        if everywhere(form, spoken, without):
            left = without
    return left


def by(rules: Iterable[Spoken]) -> str:
    """Where rules stand: `a.yaml:3 and b.yaml:7`."""
    origins = sorted({(spoken.rule.origin.file, spoken.rule.origin.line) for spoken in rules})
    return listed(f"{file}:{line}" for file, line in origins)
