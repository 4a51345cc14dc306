"""Orders confirmed, delivered, returned and cancelled, and what that does to stock."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app.models.enums import OrderStatus
from app.services.transitions import ORDERS
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.selling import done, write
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, order, order_line, product, store
from tests.http.asking import Asking, asking

STOCK = "SELECT available_quantity::text FROM products WHERE id = $1"
PRICED = {"unit_price": Decimal(10), "tax_rate_pct": Decimal(19)}


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's."""
    made = customer("Acme", owner=company.rep, region=company.germany, currency="EUR")
    await store(writer, made)
    return made


@pytest.fixture
async def pen(writer: asyncpg.Connection, theirs: Row) -> Row:
    """A product of which there are ten."""
    made = product(f"PEN-{theirs.key}", available_quantity=Decimal(10))
    await store(writer, made)
    return made


@pytest.fixture
async def ours(writer: asyncpg.Connection, theirs: Row, pen: Row) -> tuple[Row, Row, Row]:
    """An order, with four of the product and two of something that is not counted."""
    sums = {"subtotal": Decimal(60), "discount": Decimal(6), "tax": Decimal("10.26"), "shipping": Decimal(5)}
    made = order(theirs, total=Decimal("69.26"), **sums)
    four = order_line(made, position=1, product=pen, quantity=Decimal(4), line_total=Decimal(40), **PRICED)
    two = order_line(made, position=2, quantity=Decimal(2), line_total=Decimal(20), **PRICED)
    await store(writer, made, four, two)
    return made, four, two


async def step(graph: Asking, company: Company, name: str, of: Row, *lines: tuple[Row, str]) -> Any:
    """What the order is after a step."""
    listed = {"lines": [{"id": line.node, "quantity": quantity} for line, quantity in lines]} if lines else {}
    return await done(graph, company.rep, f"order{name}", id=of.node, **listed)


def stands(shown: Any) -> tuple[str, str, str]:
    """Where the order, its delivery and what was paid back stand."""
    return shown["status"], shown["fulfillmentStatus"], shown["refunded"]["amount"]


async def test_an_order_is_confirmed_delivered_and_returned_in_parts(
    graph: Asking, company: Company, writer: asyncpg.Connection, ours: tuple[Row, Row, Row], pen: Row
) -> None:
    made, four, two = ours
    steps: list[tuple[str, list[tuple[Row, str]], tuple[str, str, str], str]] = [
        ("Confirm", [], ("UNFULFILLED", "UNFULFILLED", "0.0000"), "6.000"),
        ("Fulfill", [(four, "1.5")], ("PARTIALLY_FULFILLED", "PARTIALLY_FULFILLED", "0.0000"), "6.000"),
        ("Fulfill", [], ("FULFILLED", "FULFILLED", "0.0000"), "6.000"),
        ("Return", [(four, "1"), (two, "2")], ("PARTIALLY_RETURNED", "PARTIALLY_RETURNED", "32.1300"), "7.000"),
        ("Return", [], ("RETURNED", "RETURNED", "64.2600"), "10.000"),
    ]
    for name, lines, expected, stock in steps:
        assert stands(await step(graph, company, name, made, *lines)) == expected
        assert await writer.fetchval(STOCK, pen.key) == stock
    changes = "SELECT entity, op, count(*) FROM change_events WHERE entity_id = ANY($1) GROUP BY 1, 2 ORDER BY 1, 2"
    found = await writer.fetch(changes, [made.key, four.key, two.key, pen.key])
    assert [tuple(row) for row in found] == [
        ("order_lines", "UPDATE", 6),
        ("orders", "UPDATE", 5),
        ("products", "UPDATE", 3),
    ]


STEPS = {
    "confirm": "Confirm",
    "fulfillPart": "Fulfill",
    "fulfill": "Fulfill",
    "returnPart": "Return",
    "return": "Return",
    "cancel": "Cancel",
}
DELIVERED = {
    OrderStatus.PARTIALLY_FULFILLED: (1, 0, "PARTIALLY_FULFILLED"),
    OrderStatus.FULFILLED: (4, 0, "FULFILLED"),
    OrderStatus.PARTIALLY_RETURNED: (3, 1, "PARTIALLY_RETURNED"),
    OrderStatus.RETURNED: (4, 4, "RETURNED"),
}
"""How much was delivered and came back, by status."""


@pytest.mark.parametrize("status", OrderStatus)
@pytest.mark.parametrize("name", ["Confirm", "Fulfill", "Return", "Cancel"])
async def test_a_step_is_taken_just_where_the_table_says(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row, pen: Row, status: OrderStatus, name: str
) -> None:
    fulfilled, returned, delivery = DELIVERED.get(status, (0, 0, "UNFULFILLED"))
    delivery = "CANCELED" if status is OrderStatus.CANCELED else delivery
    made = order(theirs, status=status, fulfillment_status=delivery, subtotal=Decimal(40), total=Decimal(40))
    counted = {"fulfilled_quantity": Decimal(fulfilled), "returned_quantity": Decimal(returned)}
    line = order_line(made, product=pen, quantity=Decimal(4), line_total=Decimal(40), unit_price=Decimal(10), **counted)
    await store(writer, made, line)
    can = {STEPS[each] for each in ORDERS.table[status] if each in STEPS}
    async with watched(writer) as change:
        came = await write(graph, company.rep, f"order{name}", id=made.node)
    if name in can:
        assert codes(came) == []
        assert change.tables != []
    else:
        assert ("INVALID_STATE", None) in codes(came)
        assert change.tables == []


async def test_what_is_not_in_stock_is_told_at_its_lines_and_nothing_is_taken(
    graph: Asking, company: Company, writer: asyncpg.Connection, ours: tuple[Row, Row, Row], pen: Row
) -> None:
    made, *_ = ours
    third = order_line(made, position=3, product=pen, quantity=Decimal("6.001"))
    await store(writer, third)
    async with watched(writer) as change:
        came = await write(graph, company.rep, "orderConfirm", id=made.node)
    assert codes(came) == [("INSUFFICIENT_STOCK", ["lines", "0"]), ("INSUFFICIENT_STOCK", ["lines", "2"])]
    assert change.tables == []
    await writer.execute("UPDATE order_lines SET quantity = 6 WHERE id = $1", third.key)
    assert (await step(graph, company, "Confirm", made))["status"] == "UNFULFILLED"
    assert await writer.fetchval(STOCK, pen.key) == "0.000"
    assert stands(await step(graph, company, "Cancel", made))[:2] == ("CANCELED", "CANCELED")
    assert await writer.fetchval(STOCK, pen.key) == "10.000"


async def test_lines_are_the_orders_own_and_no_more_than_is_left(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row, ours: tuple[Row, Row, Row]
) -> None:
    made, four, two = ours
    await step(graph, company, "Confirm", made)
    other = order(theirs)
    foreign = order_line(other)
    await store(writer, other, foreign)
    named = [
        (four.node, "4.001"),
        (foreign.node, "1"),
        (theirs.node, "1"),
        (two.node, "0"),
        (four.node, "1"),
        (two.node, "1e-4"),
    ]
    lines = [{"id": id_, "quantity": quantity} for id_, quantity in named]
    async with watched(writer) as change:
        came = await write(graph, company.rep, "orderFulfill", id=made.node, lines=lines)
        nothing = await write(graph, company.rep, "orderFulfill", id=made.node, lines=[])
    assert codes(came) == [
        ("INVALID", ["lines", "0", "quantity"]),
        ("NOT_FOUND", ["lines", "1", "id"]),
        ("NOT_FOUND", ["lines", "2", "id"]),
        ("INVALID", ["lines", "3", "quantity"]),
        ("INVALID", ["lines", "4", "id"]),
        ("INVALID", ["lines", "5", "id"]),
    ]
    assert codes(nothing) == [("REQUIRED", ["lines"])]
    assert change.tables == []


async def test_an_order_without_lines_is_not_confirmed(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row
) -> None:
    made = order(theirs)
    await store(writer, made)
    assert codes(await write(graph, company.rep, "orderConfirm", id=made.node)) == [("INVALID_STATE", None)]


@pytest.mark.parametrize(
    ("who", "code"), [("colleague", "NOT_FOUND"), ("auditor", "FORBIDDEN"), ("finance", "FORBIDDEN")]
)
@pytest.mark.parametrize("name", ["Confirm", "Fulfill", "Return", "Cancel"])
async def test_who_may_not_change_the_status_takes_no_step(
    graph: Asking,
    company: Company,
    writer: asyncpg.Connection,
    ours: tuple[Row, Row, Row],
    who: str,
    code: str,
    name: str,
) -> None:
    async with watched(writer) as change:
        came = await write(graph, getattr(company, who), f"order{name}", id=ours[0].node)
    assert codes(came) == [(code, ["id"])]
    assert change.tables == []


async def test_a_step_is_validated_done_once_and_not_over_anothers_change(
    graph: Asking, company: Company, writer: asyncpg.Connection, ours: tuple[Row, Row, Row], pen: Row
) -> None:
    made, *_ = ours
    async with watched(writer) as change:
        tried = await write(graph, company.rep, "orderConfirm", id=made.node, validateOnly=True)
        late = await write(graph, company.rep, "orderConfirm", id=made.node, expectedVersion=7)
    assert (codes(tried), codes(late)) == ([], [("CONFLICT", ["expectedVersion"])])
    assert change.tables == []
    again = [
        await write(graph, company.rep, "orderConfirm", id=made.node, idempotencyKey=f"confirm {made.key}")
        for _ in range(2)
    ]
    assert again[0] == again[1] and codes(again[0]) == []
    assert await writer.fetchval(STOCK, pen.key) == "6.000"


async def test_of_many_orders_for_the_last_piece_one_wins(
    company: Company, writer: asyncpg.Connection, database: TemporaryDatabase, settings: Settings
) -> None:
    left, right = (product(f"{side}-{company.rep.key}", available_quantity=Decimal(1)) for side in ("L", "R"))
    await store(writer, left, right)
    wanting = []
    for number in range(8):
        theirs = customer(f"C{number}", owner=company.rep, region=company.germany, currency="EUR")
        made = order(theirs)
        pair = (left, right) if number % 2 else (right, left)
        lines = [order_line(made, position=i, product=each) for i, each in enumerate(pair)]
        await store(writer, theirs, made, *lines)
        wanting.append(made)
    async with asking(database.dsn, settings, pool_size=8) as graph:
        asked = (write(graph, company.rep, "orderConfirm", id=each.node) for each in wanting)
        came = await asyncio.gather(*asked, return_exceptions=True)
    lacking = [("INSUFFICIENT_STOCK", ["lines", "0"]), ("INSUFFICIENT_STOCK", ["lines", "1"])]
    assert sorted(map(codes, came)) == [[], *[lacking] * 7]
    assert [await writer.fetchval(STOCK, each.key) for each in (left, right)] == ["0.000", "0.000"]
    won = "SELECT count(*) FROM orders WHERE status = 'UNFULFILLED' AND id = ANY($1)"
    assert await writer.fetchval(won, [each.key for each in wanting]) == 1


async def test_an_order_that_holds_stock_is_not_deleted(
    graph: Asking, company: Company, writer: asyncpg.Connection, ours: tuple[Row, Row, Row]
) -> None:
    made, *_ = ours
    query = "mutation ($i: OrderDeleteInput!) { orderDelete(input: $i) { userErrors { code field } } }"
    given = {"i": {"id": made.node}}
    await step(graph, company, "Confirm", made)
    async with watched(writer) as change:
        held = (await graph.data(company.manager, query, given))["orderDelete"]
    assert (codes(held), change.tables) == ([("INVALID_STATE", ["id"])], [])
    await step(graph, company, "Cancel", made)
    assert codes((await graph.data(company.manager, query, given))["orderDelete"]) == []
