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
from policies.words import ENGLISH, Words

OF_ASSIGNMENT = frozenset({"departments", "regions"})
"""Attributes that are written with `$assignment.` before them."""


def listed(names: Iterable[str], most: int = 4, words: Words = ENGLISH) -> str:
    """`a, b and c`; of many the first few and how many more there are."""
    found = list(names)
    if len(found) > most + 1:
        return words.more.format(words.comma.join(found[:most]), len(found) - most)
    return words.last.join(filter(None, (words.comma.join(found[:-1]), *found[-1:])))


def operand_in_words(operand: Operand, words: Words = ENGLISH) -> str:
    """`$me`, `GOLD`, `[A, B]`, `1 to 5`."""
    if isinstance(operand, Attribute):
        return f"$assignment.{operand.name}" if operand.name in OF_ASSIGNMENT else f"${operand.name.lower()}"
    if isinstance(operand, Pair):
        return words.to.format(operand_in_words(operand.low, words), operand_in_words(operand.high, words))
    if isinstance(operand, Constant):
        return _constant(operand.value)
    return words.unknown


def _constant(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_constant, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def in_words(condition: Condition, words: Words = ENGLISH) -> str:
    """`region in $assignment.regions and customer (tier eq KEY)`."""
    if condition == ALWAYS:
        return words.always
    if condition == NEVER:
        return words.never
    if isinstance(condition, Compare):
        return _compared(condition, words)
    if isinstance(condition, And):
        return words.all_of.join(in_words(each, words) for each in condition.conditions)
    if isinstance(condition, Or):
        return f"({words.any_of.join(in_words(each, words) for each in condition.conditions)})"
    if isinstance(condition, Not):
        return words.negated.format(in_words(condition.condition, words))
    assert not isinstance(condition, Entry)
    head = f"{condition.quantifier} {condition.relation}" if isinstance(condition, Quantified) else condition.relation
    return words.related.format(head, in_words(condition.condition, words))


def _compared(condition: Compare, words: Words) -> str:
    currency = f" {operand_in_words(condition.currency, words)}" if condition.currency is not None else ""
    return f"{condition.field} {condition.operator} {operand_in_words(condition.operand, words)}{currency}"


def ground_in_words(ground: Iterable[Condition], words: Words = ENGLISH) -> str:
    """Conditions that must all hold, in an order of their own."""
    return words.all_of.join(sorted(in_words(each, words) for each in ground)) or words.always
