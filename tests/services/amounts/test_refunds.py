"""What is paid back: a table of exact amounts, and laws."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.amounts import Line, line_total, refund, totals

LINES = [Line(Decimal(4), Decimal(10), Decimal(0), Decimal(19)), Line(Decimal(2), Decimal(10), Decimal(0), Decimal(7))]


@pytest.mark.parametrize(
    ("kept", "discount", "expected"),
    [
        (("4", "2"), "6", "0.0000"),
        (("0", "0"), "6", "62.1000"),
        (("3", "2"), "0", "11.9000"),
        (("3", "2"), "6", "10.7100"),
        (("4", "0"), "6", "19.2600"),
    ],
    ids=["nothing", "all", "one", "one-with-its-discount", "a-line"],
)
def test_what_comes_back_is_paid_back(kept: tuple[str, str], discount: str, expected: str) -> None:
    assert str(refund(LINES, [Decimal(each) for each in kept], Decimal(discount), "EUR")) == expected


_amounts = st.decimals(0, 1000, places=2)
_lines = st.builds(Line, st.decimals(0, 50, places=3), _amounts, st.decimals(0, 100, places=2), st.sampled_from([Decimal(0), Decimal(19)]))  # fmt: skip


@given(st.lists(_lines, min_size=1, max_size=4), st.data())
def test_never_more_is_paid_back_than_was_to_be_paid(lines: list[Line], data: st.DataObject) -> None:
    subtotal = sum(line_total(line, "EUR") for line in lines)
    discount = data.draw(st.decimals(0, subtotal, places=2))
    kept = [data.draw(st.decimals(0, line.quantity, places=3)) for line in lines]
    cost = totals(lines, discount, Decimal(0), "EUR").total
    assert 0 <= refund(lines, kept, discount, "EUR") <= cost
    assert refund(lines, [Decimal(0)] * len(lines), discount, "EUR") == cost
