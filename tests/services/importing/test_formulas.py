"""Formulas: exact, and nothing but arithmetic."""

from __future__ import annotations

import decimal
from collections.abc import Iterator
from decimal import Decimal

import pytest

from app.services.importing.formulas import EXACT, compiled, operands
from app.services.importing.transforms import Refusal


@pytest.fixture(autouse=True)
def exact() -> Iterator[None]:
    """The arithmetic that imports run in."""
    with decimal.localcontext(EXACT):
        yield


@pytest.mark.parametrize(
    ("formula", "values", "made"),
    [
        ("{a} * {b} * (1 - {c})", ("14.00", "12", "0.15"), "142.8000"),
        ("{a} * 0.1", ("3",), "0.3"),
        ("-{a} + 2 * {a}", ("5",), "5"),
        ("{unit price}/{b}", ("1", "8"), "0.125"),
        ("{a} * {b}", ("999999999999999.9999", "999999999999999.999"), "999999999999999998900000000000.0000001"),
    ],
)
def test_a_formula_is_computed_exactly(formula: str, values: tuple[str, ...], made: str) -> None:
    assert compiled(formula)(*map(Decimal, values)) == Decimal(made)


def test_operands_are_named_once_in_order() -> None:
    assert operands("{b} + {a|or:0} + {b}") == ["b", "a|or:0"]


@pytest.mark.parametrize(
    "formula",
    [
        "{a} +",
        "a + 1",
        "{a} ** 9",
        "{a} if 1 else 2",
        "{a}.real",
        "f({a})",
        "'x'",
        "{a} * True",
        "[1][0]",
        "1 < {a}",
        "",
    ],
)
def test_what_is_not_arithmetic_is_no_formula(formula: str) -> None:
    with pytest.raises(ValueError, match=r"formula|may hold"):
        compiled(formula)


def test_a_division_by_zero_refuses_the_row() -> None:
    with pytest.raises(Refusal, match=r"cannot be computed from 1, 0 \(DivisionByZero\)"):
        compiled("{a} / {b}")(Decimal(1), Decimal(0))
