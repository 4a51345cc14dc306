"""What another policy would change for people, counted over rows: one statement for a resource.

SELECT  of each person, how many rows are gained, and lost; of each group of fields that fare alike, how many turn
        plain, masked, withheld
FROM    (SELECT of each person whether the row is granted, and each group's state, by either policy
         FROM the table JOIN the view of who asks OFFSET 0)

A row that is hidden withholds its fields. Counted are rows that who asks sees; and only where who asks knows, of each of
them, what the conditions come to that have changed: then the counts are a function of what who asks sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import sqlalchemy as sa

from policies.catalogue import Resource
from policies.conditions import And, Condition, Not, Or, Quantified, Single
from policies.crowd import Crowd
from policies.document import Action
from policies.explaining.eyes import Asker
from policies.grants import Grants
from policies.grounds import FieldGrounds
from policies.predicates import Predicate
from policies.principal import GrantShape, Principal
from policies.rules import Origin, Policy, Rule
from policies.standing import BaseRow, Standing
from policies.statements import Statement, statement
from policies.states import State

Fate: TypeAlias = tuple[FieldGrounds, FieldGrounds]
"""On what a field is shown now, and would be."""

NOWHERE = Origin("", 0)
TURNS = (State.PLAIN, State.MASKED, State.WITHHELD)


@dataclass(frozen=True, slots=True)
class Turned:
    """Rows on which a field would be seen otherwise, by how it would be."""

    field: str
    plain: int
    masked: int
    withheld: int

    def __add__(self, other: Turned) -> Turned:
        """Both together."""
        turned = (self.plain + other.plain, self.masked + other.masked, self.withheld + other.withheld)
        return Turned(self.field, *turned)


@dataclass(frozen=True, slots=True)
class Weight:
    """What would change for one person: rows gained and lost, and fields that would be seen otherwise."""

    person: int
    gained: int
    lost: int
    fields: tuple[Turned, ...]


def touched(active: Policy, draft: Policy, on: Resource, person: Principal) -> bool:
    """Whether a role that a person holds is written otherwise for a resource: without that nothing can change."""
    roles = {held.role for held in person.assignments}
    return any(_written(active, role, on.name) != _written(draft, role, on.name) for role in roles)


def touched_by_any(active: Policy, draft: Policy) -> Iterator[Resource]:
    """The resources for which any role is written otherwise."""
    roles = {*active.roles, *draft.roles}
    for on in active.catalogue:
        if any(_written(active, role, on.name) != _written(draft, role, on.name) for role in roles):
            yield on


def known_of_all(active: Policy, draft: Policy, on: Resource, shape: GrantShape) -> bool:
    """Whether somebody of a shape knows of each row of a resource, whoever sees it, what any rule for reading it comes to."""
    eyes = Asker(active, shape, 0)
    rules = (rule for policy in (active, draft) for role in policy.roles.values() for rule in role.rules)
    read = dict.fromkeys(rule.when for rule in rules if (rule.resource, rule.action) == (on.name, Action.READ))
    return eyes.sees_all(on) and all(eyes.knows(condition, on) for condition in read)


@lru_cache(maxsize=4_096)
def _written(policy: Policy, role: str, on: str) -> frozenset[Rule]:
    """What a role's rules for reading a resource say, wherever they stand."""
    rules = (rule for rule in policy.rules_of(role) if (rule.resource, rule.action) == (on, Action.READ))
    return frozenset(replace(rule, origin=NOWHERE, meant=()) for rule in rules)


@dataclass(frozen=True)
class Weighing:
    """Two policies over one resource, for a crowd."""

    active: Policy
    draft: Policy
    on: Resource
    crowd: Crowd

    @cached_property
    def _both(self) -> Sequence[tuple[Grants, Grants]]:
        def given(policy: Policy, person: int) -> Grants:
            return self.crowd.grants(policy, person, self.on)

        return [(given(self.active, n), given(self.draft, n)) for n in range(len(self.crowd.people))]

    @cached_property
    def changed(self) -> Mapping[int, Mapping[Fate, Sequence[str]]]:
        """The people for whom anything might change, each with the fields that might, those together that fare alike."""
        found: dict[int, Mapping[Fate, Sequence[str]]] = {}
        for person, (now, then) in enumerate(self._both):
            fates: dict[Fate, list[str]] = {}
            rows = now.rows != then.rows
            for name in self.on.fields:
                fate = now.grounds(name), then.grounds(name)
                if rows or fate[0] != fate[1]:
                    fates.setdefault(fate, []).append(name)
            if fates:
                found[person] = fates
        return found

    @property
    def countable(self) -> bool:
        """Whether who asks knows, of each row seen, what the conditions come to."""
        eyes = Asker(self.active, self.crowd.asker.shape, 0)
        bound = (each for person in self.changed for given in self._both[person] for each in given.bound)
        conditions = dict.fromkeys(each.rule.when for each in bound)
        return all(eyes.knows(each, self.on) and not self._returns(each, eyes) for each in conditions)

    def _returns(self, condition: Condition, eyes: Asker) -> bool:
        """Whether a condition leads to other rows of the resource, not all of which are seen."""
        return self.on.name in set(led_to(condition, self.on, self.active)) and not eyes.sees_all(self.on)

    def statement(self) -> Statement:
        """The statement, whose one row `read` reads."""
        table = self.on.table.alias()
        mine = self.crowd.seen(self.active, self.on).select((), (), {}, {}).subquery()
        same = sa.and_(*(table.c[name] == mine.c[name] for name in self.on.key))
        columns = [column for person in self.changed for column in self._rows(person, BaseRow(table))]
        rows = sa.select(*columns).select_from(table.join(mine, same)).offset(sa.literal_column("0")).subquery("rows")
        counts = [count for person in self.changed for count in self._counts(person, rows.c)]
        return statement(sa.select(*counts).select_from(rows))

    def _rows(self, person: int, row: BaseRow) -> Iterator[sa.ColumnElement[Any]]:
        """Of a row: whether it is granted to a person, and the fields' states, by either policy."""
        for policy, given in zip("ad", self._both[person], strict=True):
            standing = Standing(self.active.catalogue, given, row)
            granted = standing.granted.is_(sa.true())
            yield granted.label(f"r{policy}{person}")
            for n, fate in enumerate(self.changed[person]):
                yield _state(standing, fate["ad".index(policy)], granted).label(f"s{policy}{person}_{n}")

    def _counts(self, person: int, of: Any) -> Iterator[sa.ColumnElement[Any]]:
        def counted(condition: Predicate, name: str) -> sa.ColumnElement[Any]:
            return sa.func.count().filter(condition).label(name)

        now, then = of[f"ra{person}"], of[f"rd{person}"]
        yield counted(sa.and_(then, sa.not_(now)), f"gained{person}")
        yield counted(sa.and_(now, sa.not_(then)), f"lost{person}")
        for n in range(len(self.changed[person])):
            was, turns = of[f"sa{person}_{n}"], of[f"sd{person}_{n}"]
            for level in range(len(TURNS)):
                literal = sa.literal_column(str(level), sa.Integer())
                yield counted(sa.and_(turns == literal, was != literal), f"t{person}_{n}_{level}")

    def read(self, row: Mapping[str, int]) -> Iterator[Weight]:
        """What would change, by person; those for whom nothing does are left out."""
        for person, fates in self.changed.items():
            fields = tuple(_turned(row, person, fates.values()))
            gained, lost = row[f"gained{person}"], row[f"lost{person}"]
            if gained or lost or fields:
                yield Weight(person, gained, lost, fields)


def _turned(row: Mapping[str, int], person: int, fates: Iterable[Sequence[str]]) -> Iterator[Turned]:
    for n, names in enumerate(fates):
        turns = [row[f"t{person}_{n}_{level}"] for level in range(len(TURNS))]
        if any(turns):
            yield from (Turned(name, *turns) for name in names)


def _state(standing: Standing, of: FieldGrounds, granted: Predicate) -> sa.ColumnElement[Any]:
    """A field's state on a row, as its place among `TURNS`."""
    plain, masked, withheld = (sa.literal_column(str(level), sa.Integer()) for level in range(len(TURNS)))
    if not of.readable:
        return withheld
    undenied = sa.and_(granted, standing.undenied(of))
    whens = [(sa.and_(undenied, standing.allowed(of.plain)), plain)] if of.plain else []
    whens += [(sa.and_(undenied, standing.allowed(of.shown_masked)), masked)] if of.masked else []
    return sa.case(*whens, else_=withheld)


def led_to(condition: Condition, on: Resource, policy: Policy) -> Iterator[str]:
    """The resources to whose rows a condition leads."""
    if isinstance(condition, (And, Or)):
        for part in condition.conditions:
            yield from led_to(part, on, policy)
    elif isinstance(condition, Not):
        yield from led_to(condition.condition, on, policy)
    elif isinstance(condition, (Single, Quantified)):
        target = policy.catalogue[on.relations[condition.relation].target]
        yield target.name
        yield from led_to(condition.condition, target, policy)
