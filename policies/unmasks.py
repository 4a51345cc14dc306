"""Unmask: what is masked is plain where an unmask of the field is in force on the row and the action is granted.

An unmask is stored (`unmasks`), and its row a parameter, so plans do not depend on it. It adds grounds, and so stands
under every deny and every ceiling:

    plain += masked ∪ granted ∪ {an unmask of it is in force on the row, no deny of `unmask` possibly holds}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product

from policies.catalogue import Resource
from policies.conditions import And, Compare, Condition, Not, Operator, Unmasked
from policies.grounds import Bound, FieldGrounds, Ground, absorb, field_grounds, row_grounds


def with_unmasks(found: FieldGrounds, on: Resource, name: str, unmasking: Iterable[Bound]) -> FieldGrounds:
    """A field's grounds with those on which it is unmasked, by the rules of the action `unmask`."""
    rules = list(unmasking)
    if not rules:
        return found
    granted = field_grounds(rules, name)
    denied = (*row_grounds(rules).denied, *granted.denied)
    if frozenset() in denied:
        return found
    narrowed = frozenset((_in_force(on, name), *_undenied(denied)))
    opened = (masked | ground | narrowed for masked, ground in product(found.shown_masked, granted.plain))
    return replace(found, plain=absorb((*found.plain, *opened)))


def _in_force(on: Resource, name: str) -> Condition:
    key = next(field.name for field in on.fields.values() if field.column.name == on.key[-1])
    return Compare(key, Operator.IN, Unmasked(on.name, name, on.key))


def _undenied(denied: Iterable[Ground]) -> Iterator[Condition]:
    """One for each: a condition speaks of one assignment's operands."""
    for ground in denied:
        yield Not(And(tuple(sorted(ground, key=repr))))
