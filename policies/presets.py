"""Presets: values that a write gives to fields by itself.

Two presets for one field on one row contradict each other. Which rules meet on one row cannot be told from their
form, so within a role any two rules of one action on one resource must agree; where several roles do not, nothing
may be written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from policies.conditions import Operand
from policies.faults import Fault
from policies.grounds import Bound
from policies.rules import Policy, Rule


def presets_of(bound: Iterable[Bound]) -> Mapping[str, frozenset[Operand]]:
    """By field, the different values that bound rules preset; more than one contradict each other."""
    found: dict[str, frozenset[Operand]] = {}
    for each in bound:
        for field, value in each.presets:
            found[field] = found.get(field, frozenset()) | {value}
    return found


def contradictions(policy: Policy) -> Iterator[Fault]:
    """Where a role's rules preset one field with different values."""
    found: set[Fault] = set()
    for role in policy.roles.values():
        found.update(fault for rules in _together(policy.rules_of(role.code)) for fault in _faults(rules))
    yield from sorted(found)


def _together(rules: Iterable[Rule]) -> Iterator[list[Rule]]:
    """The rules with presets, by resource and action."""
    presetting = sorted(
        (rule for rule in rules if rule.presets),
        key=lambda rule: (rule.resource, rule.action, rule.origin.file, rule.origin.line),
    )
    for _, group in groupby(presetting, key=lambda rule: (rule.resource, rule.action)):
        yield list(group)


def _faults(rules: list[Rule]) -> Iterator[Fault]:
    first: dict[str, tuple[Operand, Rule]] = {}
    for rule in rules:
        for field, value in rule.presets:
            known, other = first.setdefault(field, (value, rule))
            if known != value:
                message = f"{rule.resource}.{field}: {other.origin.file}:{other.origin.line} presets another value"
                yield Fault(rule.origin.file, rule.origin.line, message)
