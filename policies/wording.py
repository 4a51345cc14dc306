"""Conditions in words, close to how they are written in a document."""

from __future__ import annotations

from collections.abc import Iterable

from policies.conditions import (
    ALWAYS,
    NEVER,
    And,
    Attribute,
    Compare,
    Condition,
    Constant,
    Entry,
    Not,
    Operand,
    Or,
    Pair,
    Quantified,
)

OF_ASSIGNMENT = frozenset({"departments", "regions"})
"""Attributes that are written with `$assignment.` before them."""


def listed(names: Iterable[str], most: int = 4) -> str:
    """`a, b and c`; of many the first few and how many more there are."""
    found = list(names)
    if len(found) > most + 1:
        return f"{', '.join(found[:most])} and {len(found) - most} more"
    return " and ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))


def operand_in_words(operand: Operand) -> str:
    """`$me`, `GOLD`, `[A, B]`, `1 to 5`."""
    if isinstance(operand, Attribute):
        return f"$assignment.{operand.name}" if operand.name in OF_ASSIGNMENT else f"${operand.name.lower()}"
    if isinstance(operand, Pair):
        return f"{operand_in_words(operand.low)} to {operand_in_words(operand.high)}"
    if isinstance(operand, Constant):
        return _constant(operand.value)
    return "(unknown)"


def _constant(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_constant, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def in_words(condition: Condition) -> str:
    """`region in $assignment.regions and customer (tier eq KEY)`."""
    if condition == ALWAYS:
        return "always"
    if condition == NEVER:
        return "never"
    if isinstance(condition, Compare):
        return _compared(condition)
    if isinstance(condition, And):
        return " and ".join(map(in_words, condition.conditions))
    if isinstance(condition, Or):
        return f"({' or '.join(map(in_words, condition.conditions))})"
    if isinstance(condition, Not):
        return f"not ({in_words(condition.condition)})"
    assert not isinstance(condition, Entry)
    head = f"{condition.quantifier} {condition.relation}" if isinstance(condition, Quantified) else condition.relation
    return f"{head} ({in_words(condition.condition)})"


def _compared(condition: Compare) -> str:
    currency = f" {operand_in_words(condition.currency)}" if condition.currency is not None else ""
    return f"{condition.field} {condition.operator} {operand_in_words(condition.operand)}{currency}"


def ground_in_words(ground: Iterable[Condition]) -> str:
    """Conditions that must all hold, in an order of their own."""
    return " and ".join(sorted(map(in_words, ground))) or "always"
