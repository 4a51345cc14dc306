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
    ("fragment", "written"),
    [
        (either(), "false"),
        (either(A), "a"),
        (either(A, B), "(a OR b)"),
        (either(A, B, C), "(a OR b OR c)"),
        (either(A, TRUE), "true"),
        (either(TRUE, A), "true"),
        (either(A, FALSE), "(a OR false)"),
        (every(), "true"),
        (every(A), "a"),
        (every(A, B), "a AND b"),
        (every(A, None, TRUE, B), "a AND b"),
        (every(None, TRUE), "true"),
        (every(A, FALSE), "a AND false"),
        (case([], A), "a"),
        (case([A], B), "CASE a ELSE b END"),
        (case([A, B], C), "CASE a b ELSE c END"),
        (separated(", ", []), ""),
        (separated(", ", [A, "x", B]), "a, x, b"),
        (together("(", A, B, ")"), "(ab)"),
    ],
)
def test_pieces_are_joined(fragment: Fragment, written: str) -> None:
    assert text(fragment) == written


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
