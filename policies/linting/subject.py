"""A role as lint looks at it: the rules that its holder has, bound to an assignment that has all operands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from policies.catalogue import Catalogue, Resource
from policies.conditions import conjuncts
from policies.document import Action
from policies.grounds import Bound, FieldGrounds, Ground, RowGrounds, bind, field_grounds, row_grounds, structural
from policies.linting.entailment import Entailment
from policies.principal import GrantShape, Held
from policies.rules import Effect, Origin, Policy, Role, Rule
from policies.unknowns import certain, possible


@dataclass(frozen=True, slots=True)
class Spoken:
    """A bound rule and the ground on which it speaks: of an allow what is certain, of a deny what is possible."""

    rule: Rule
    ground: Ground


@dataclass(frozen=True, eq=False)
class Subject:
    """One role of a policy."""

    policy: Policy
    role: Role

    @property
    def catalogue(self) -> Catalogue:
        return self.policy.catalogue

    @property
    def shape(self) -> GrantShape:
        """The grant shape of who holds just this role. What bounds a token, a scope, has no regions and departments."""
        present = not self.role.is_scope
        return ((Held(self.role.code, departments=present, regions=present, purpose=present),),)

    def bound(self, resource: str, action: Action) -> list[Bound]:
        """The rules for an action on a resource."""
        return bind(self.policy, self.shape, 0, resource, action)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of the role and of what it includes."""
        return tuple(self.policy.rules_of(self.role.code))

    @cached_property
    def own(self) -> frozenset[Rule]:
        """The rules that stand in the role's own document."""
        return frozenset(self.role.rules)

    @cached_property
    def topics(self) -> tuple[tuple[str, Action], ...]:
        """Each resource and action that a rule speaks of."""
        return tuple(dict.fromkeys((rule.resource, rule.action) for rule in self.rules))

    @cached_property
    def _spoken(self) -> dict[tuple[str, Action], tuple[Spoken, ...]]:
        return {topic: tuple(map(_spoken, self.bound(*topic))) for topic in self.topics}

    def spoken(self, resource: str, action: Action, effect: Effect) -> tuple[Spoken, ...]:
        """The rules of one effect for an action on a resource."""
        return tuple(s for s in self._spoken.get((resource, action), ()) if s.rule.effect is effect)

    def each(self, effect: Effect) -> Iterator[tuple[Resource, Action, tuple[Spoken, ...]]]:
        """By resource and action, the rules of one effect, without those that can never hold."""
        for resource, action in self.topics:
            form = Entailment(self.catalogue, self.catalogue[resource])
            rules = self.spoken(resource, action, effect)
            yield form.on, action, tuple(spoken for spoken in rules if form.can_hold(spoken.ground))

    @cached_property
    def _rows(self) -> dict[str, RowGrounds]:
        return {resource.name: row_grounds(self.bound(resource.name, Action.READ)) for resource in self.catalogue}

    def rows(self, resource: Resource) -> RowGrounds:
        """On what the role sees rows of a resource."""
        return self._rows[resource.name]

    def field(self, resource: Resource, name: str) -> FieldGrounds:
        """On what the role reads a field."""
        if not self.rows(resource).allowed:
            return FieldGrounds()
        if name in structural(resource):
            return FieldGrounds(self.rows(resource).allowed)
        return field_grounds(self.bound(resource.name, Action.READ), name)

    def counted(self, resource: Resource, name: str) -> FieldGrounds:
        """On what the role is told of a field in aggregates alone: nothing where it reads rows."""
        if self.rows(resource).allowed:
            return FieldGrounds()
        return field_grounds(self.bound(resource.name, Action.AGGREGATE), name)


def _spoken(bound: Bound) -> Spoken:
    read = certain if bound.rule.effect is Effect.ALLOW else possible
    return Spoken(bound.rule, conjuncts(read(bound.when)))


def place(origin: Origin) -> str:
    """`sales_rep.yaml:12`."""
    return f"{origin.file}:{origin.line}"
