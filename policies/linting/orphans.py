"""Rows of a customer that are visible where their customer may not be.

What a ground says of the customer is read through the relation (`customer: {…}`) and from columns
that are copies of the customer's. A row's own region says nothing of its customer's.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.catalogue import Relation, Resource
from policies.conditions import ALWAYS
from policies.document import Action
from policies.grounds import Ground
from policies.linting.entailment import Entailment
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.granting import everywhere
from policies.linting.related import lifted, lifted_ground
from policies.linting.subject import Spoken, Subject, place
from policies.predicates import Reading
from policies.rules import Effect
from policies.wording import ground_in_words


def _find(subject: Subject) -> Iterator[Remark]:
    for resource, action, rules in subject.each(Effect.ALLOW):
        owner = _owner(resource)
        if action is Action.READ and owner is not None:
            yield from _alone(subject, resource, owner, rules)
            yield from _denied(subject, resource, owner, rules)


def _owner(resource: Resource) -> Relation | None:
    """The relation to the customer that owns a row."""
    single = (relation for relation in resource.relations.values() if not relation.many)
    return next((relation for relation in single if relation.pairs == (("customer_id", "id"),)), None)


def _alone(subject: Subject, on: Resource, owner: Relation, rules: tuple[Spoken, ...]) -> Iterator[Remark]:
    """Allows whose ground does not say that the customer is allowed, too."""
    form = Entailment(subject.catalogue, on)
    customers = Entailment(subject.catalogue, subject.catalogue[owner.target])
    allowed = subject.rows(customers.on).allowed
    told: list[Spoken] = []
    for spoken in rules:
        known = lifted_ground(spoken.ground, on, owner, subject.catalogue)
        if not customers.covers(allowed, [known]) and not everywhere(form, spoken, told):
            told.append(spoken)
            yield of_rule(spoken.rule, f"opens rows ({ground_in_words(spoken.ground)}) whose customer may be hidden")


def _denied(subject: Subject, on: Resource, owner: Relation, rules: tuple[Spoken, ...]) -> Iterator[Remark]:
    """Denies of customers that leave their rows open."""
    customers = Entailment(subject.catalogue, subject.catalogue[owner.target], Reading.POSSIBLE)
    ours = [spoken.ground for spoken in subject.spoken(on.name, Action.READ, Effect.DENY) if spoken.rule.row]
    closed = [ground for ground in ours if _is_of_customer(subject, on, owner, ground)]
    known = [lifted_ground(ground, on, owner, subject.catalogue) for ground in closed]
    for deny in subject.spoken(owner.target, Action.READ, Effect.DENY) if rules else ():
        if deny.rule.row and not customers.covers(known, [deny.ground]):
            opened = ", ".join(sorted({place(spoken.rule.origin) for spoken in rules}))
            yield of_rule(deny.rule, f"hides customers whose rows stay visible by {opened}", on.name)


def _is_of_customer(subject: Subject, on: Resource, owner: Relation, ground: Ground) -> bool:
    """Whether all that a ground says is said of the customer."""
    return all(lifted(part, on, owner, subject.catalogue) != ALWAYS for part in ground)


ORPHANS = Check("orphans", Severity.WARNING, _find)
