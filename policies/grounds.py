"""Grounds: on what something is granted or denied, once the rules are bound to a grant shape.

A ground is a set of conditions that must all hold; a set of grounds holds where one of them does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TypeAlias

from policies.catalogue import Resource
from policies.conditions import NEVER, PURPOSE, Attribute, Condition, Operand, Unknown, conjuncts, with_operands
from policies.document import Action
from policies.masks import MASKS
from policies.principal import GrantShape, Held
from policies.rules import Effect, Policy, Rule
from policies.unknowns import certain, possible

Ground: TypeAlias = frozenset[Condition]
"""Conditions that must all hold; the empty ground always does."""


def absorb(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    """The same alternatives without those that another makes superfluous: A or (A and B) is A."""
    found = list(dict.fromkeys(grounds))
    return tuple(g for g in found if not any(other < g for other in found))


@dataclass(frozen=True, slots=True)
class FieldGrounds:
    """On what a field is plain, masked (in the order in which masks are chosen), or denied."""

    plain: tuple[Ground, ...] = ()
    masked: tuple[tuple[str, tuple[Ground, ...]], ...] = ()
    denied: tuple[Ground, ...] = ()

    @property
    def shown_masked(self) -> tuple[Ground, ...]:
        """On what the field is masked, by whichever mask."""
        return absorb(ground for _, alternatives in self.masked for ground in alternatives)

    @property
    def readable(self) -> bool:
        """Whether the field can ever be plain or masked."""
        return bool(self.plain or self.masked) and frozenset() not in self.denied

    @property
    def settable(self) -> bool:
        """Whether the field can ever be set, where the grounds are those of a write."""
        return bool(self.plain) and frozenset() not in self.denied


@dataclass(frozen=True, slots=True)
class RowGrounds:
    """On what a row is visible, and on what it is denied whatever else holds."""

    allowed: tuple[Ground, ...] = ()
    denied: tuple[Ground, ...] = ()


@dataclass(frozen=True)
class Bound:
    """A rule bound to one assignment: its condition and presets speak of that assignment's operands."""

    rule: Rule
    when: Condition
    presets: tuple[tuple[str, Operand], ...]
    position: int
    """Of the assignment, among those of all parties."""

    @cached_property
    def certain(self) -> Ground | None:
        """On what the rule certainly holds; None where it never does."""
        condition = certain(self.when)
        return None if condition == NEVER else conjuncts(condition)

    @cached_property
    def masks(self) -> Mapping[str, frozenset[str]]:
        """By field, the masks with which the rule shows it."""
        found: dict[str, set[str]] = {}
        for name, mask in self.rule.masked:
            found.setdefault(name, set()).add(mask)
        return {name: frozenset(masks) for name, masks in found.items()}

    @cached_property
    def possible(self) -> Ground:
        """On what the rule possibly holds."""
        return conjuncts(possible(self.when))


def bind(policy: Policy, shape: GrantShape, party: int, resource: str, action: Action) -> list[Bound]:
    """Each assignment's own copy of its role's rules, for one party of a shape, one resource and action."""
    found = []
    first = sum(len(holding) for holding in shape[:party])
    for position, held in enumerate(shape[party], first):
        rules = (rule for rule in policy.rules_of(held.role) if rule.resource == resource and rule.action is action)
        found += [_bound(rule, party or None, position, held) for rule in rules]
    return found


@lru_cache(maxsize=16_384)
def _bound(rule: Rule, ceiling: int | None, position: int, held: Held) -> Bound:
    change = partial(_bind, ceiling, position, held)
    presets = tuple((name, change(operand)) for name, operand in rule.presets)
    return Bound(rule, with_operands(rule.when, change), presets, position)


def _bind(ceiling: int | None, position: int, held: Held, operand: Operand) -> Operand:
    if not isinstance(operand, Attribute):
        return operand
    if operand.name in ("departments", "regions"):
        present = held.departments if operand.name == "departments" else held.regions
        return Attribute(operand.name, position) if present else Unknown()
    if operand.name in PURPOSE:
        return Attribute(operand.name, position) if held.purpose else Unknown()
    return Attribute(operand.name, ceiling) if operand.name in ("me", "reports") else operand


def _allowing(bound: Iterable[Bound]) -> tuple[Ground, ...]:
    """Grounds of allows: on what one of them certainly holds."""
    return absorb(b.certain for b in bound if b.certain is not None)


def _denying(bound: Iterable[Bound]) -> tuple[Ground, ...]:
    """Grounds of denies: on what one of them possibly holds."""
    return absorb(b.possible for b in bound)


def row_grounds(bound: Iterable[Bound]) -> RowGrounds:
    """The grounds of a resource's rows; none where each row is denied."""
    rules = list(bound)
    denied = _denying(b for b in rules if b.rule.row)
    if frozenset() in denied:
        return RowGrounds(denied=denied)
    return RowGrounds(_allowing(b for b in rules if b.rule.effect is Effect.ALLOW), denied)


def field_grounds(bound: Iterable[Bound], field: str) -> FieldGrounds:
    """The grounds of one field."""
    rules = list(bound)
    allows = [b for b in rules if b.rule.effect is Effect.ALLOW]
    masking = [b for b in allows if field in b.masks]
    used = frozenset[str]().union(*(b.masks[field] for b in masking))
    masked = [(mask, _allowing(b for b in masking if mask in b.masks[field])) for mask in MASKS if mask in used]
    return FieldGrounds(
        _allowing(b for b in allows if field in b.rule.plain),
        tuple((mask, grounds) for mask, grounds in masked if grounds),
        _denying(b for b in rules if b.rule.effect is Effect.DENY and not b.rule.row and field in b.rule.plain),
    )


def covers(grounds: Iterable[Ground], rows: Iterable[Ground]) -> bool:
    """Whether the grounds hold on every row that one of `rows` opens, as far as their form tells."""
    alternatives = list(grounds)
    return all(any(ground <= row for ground in alternatives) for row in rows)


def given(grounds: Iterable[Ground], rows: tuple[Ground, ...]) -> tuple[Ground, ...]:
    """The grounds without what every visible row meets already: what all of `rows` demand."""
    met = _demanded(rows)
    return absorb(ground - met for ground in grounds)


@lru_cache(maxsize=1_024)
def _demanded(rows: tuple[Ground, ...]) -> Ground:
    return frozenset.intersection(*rows) if rows else frozenset()


def structural(resource: Resource) -> frozenset[str]:
    """Fields that are plain on every visible row: the keys, which ids carry anyway."""
    return frozenset(name for name, field in resource.fields.items() if field.column.name in resource.key)
