"""Conditions as data: what they consist of, and what they read."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from policies.catalogue import Resource
from policies.conditions import (
    LISTS,
    OPERATORS,
    And,
    Attribute,
    Compare,
    Condition,
    Constant,
    Not,
    Operand,
    Operator,
    Or,
    Pair,
    Quantified,
    Quantifier,
    Single,
    conjuncts,
    fields_read,
    with_operands,
)
from tests.policies.model import CATALOGUE, CUSTOMER, LINE, NOTE, ORDER, REGION, USER

ONE, TWO, ME = Constant(1), Constant(2), Attribute("me")
A, B, C = (Compare(name, Operator.EQ, ONE) for name in "abc")


def test_nested_conjunctions_are_one_ground() -> None:
    assert conjuncts(And((A, And((B, And(()), And((C,))))))) == {A, B, C}
    assert conjuncts(And(())) == frozenset()
    assert conjuncts(Or((A, B))) == {Or((A, B))}
    assert conjuncts(A) == {A}


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        (A, Compare("a", Operator.EQ, ME)),
        (Compare("a", Operator.GT, ONE, TWO), Compare("a", Operator.GT, ME, ME)),
        (Compare("a", Operator.BETWEEN, Pair(ONE, TWO)), Compare("a", Operator.BETWEEN, Pair(ME, ME))),
        (And((A, Or((B,)))), And((Compare("a", Operator.EQ, ME), Or((Compare("b", Operator.EQ, ME),))))),
        (Not(A), Not(Compare("a", Operator.EQ, ME))),
        (Single("r", A), Single("r", Compare("a", Operator.EQ, ME))),
        (Quantified("r", Quantifier.NONE, A), Quantified("r", Quantifier.NONE, Compare("a", Operator.EQ, ME))),
    ],
    ids=str,
)
def test_each_operand_is_changed_wherever_it_stands(given: Condition, changed: Condition) -> None:
    def to_me(operand: Operand) -> Operand:
        return ME

    assert with_operands(given, to_me) == changed


FLAG = Compare("flag", Operator.EQ, Constant(value=True))


@pytest.mark.parametrize(
    ("condition", "on", "read"),
    [
        (FLAG, ORDER, [(ORDER, "flag")]),
        (And((FLAG, Or((Not(Compare("title", Operator.EQ, ONE)),)))), ORDER, [(ORDER, "flag"), (ORDER, "title")]),
        (Single("owner", FLAG), ORDER, [(ORDER, "owner"), (USER, "flag")]),
        (Single("aboutOrder", FLAG), NOTE, [(NOTE, "aboutId"), (NOTE, "aboutType"), (ORDER, "flag")]),
        (Quantified("lines", Quantifier.SOME, FLAG), ORDER, [(LINE, "order"), (LINE, "flag")]),
        (Quantified("notes", Quantifier.SOME, FLAG), ORDER, [(NOTE, "aboutId"), (NOTE, "aboutType"), (NOTE, "flag")]),
        (
            Single("owner", Single("region", Quantified("customers", Quantifier.NONE, And(())))),
            ORDER,
            [(ORDER, "owner"), (USER, "region"), (CUSTOMER, "region")],
        ),
        (Single("parent", FLAG), REGION, [(REGION, "parent"), (REGION, "flag")]),
    ],
    ids=str,
)
def test_a_condition_reads_what_it_compares_and_what_it_joins_by(
    condition: Condition, on: Resource, read: list[tuple[Resource, str]]
) -> None:
    assert list(fields_read(condition, on, CATALOGUE)) == read


def test_conditions_are_frozen_and_compare_by_value() -> None:
    assert {A, Compare("a", Operator.EQ, Constant(1))} == {A}
    with pytest.raises(FrozenInstanceError):
        A.field = "b"  # type: ignore[misc]


def test_lists_are_asked_by_the_operators_that_take_them() -> None:
    assert {Operator.IN, Operator.NOT_IN} == LISTS
    assert all(len(set(operators)) == len(operators) for operators in OPERATORS.values())
