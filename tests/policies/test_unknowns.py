"""Deciding unknown operands beforehand never changes what is certain, nor what is possible."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.conditions import (
    ALWAYS,
    NEVER,
    And,
    Compare,
    Condition,
    Constant,
    Operator,
    Or,
    Pair,
    Quantified,
    Quantifier,
    Single,
    Unknown,
    with_operands,
)
from policies.unknowns import certain, possible
from tests.oracle.logic import Truth, all_of, any_of, negation

Row: TypeAlias = dict[str, Any]

FLAG = Compare("flag", Operator.EQ, Constant(value=True))
LACKING = Compare("region", Operator.IN, Unknown())

truth = st.sampled_from([True, False, None])
leaf_row: st.SearchStrategy[Row] = st.fixed_dictionaries({"flag": truth, "one": st.none(), "many": st.just([])})
row: st.SearchStrategy[Row] = st.recursive(
    leaf_row,
    lambda inner: st.fixed_dictionaries({"flag": truth, "one": st.none() | inner, "many": st.lists(inner, max_size=3)}),
    max_leaves=8,
)
condition = st.recursive(
    st.sampled_from([FLAG, LACKING]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Or(tuple(parts))),
        inner.map(lambda part: Single("one", part)),
        st.builds(Quantified, st.just("many"), st.sampled_from(Quantifier), inner),
    ),
    max_leaves=6,
)


def value(condition: Condition, row: Row) -> Truth:
    """Three-valued truth of a condition on a row that holds its related rows."""
    if isinstance(condition, Compare):
        return None if isinstance(condition.operand, Unknown) else row["flag"]
    if isinstance(condition, And):
        return all_of(value(part, row) for part in condition.conditions)
    if isinstance(condition, Or):
        return any_of(value(part, row) for part in condition.conditions)
    if isinstance(condition, Single):
        return None if row["one"] is None else value(condition.condition, row["one"])
    assert isinstance(condition, Quantified)
    each = [value(condition.condition, there) for there in row["many"]]
    if condition.quantifier is Quantifier.EVERY:
        return all_of(each)
    return any_of(each) if condition.quantifier is Quantifier.SOME else negation(any_of(each))


@settings(max_examples=300)
@given(condition, row)
def test_what_is_certain_stays_certain_and_what_is_possible_stays_possible(condition: Condition, row: Row) -> None:
    assert (value(certain(condition), row) is True) == (value(condition, row) is True)
    assert (value(possible(condition), row) is False) == (value(condition, row) is False)


@given(condition)
def test_no_unknown_operand_is_left(condition: Condition) -> None:
    operands: list[Any] = []

    def note(operand: Any) -> Any:
        operands.append(operand)
        return operand

    with_operands(certain(condition), note)
    with_operands(possible(condition), note)
    assert not any(isinstance(operand, Unknown) for operand in operands)


def some(part: Condition) -> Condition:
    return Quantified("many", Quantifier.SOME, part)


def none(part: Condition) -> Condition:
    return Quantified("many", Quantifier.NONE, part)


def every(part: Condition) -> Condition:
    return Quantified("many", Quantifier.EVERY, part)


@pytest.mark.parametrize(
    ("condition", "is_certain", "is_possible"),
    [
        (FLAG, FLAG, FLAG),
        (LACKING, NEVER, ALWAYS),
        (ALWAYS, ALWAYS, ALWAYS),
        (And((FLAG, LACKING)), NEVER, FLAG),
        (Or((FLAG, LACKING)), FLAG, ALWAYS),
        (Or((LACKING, LACKING)), NEVER, ALWAYS),
        (And((LACKING, LACKING)), NEVER, ALWAYS),
        (And((Or((LACKING, FLAG)), FLAG)), FLAG, FLAG),
        (Single("one", LACKING), NEVER, ALWAYS),
        (Single("one", ALWAYS), Single("one", ALWAYS), ALWAYS),
        (Single("one", NEVER), NEVER, Single("one", NEVER)),
        (some(LACKING), NEVER, some(ALWAYS)),
        (none(LACKING), none(ALWAYS), ALWAYS),
        (every(LACKING), every(NEVER), ALWAYS),
        (none(none(LACKING)), none(ALWAYS), none(none(ALWAYS))),
        (some(And((FLAG, LACKING))), NEVER, some(FLAG)),
        (none(And((FLAG, LACKING))), none(FLAG), ALWAYS),
        (every(Or((FLAG, LACKING))), every(FLAG), ALWAYS),
    ],
    ids=str,
)
def test_unknown_is_false_to_an_allow_and_true_to_a_deny(
    condition: Condition, is_certain: Condition, is_possible: Condition
) -> None:
    assert certain(condition) == is_certain
    assert possible(condition) == is_possible


ONE, TWO = Constant(1), Constant(2)


@pytest.mark.parametrize(
    "lacking",
    [
        Compare("level", Operator.BETWEEN, Pair(Unknown(), TWO)),
        Compare("level", Operator.BETWEEN, Pair(ONE, Unknown())),
        Compare("revenue", Operator.GT, ONE, Unknown()),
        Compare("revenue", Operator.GT, Unknown(), Constant("EUR")),
        Compare("level", Operator.IS_NULL, Unknown()),
    ],
    ids=str,
)
def test_an_operand_is_lacking_wherever_it_stands(lacking: Condition) -> None:
    assert certain(lacking) == NEVER
    assert possible(lacking) == ALWAYS
