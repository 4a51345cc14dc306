"""Fragments: SQL put together from pieces, with their parameters."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from policies.conditions import Constant
from policies.fragments import FALSE, TRUE, Fragment, case, either, every, fragments, separated, together
from tests.policies.model import CUSTOMERS

A, B, C = (Fragment((name,)) for name in "abc")


def text(fragment: Fragment) -> str:
    return "".join(map(str, fragment.parts))


@pytest.mark.parametrize(
    ("pieces", "one", "all_"),
    [
        ((), "false", "true"),
        ((A,), "a", "a"),
        ((A, B), "(a OR b)", "a AND b"),
        ((A, B, C), "(a OR b OR c)", "a AND b AND c"),
        ((A, TRUE), "true", "a"),
        ((TRUE, A), "true", "a"),
        ((TRUE,), "true", "true"),
        ((A, FALSE), "(a OR false)", "a AND false"),
    ],
)
def test_one_of_several_holds_or_all_do(pieces: tuple[Fragment, ...], one: str, all_: str) -> None:
    assert text(either(*pieces)) == one
    assert text(every(*pieces)) == text(every(None, *pieces)) == all_


@pytest.mark.parametrize(
    ("whens", "written"), [((), "c"), ((A,), "CASE a ELSE c END"), ((A, B), "CASE a b ELSE c END")]
)
def test_the_first_that_holds_is_chosen(whens: tuple[Fragment, ...], written: str) -> None:
    assert text(case(whens, C)) == written


def test_pieces_stand_one_after_the_other() -> None:
    assert text(separated(", ", [])) == ""
    assert text(separated(", ", [A, "x", B])) == "a, x, b"
    assert text(together("(", A, B, ")")) == "(ab)"


def test_each_parameter_stands_where_it_is_compared() -> None:
    own = CUSTOMERS.alias("own")
    compiles, operands = fragments(own), [Constant(value) for value in (1, 2, 3)]
    one, two, three = (sa.bindparam(None, operand, sa.Numeric()) for operand in operands)
    found = compiles.of(sa.and_(own.c.level == one, own.c.level != two, own.c.level > three))
    kinds = [part.value if isinstance(part, sa.BindParameter) else part for part in found.parts]
    assert kinds[1::2] == operands
    assert kinds[::2] == ["own.level = ", "::NUMERIC AND own.level != ", "::NUMERIC AND own.level > ", "::NUMERIC"]
    assert [bind.value for bind in found.binds.values()] == operands
    assert compiles.source == "FROM small.customers AS own"


def test_a_parameter_of_one_source_and_type_is_one() -> None:
    own = CUSTOMERS.alias("own")
    compiles = fragments(own)

    def bind(value: object, type_: sa.types.TypeEngine[Any]) -> object:
        [found] = compiles.of(own.c.level == sa.bindparam(None, value, type_)).binds.values()
        return found

    assert bind(Constant(1), sa.Numeric()) is bind(Constant(1), sa.Numeric())
    assert bind(Constant(1), sa.Numeric()) is not bind(Constant(1), sa.Integer())
    assert bind(Constant(1), sa.Numeric()) is not bind(Constant(2), sa.Numeric())


def test_nothing_is_a_null_of_its_type() -> None:
    compiles = fragments(CUSTOMERS.alias("own"))
    assert text(compiles.nothing(sa.Uuid())) == "CAST(NULL AS UUID)"
    assert text(compiles.nothing(sa.Date())) == "CAST(NULL AS DATE)"
    assert compiles.nothing(sa.Uuid()) is compiles.nothing(sa.Uuid())
