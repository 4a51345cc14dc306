"""Derivatives opened wider than what they are made from.

A column that is made from others says so (`FieldSpec.sources`): columns of its row, or of a related
one (`customer.tax_id`). One that sums up the rows of a list says that, too (`FieldSpec.sums`): then the
source is that of each row of the list, and what is told may be meant. Where the derivative is plain each source must be plain, where it is masked
plain or masked (by whichever mask), and what denies a source must deny the derivative. As far as form
tells: where the conditions of both are worded differently, a derivative that is no wider may be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from policies.catalogue import FieldSpec, Relation, Resource
from policies.conditions import And, Condition, Quantified, Quantifier, Single
from policies.document import Action
from policies.grounds import Ground
from policies.linting.entailment import Entailment
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.granting import PLAIN, denying, shown
from policies.linting.related import lifted_ground
from policies.linting.subject import Spoken, Subject
from policies.predicates import Reading
from policies.rules import Effect
from policies.wording import listed

Named: TypeAlias = Callable[[FieldSpec], tuple[str, ...]]
"""Gives the sources that a field names."""


@dataclass(frozen=True)
class _Source:
    """A field that another (`made`) is made from; by a relation, of the related row, or of each of the list's."""

    made: str
    on: Resource
    name: str
    relation: Relation | None

    @property
    def title(self) -> str:
        return f"{self.on.name}.{self.name}"


def _find(subject: Subject) -> Iterator[Remark]:
    return _judged(subject, lambda spec: spec.sources, ("which it is made from", "made from it"))


def _find_sums(subject: Subject) -> Iterator[Remark]:
    """Not of a scope, which opens nothing: its bearer's own role is told of."""
    if not subject.role.is_scope:
        yield from _judged(subject, lambda spec: spec.sums, ("which it sums up", "which sums it up"))


def _judged(subject: Subject, named: Named, said: tuple[str, str]) -> Iterator[Remark]:
    for resource in subject.catalogue:
        sources = [source for name in resource.fields for source in _sources(subject, resource, name, named)]
        if sources:
            yield from _opened(subject, resource, sources, said[0])
            yield from _denied(subject, resource, sources, said[1])


def _sources(subject: Subject, on: Resource, made: str, named: Named) -> Iterator[_Source]:
    for written in named(on.fields[made].spec):
        relation, _, column = written.rpartition(".")
        to = on.relations[relation] if relation else None
        there = subject.catalogue[to.target] if to else on
        name = there.of_column(column)
        if name is not None:
            yield _Source(made, there, name, to)


def _opened(subject: Subject, on: Resource, sources: list[_Source], said: str) -> Iterator[Remark]:
    """Allows that show a derivative where a source is not shown as well."""
    for spoken in subject.spoken(on.name, Action.READ, Effect.ALLOW):
        for made, rank in shown(spoken.rule).items():
            wider = [s.title for s in sources if s.made == made and not _is_shown(subject, on, s, spoken, rank)]
            if wider:
                yield of_rule(spoken.rule, f"shows {made} wider than {listed(wider)}, {said}")


def _is_shown(subject: Subject, on: Resource, source: _Source, spoken: Spoken, rank: int) -> bool:
    """Whether the source is shown where a rule speaks, plain where the rule shows the derivative plain."""
    grounds, to = subject.field(source.on, source.name), source.relation
    known = _there(spoken.ground, on, source, subject) if to else spoken.ground
    enough = grounds.plain if rank == PLAIN else (*grounds.plain, *grounds.shown_masked)
    return Entailment(subject.catalogue, source.on).covers(enough, [known])


def _there(ground: Ground, on: Resource, source: _Source, subject: Subject) -> Ground:
    """What is known of a row that holds the source where the derivative's row meets a ground."""
    assert source.relation is not None
    if not source.relation.many:
        return lifted_ground(ground, on, source.relation, subject.catalogue)
    back = (each for each in source.on.relations.values() if each.field == source.relation.field and not each.many)
    return frozenset(Single(each.name, _all(ground)) for each in back if each.target == on.name)


def _denied(subject: Subject, on: Resource, sources: list[_Source], said: str) -> Iterator[Remark]:
    """Denies of a source that leave the derivative open."""
    form = Entailment(subject.catalogue, on, Reading.POSSIBLE)
    for source in (source for source in sources if subject.field(on, source.made).readable):
        ours = denying(subject.spoken(on.name, Action.READ, Effect.DENY), source.made)
        for deny in denying(subject.spoken(source.on.name, Action.READ, Effect.DENY), source.name):
            if not form.covers([other.ground for other in ours], [_here(source, deny.ground)]):
                yield of_rule(deny.rule, f"denies {source.name}, and not {on.name}.{source.made}, {said}")


def _here(source: _Source, ground: Ground) -> Ground:
    """What is said of the row that holds the source, said of the derivative's."""
    if source.relation is None:
        return ground
    if source.relation.many:
        return frozenset({Quantified(source.relation.name, Quantifier.SOME, _all(ground))})
    return frozenset({Single(source.relation.name, _all(ground))})


def _all(ground: Ground) -> Condition:
    return And(tuple(sorted(ground, key=repr)))


DERIVATIVES = Check("derivatives", Severity.ERROR, _find)
SUMS = Check("sums", Severity.WARNING, _find_sums)
