"""What is left of a condition once comparisons with operands that the principal lacks are decided.

Such a comparison is unknown on every row. An allow counts what is certain, so for it the comparison
is as good as false; a deny counts what is possible, so for it it is as good as true. What remains
has no unknown operand, and is `NEVER` or `ALWAYS` where nothing remains.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from policies.conditions import (
    ALWAYS,
    NEVER,
    And,
    Compare,
    Condition,
    Entry,
    Not,
    Or,
    Pair,
    Quantified,
    Quantifier,
    Single,
    Unknown,
)


def certain(condition: Condition) -> Condition:
    """A condition that is certain just where the given one is."""
    return _decide(condition, NEVER)


def possible(condition: Condition) -> Condition:
    """A condition that is possible just where the given one is."""
    return _decide(condition, ALWAYS)


def _decide(condition: Condition, unknown: Condition) -> Condition:
    if isinstance(condition, Compare):
        return unknown if _lacks_operand(condition) else condition
    if isinstance(condition, And):
        return _all(_decide(part, unknown) for part in condition.conditions)
    if isinstance(condition, Or):
        return _any(_decide(part, unknown) for part in condition.conditions)
    if isinstance(condition, Single):
        inner = _decide(condition.condition, unknown)
        return unknown if inner == unknown else replace(condition, condition=inner)
    assert not isinstance(condition, (Not, Entry))
    return _quantified(condition, unknown)


def _lacks_operand(condition: Compare) -> bool:
    operand = condition.operand
    ends = (operand.low, operand.high) if isinstance(operand, Pair) else (operand,)
    return any(isinstance(part, Unknown) for part in (*ends, condition.currency))


def _all(conditions: Iterable[Condition]) -> Condition:
    left = tuple(dict.fromkeys(condition for condition in conditions if condition != ALWAYS))
    return NEVER if NEVER in left else left[0] if len(left) == 1 else And(left)


def _any(conditions: Iterable[Condition]) -> Condition:
    left = tuple(dict.fromkeys(condition for condition in conditions if condition != NEVER))
    return ALWAYS if ALWAYS in left else left[0] if len(left) == 1 else Or(left)


def _quantified(condition: Quantified, unknown: Condition) -> Condition:
    """Some of what never holds is never; none of it, and every of what always holds, is always."""
    if condition.quantifier is Quantifier.NONE:  # what is certainly none is what possibly is not
        inner = _decide(condition.condition, ALWAYS if unknown == NEVER else NEVER)
        return ALWAYS if inner == NEVER else replace(condition, condition=inner)
    inner = _decide(condition.condition, unknown)
    if inner == (ALWAYS if condition.quantifier is Quantifier.EVERY else NEVER):
        return inner
    return replace(condition, condition=inner)
