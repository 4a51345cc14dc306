"""What lines add up to: tables of exact amounts, and laws."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.amounts import MOST, Line, Tax, Totals, line_total, places, totals
from app.services.amounts.rounding import decimals
from app.services.demo import money
from app.services.errors import Refused

NOTHING = Decimal(0)


def line(quantity: str, price: str, discount: str = "0", tax: str = "0") -> Line:
    return Line(Decimal(quantity), Decimal(price), Decimal(discount), Decimal(tax))


def reckoned(lines: list[Line], discount: str = "0", shipping: str = "0", currency: str = "EUR") -> Totals:
    return totals(lines, Decimal(discount), Decimal(shipping), currency)


def wrong(lines: list[Line], discount: str = "0", shipping: str = "0", currency: str = "EUR") -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        reckoned(lines, discount, shipping, currency)
    return [("/".join(error.field), error.reason) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("item", "currency", "expected"),
    [
        (line("1", "10"), "EUR", "10.0000"),
        (line("3", "0.335"), "EUR", "1.0100"),
        (line("1", "0.005"), "EUR", "0.0100"),
        (line("1", "0.0149"), "EUR", "0.0100"),
        (line("1", "0.025"), "EUR", "0.0300"),
        (line("2.5", "9.99", "10"), "EUR", "22.4800"),
        (line("1", "99.99", "33.33"), "EUR", "66.6600"),
        (line("1", "99.99", "100"), "EUR", "0.0000"),
        (line("0", "99.99"), "EUR", "0.0000"),
        (line("1", "1000", "0.05"), "JPY", "1000.0000"),
        (line("1", "1001", "50"), "JPY", "501.0000"),
        (line("1", "1.0005"), "KWD", "1.0010"),
        (line("1", "1.00005"), "CLF", "1.0001"),
        (line("0.333", "3"), "XQQ", "1.0000"),
        (line("999999999999999.999", "1"), "KWD", "999999999999999.9990"),
    ],
)
def test_a_lines_total_is_rounded_half_up_to_the_currencys_smallest_unit(
    item: Line, currency: str, expected: str
) -> None:
    assert str(line_total(item, currency)) == expected


LINES = [line("2", "49.99", "0", "19"), line("1", "10.05", "5", "7"), line("3", "0.333", "0", "19")]
"""99.98, 9.55 and 1.00: 100.98 at 19 per cent, 9.55 at 7."""


@pytest.mark.parametrize(
    ("lines", "discount", "shipping", "currency", "expected"),
    [
        pytest.param([], "0", "0", "EUR", ("0", "0", "0", "0", "0"), id="nothing"),
        pytest.param([], "0", "4.90", "EUR", ("0", "0", "0", "4.90", "4.90"), id="delivery-only"),
        pytest.param(LINES, "0", "0", "EUR", ("110.53", "0", "19.86", "0", "130.39"), id="two-rates"),
        pytest.param(LINES, "10.53", "4.90", "EUR", ("110.53", "10.53", "17.96", "4.90", "122.86"), id="discount-shared"),
        pytest.param(LINES, "110.53", "0", "EUR", ("110.53", "110.53", "0", "0", "0"), id="all-off"),
        pytest.param([line("1", "0.05", "0", "10")] * 3, "0", "0", "EUR", ("0.15", "0", "0.02", "0", "0.17"), id="once-for-each-rate"),
        pytest.param([line("1", "333", "0", "10"), line("1", "333", "0", "8")], "1", "0", "JPY", ("666", "1", "60", "0", "725"), id="yen"),
        pytest.param([line("1", str(MOST), "0", "0")], "0", "0", "CLF", (str(MOST), "0", "0", "0", str(MOST)), id="the-most"),
    ],
)  # fmt: skip
def test_totals_of_a_quote_or_an_order(
    lines: list[Line], discount: str, shipping: str, currency: str, expected: tuple[str, ...]
) -> None:
    found = reckoned(lines, discount, shipping, currency)
    parts = (found.subtotal, found.discount, found.tax, found.shipping, found.total)
    assert parts == tuple(map(Decimal, expected))
    assert all(part.as_tuple().exponent == -4 for part in (*parts, *found.line_totals))


def test_tax_is_told_by_rate() -> None:
    assert reckoned(LINES, "10.53").taxes == (Tax(Decimal(7), Decimal("0.60")), Tax(Decimal(19), Decimal("17.36")))
    assert reckoned([*LINES, line("1", "1", "0", "7.00")]).taxes[0] == Tax(Decimal(7), Decimal("0.74"))


HUGE = line("999999999999999", "10")


@pytest.mark.parametrize(
    ("lines", "discount", "shipping", "currency", "expected"),
    [
        ([line("NaN", "Infinity", "-1", "100.01")], "0", "0", "EUR", [
            ("lines/0/quantity", "no_number"), ("lines/0/unitPrice", "no_number"),
            ("lines/0/discountPct", "too_small"), ("lines/0/taxRatePct", "too_great"),
        ]),
        ([line("1E+999999", "1E-999999", "0E-999999", "1E-999999")], "0", "0", "EUR", [
            ("lines/0/quantity", "too_great"), ("lines/0/unitPrice", "too_many_decimals"),
            ("lines/0/taxRatePct", "too_many_decimals"),
        ]),
        ([line("1.0001", "1.00001", "1.001")], "0.001", "1", "EUR", [
            ("lines/0/quantity", "too_many_decimals"), ("lines/0/unitPrice", "too_many_decimals"),
            ("lines/0/discountPct", "too_many_decimals"), ("discount", "too_many_decimals"),
        ]),
        ([line("1", "1")], "0.5", "-1", "JPY", [("discount", "too_many_decimals"), ("shipping", "too_small")]),
        ([line("1", "1")], "1.01", "0", "EUR", [("discount", "exceeds")]),
        ([], "0.01", "0", "EUR", [("discount", "exceeds")]),
        ([line("1", "1"), HUGE, HUGE], "0", "0", "EUR", [("lines/1/lineTotal", "too_great"), ("lines/2/lineTotal", "too_great")]),
        ([line("1", "999999999999999.99"), line("1", "0.01")], "0", "0", "EUR", [("total", "too_great")]),
        ([line("1", "999999999999999.99")], "0", "0.01", "EUR", [("total", "too_great")]),
        ([line("1", "999999999999999", "0", "1")], "0", "0", "EUR", [("total", "too_great")]),
    ],
)  # fmt: skip
def test_what_cannot_be_added_up_is_refused(
    lines: list[Line], discount: str, shipping: str, currency: str, expected: list[tuple[str, str]]
) -> None:
    assert wrong(lines, discount, shipping, currency) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("0", 0), ("0.00", 0), ("1", 0), ("100", 0), ("1E+5", 0), ("1.50", 1), ("0.0010", 3), ("1E-7", 7), ("-1.25", 2)],
)
def test_decimals_are_counted_without_zeros(number: str, expected: int) -> None:
    assert decimals(Decimal(number)) == expected


@pytest.mark.parametrize(("currency", "expected"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("XQQ", 2)])
def test_a_currency_has_its_decimals(currency: str, expected: int) -> None:
    assert places(currency) == expected


CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "CLF"])
SOME = st.builds(
    Line,
    st.decimals(0, 10**6, places=3),
    st.decimals(0, 10**6, places=4),
    st.decimals(0, 100, places=2),
    st.sampled_from([Decimal(0), Decimal("7.00"), Decimal("8.25"), Decimal(19), Decimal(100)]),
)


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[Line], Decimal, Decimal, str]:
    currency, lines = draw(CURRENCIES), draw(st.lists(SOME, max_size=5))
    unit = Decimal(1).scaleb(-places(currency))
    most = sum((line_total(one, currency) for one in lines), NOTHING)
    discount = draw(st.integers(0, int(most / unit))) * unit
    return lines, discount, draw(st.integers(0, 10**6)) * unit, currency


@given(order=orders(), turn=st.randoms(use_true_random=False))
def test_totals_are_the_sums_of_their_parts_whatever_the_order_of_lines(
    order: tuple[list[Line], Decimal, Decimal, str], turn: Any
) -> None:
    lines, discount, shipping, currency = order
    found = totals(lines, discount, shipping, currency)
    assert found.line_totals == tuple(line_total(one, currency) for one in lines)
    assert found.subtotal == sum(found.line_totals, NOTHING)
    assert found.tax == sum((part.amount for part in found.taxes), NOTHING)
    assert (found.discount, found.shipping) == (discount, shipping)
    assert found.total == found.subtotal - found.discount + found.tax + found.shipping
    amounts = (*found.line_totals, found.subtotal, found.discount, found.tax, found.shipping, found.total)
    assert all(amount >= 0 and decimals(amount) <= places(currency) for amount in amounts)
    assert found.tax <= found.subtotal - found.discount
    turn.shuffle(lines)
    again = totals(lines, discount, shipping, currency)
    assert (again.subtotal, again.taxes, again.total) == (found.subtotal, found.taxes, found.total)


@given(order=orders())
def test_totals_do_not_depend_on_the_context_of_decimals(order: tuple[list[Line], Decimal, Decimal, str]) -> None:
    found = totals(*order)
    with localcontext(prec=1, Emax=1, Emin=-1):
        again = totals(*order)
    assert repr(again) == repr(found)


@given(
    items=st.lists(st.tuples(st.integers(1, 99), st.integers(1, 10**6), st.integers(0, 20)), min_size=1, max_size=5),
    discount=st.sampled_from([0, 3, 10]),
    tax=st.sampled_from([0, 700, 825, 1900]),
    shipping=st.sampled_from([0, 1000]),
)
def test_the_demo_company_reckons_alike(
    items: list[tuple[int, int, int]], discount: int, tax: int, shipping: int
) -> None:
    product: Any = None
    sold = [
        money.Item(product, count, price, off, money.share_of(count * price, (100 - off) * 100, "EUR"))
        for count, price, off in items
    ]
    theirs = money.add_up(sold, discount, tax, shipping, "EUR")
    rate = Decimal(tax).scaleb(-2)
    lines = [Line(Decimal(one.quantity), money.amount(one.price), Decimal(one.discount), rate) for one in sold]
    found = totals(lines, money.amount(theirs.discount), money.amount(theirs.shipping), "EUR")
    assert found.line_totals == tuple(money.amount(one.total) for one in sold)
    assert (found.subtotal, found.tax, found.total) == tuple(
        money.amount(amount) for amount in (theirs.subtotal, theirs.tax, theirs.total)
    )
