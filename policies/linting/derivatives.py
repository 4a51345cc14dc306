"""Derivatives opened wider than what they are made from.

A column that is made from others says so (`FieldSpec.sources`): columns of its row, or of a related
one (`customer.tax_id`). Where the derivative is plain each source must be plain, where it is masked
plain or masked (by whichever mask), and what denies a source must deny the derivative. As far as form
tells: where the conditions of both are worded differently, a derivative that is no wider may be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.catalogue import Relation, Resource
from policies.conditions import And, Single
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


@dataclass(frozen=True)
class _Source:
    """A field that another (`made`) is made from; by a relation, of the related row."""

    made: str
    on: Resource
    name: str
    relation: Relation | None

    @property
    def title(self) -> str:
        return f"{self.on.name}.{self.name}"


def _find(subject: Subject) -> Iterator[Remark]:
    for resource in subject.catalogue:
        sources = [source for name in resource.fields for source in _sources(subject, resource, name)]
        if sources:
            yield from _opened(subject, resource, sources)
            yield from _denied(subject, resource, sources)


def _sources(subject: Subject, on: Resource, made: str) -> Iterator[_Source]:
    for written in on.fields[made].spec.sources:
        relation, _, column = written.rpartition(".")
        to = on.relations[relation] if relation else None
        there = subject.catalogue[to.target] if to else on
        name = there.of_column(column)
        if name is not None:
            yield _Source(made, there, name, to)


def _opened(subject: Subject, on: Resource, sources: list[_Source]) -> Iterator[Remark]:
    """Allows that show a derivative where a source is not shown as well."""
    for spoken in subject.spoken(on.name, Action.READ, Effect.ALLOW):
        for made, rank in shown(spoken.rule).items():
            wider = [s.title for s in sources if s.made == made and not _is_shown(subject, on, s, spoken, rank)]
            if wider:
                yield of_rule(spoken.rule, f"shows {made} wider than {listed(wider)}, which it is made from")


def _is_shown(subject: Subject, on: Resource, source: _Source, spoken: Spoken, rank: int) -> bool:
    """Whether the source is shown where a rule speaks, plain where the rule shows the derivative plain."""
    grounds, to = subject.field(source.on, source.name), source.relation
    known = lifted_ground(spoken.ground, on, to, subject.catalogue) if to else spoken.ground
    enough = grounds.plain if rank == PLAIN else (*grounds.plain, *grounds.shown_masked)
    return Entailment(subject.catalogue, source.on).covers(enough, [known])


def _denied(subject: Subject, on: Resource, sources: list[_Source]) -> Iterator[Remark]:
    """Denies of a source that leave the derivative open."""
    form = Entailment(subject.catalogue, on, Reading.POSSIBLE)
    for source in (source for source in sources if subject.field(on, source.made).readable):
        ours = denying(subject.spoken(on.name, Action.READ, Effect.DENY), source.made)
        for deny in denying(subject.spoken(source.on.name, Action.READ, Effect.DENY), source.name):
            if not form.covers([other.ground for other in ours], [_here(source, deny.ground)]):
                yield of_rule(deny.rule, f"denies {source.name}, and not {on.name}.{source.made}, made from it")


def _here(source: _Source, ground: Ground) -> Ground:
    """What is said of the row that holds the source, said of the derivative's."""
    if source.relation is None:
        return ground
    return frozenset({Single(source.relation.name, And(tuple(sorted(ground, key=repr))))})


DERIVATIVES = Check("derivatives", Severity.ERROR, _find)
