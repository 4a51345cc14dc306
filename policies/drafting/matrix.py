"""The matrix of a policy: what a role alone is shown of each field of each resource, on the rows that it sees."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from policies.catalogue import Resource
from policies.document import Action
from policies.grants import ALWAYS_GROUND, Grants
from policies.grounds import Ground, structural
from policies.levels import PLAIN
from policies.linting.subject import Subject
from policies.rules import Policy
from policies.wording import ground_in_words
from policies.words import ENGLISH, Words


class Shown(StrEnum):
    """How a field is shown on the rows that a role sees."""

    PLAIN = "PLAIN"
    MASKED = "MASKED"
    WITHHELD = "WITHHELD"
    CONDITIONAL = "CONDITIONAL"


@dataclass(frozen=True, slots=True)
class Cell:
    """One field. `mask` is by what it is masked on every row; `when` says what it is under which condition."""

    field: str
    shown: Shown
    mask: str | None = None
    when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One resource for one role: the rows that it sees, in words (none: it sees none), and the fields on them."""

    role: str
    resource: str
    rows: tuple[str, ...]
    cells: tuple[Cell, ...]


def matrix(
    policy: Policy, roles: Iterable[str], resources: Iterable[Resource], words: Words = ENGLISH
) -> Iterator[Line]:
    """The lines of some roles, which must be there, for some resources."""
    wanted = tuple(resources)
    for code in roles:
        subject = Subject(policy, policy.roles[code])
        for resource in wanted:
            granted = Grants(resource, Action.READ, tuple(subject.bound(resource.name, Action.READ)))
            yield _line(code, resource, granted, words)


def _line(role: str, resource: Resource, granted: Grants, words: Words) -> Line:
    return Line(role, resource.name, tuple(_rows(granted, words)), tuple(_cells(resource, granted, words)))


def _cells(resource: Resource, granted: Grants, words: Words) -> Iterator[Cell]:
    """The fields; those of which the same is said are looked at once."""
    known: dict[Hashable, Cell] = {}
    for name in resource.fields:
        said = (
            name in structural(resource),
            *((name in each.rule.plain, each.masks.get(name)) for each in granted.bound),
        )
        if said not in known:
            known[said] = _cell(granted, name, words)
        yield replace(known[said], field=name)


def _rows(granted: Grants, words: Words) -> Iterator[str]:
    rows = granted.rows
    unless = "".join(words.unless.format(_in_words(ground, words)) for ground in rows.denied)
    for ground in rows.allowed:
        yield f"{_in_words(ground, words)}{unless}"


def _cell(granted: Grants, name: str, words: Words) -> Cell:
    grounds = granted.grounds(name)
    if not granted.rows.allowed or not grounds.readable:
        return Cell(name, Shown.WITHHELD)
    settled = granted.settled(name)
    if settled is not None:
        return Cell(name, Shown.PLAIN) if settled == PLAIN else Cell(name, Shown.MASKED, settled)
    return Cell(name, Shown.CONDITIONAL, when=tuple(_conditions(granted, name, words)))


def _conditions(granted: Grants, name: str, words: Words) -> Iterator[str]:
    for level, alternatives in granted.levels(name):
        shown = words.plain if level == PLAIN else words.plainly_masked_by.format(level)
        yield words.shown_where.format(shown, words.any_of.join(_in_words(ground, words) for ground in alternatives))
    for ground in granted.grounds(name).denied:
        yield words.withheld_where.format(_in_words(ground, words))


def _in_words(ground: Ground, words: Words) -> str:
    return ground_in_words(ground, words) if ground not in ALWAYS_GROUND else words.always
