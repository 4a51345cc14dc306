"""Relations in conditions, exhaustively over small families, against the evaluator of three values."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import combinations_with_replacement, count, product
from typing import Any

import asyncpg
import pytest

from policies.access import access
from policies.principal import Assignment
from tests.conftest import TemporaryDatabase
from tests.policies.conftest import changing
from tests.policies.documents import Written, allow, deny, of, principal
from tests.policies.model import CUSTOMER, CUSTOMERS, LINES, ORDERS
from tests.policies.oracle import World
from tests.policies.rows import ask, key, put

TRUTHS = (True, False, None)
QUANTIFIERS = ("some", "none", "every")
FEW = 2
"""Most rows in a list: with two, each quantifier meets each pair of truths."""

FLAG: Written = {"flag": {"eq": True}}
UNKNOWN: Written = {"customer": {"region": {"in": "$assignment.regions"}}}
NOT_AN_OPERAND: Written = {"region": {"in": "$assignment.regions"}}


def _families() -> Iterator[tuple[Written, list[Written], list[Written]]]:
    """Customers with every choice of up to two orders, each with every choice of up to two lines."""
    keys = map(key, count(1000))
    lists = [lines for size in range(FEW + 1) for lines in combinations_with_replacement(TRUTHS, size)]
    kinds = list(product(TRUTHS, lists))
    for size in range(FEW + 1):
        for chosen in combinations_with_replacement(kinds, size):
            customer: Written = {"id": next(keys), "region_id": key(2)}
            orders, lines = [], []
            for flag, flags in chosen:
                order = {"customer_id": customer["id"], "id": next(keys), "flag": flag, "region_id": None}
                orders.append(order)
                for each in flags:
                    mine = {"customer_id": customer["id"], "id": next(keys), "order_id": order["id"], "flag": each}
                    lines.append(mine)
            yield customer, orders, lines


FAMILIES = list(_families())
WORLD = World(
    {
        "Customer": [customer for customer, _, _ in FAMILIES],
        "Order": [order for _, orders, _ in FAMILIES for order in orders],
        "Line": [line for _, _, lines in FAMILIES for line in lines],
    }
)


@pytest.fixture(scope="module")
async def families(small: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    async with changing(small) as connection:
        for table, resource in ((CUSTOMERS, "Customer"), (ORDERS, "Order"), (LINES, "Line")):
            await put(connection, table, *WORLD.rows[resource])
        yield connection


def _conditions() -> Iterator[Written]:
    for outer in QUANTIFIERS:
        yield {"orders": {outer: FLAG}}
        yield {"orders": {outer: NOT_AN_OPERAND}}
        yield {"orders": {outer: {"OR": [FLAG, NOT_AN_OPERAND]}}}
        yield {"orders": {outer: {"AND": [FLAG, NOT_AN_OPERAND]}}}
        for inner in QUANTIFIERS:
            lines: Written = {"lines": {inner: FLAG}}
            yield {"orders": {outer: lines}}
            yield {"orders": {outer: {"lines": {inner: UNKNOWN}}}}
            yield {"orders": {outer: {"AND": [FLAG, lines]}}}
            yield {"orders": {outer: {"OR": [FLAG, lines]}}}
            yield {"OR": [{"orders": {outer: FLAG}}, {"lines": {inner: FLAG}}]}
            yield {"lines": {outer: {"order": {"lines": {inner: FLAG}}}}}


@pytest.mark.parametrize("condition", list(_conditions()), ids=str)
async def test_a_condition_on_relations_is_certain_for_an_allow_and_possible_for_a_deny(
    families: asyncpg.Connection, condition: Written
) -> None:
    truths = {customer["id"]: WORLD.holds(condition, CUSTOMER, customer) for customer in WORLD.rows["Customer"]}
    allowed = await _seen(families, allow(when=condition))
    undenied = await _seen(families, allow(), deny(when=condition))
    assert allowed == {customer for customer, truth in truths.items() if truth is True}
    assert undenied == {customer for customer, truth in truths.items() if truth is False}


async def _seen(connection: asyncpg.Connection, *rules: Written) -> set[Any]:
    who = principal(Assignment("reader"))
    view = access(of(*rules), who.shape).view(CUSTOMER, [])
    return {row["id"] for row in await ask(connection, view, who)}
