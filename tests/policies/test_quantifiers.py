"""Relations in conditions, exhaustively over small families, against the evaluator of three values."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from itertools import combinations_with_replacement, count, product
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from policies.catalogue import Resource
from policies.conditions import (
    And,
    Compare,
    Condition,
    Constant,
    Not,
    Operator,
    Or,
    Quantified,
    Quantifier,
    Single,
    fields_read,
)
from policies.predicates import Compiler, Reading, Rows
from tests.conftest import TemporaryDatabase
from tests.oracle.asking import Asked
from tests.oracle.bridge import described
from tests.oracle.conditions import Conditions, Tables
from tests.oracle.description import Row
from tests.policies.conftest import changing
from tests.policies.documents import Written, allow, deny, names, principal, rights
from tests.policies.model import CATALOGUE, CUSTOMER, CUSTOMERS, LINE, LINES, ORDER, ORDERS, USERS
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
            customer: Written = {"id": next(keys), "region_id": key(2), "name": "Ann", "level": 1}
            orders, lines = [], []
            for flag, flags in chosen:
                order = {"customer_id": customer["id"], "id": next(keys), "flag": flag, "region_id": None}
                orders.append(order)
                for each in flags:
                    mine = {"customer_id": customer["id"], "id": next(keys), "order_id": order["id"], "flag": each}
                    lines.append(mine)
            yield customer, orders, lines


PLANNED = "SET LOCAL enable_nestloop = off"
"""What others rolled back makes PostgreSQL believe that these tables hold next to nothing."""

FAMILIES = list(_families())
MODEL = described(CATALOGUE)
WORLD = Tables(
    {
        "Customer": [customer for customer, _, _ in FAMILIES],
        "Order": [order for _, orders, _ in FAMILIES for order in orders],
        "Line": [line for _, _, lines in FAMILIES for line in lines],
    }
)


@pytest.fixture(scope="module")
async def families(small: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    async with changing(small) as connection:
        await connection.execute(PLANNED)
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
    says, on = Conditions(MODEL, WORLD), MODEL["Customer"]
    truths = {customer["id"]: says.holds(condition, on, customer) for customer in WORLD.rows["Customer"]}
    certain = {customer for customer, truth in truths.items() if truth is True}
    impossible = {customer for customer, truth in truths.items() if truth is False}
    assert await _seen(families, allow(when=condition)) == certain
    assert await _seen(families, allow(), deny(when=condition)) == impossible
    rules = [allow(fields=names("id", "level")), allow(fields=names("name"), when=condition)]
    assert await _shown(families, "name", *rules) == certain
    assert await _shown(families, "level", *rules, deny(fields=names("level"), when=condition)) == impossible


# One related row


GONE = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)


def _singles() -> Tables:
    """Users of each truth, present, deleted or missing, each with a manager of each; an order of each of them."""
    managers: list[Row] = [
        {"id": key(n), "flag": flag, "manager_id": None, "deleted_at": None} for n, flag in enumerate(TRUTHS)
    ]
    managers.append({"id": key(9), "flag": True, "manager_id": None, "deleted_at": GONE})
    bosses = [*(manager["id"] for manager in managers), key(8), None]
    users = [
        {"id": key(100 + n), "flag": flag, "manager_id": boss, "deleted_at": deleted}
        for n, (flag, boss, deleted) in enumerate(product(TRUTHS, bosses, (None, GONE)))
    ]
    owners = [*(user["id"] for user in users), key(7), None]
    orders = [
        {"customer_id": key(1), "id": key(1000 + n), "owner_id": owner, "flag": flag}
        for n, (owner, flag) in enumerate(product(owners, TRUTHS))
    ]
    elsewhere = [{"customer_id": key(2), "id": order["id"], "owner_id": None, "flag": True} for order in orders[:3]]
    lines = [
        {"customer_id": key(customer), "id": key(5000 + n), "order_id": order["id"], "flag": True}
        for n, (customer, order) in enumerate(product((1, 2), orders))
    ]
    return Tables({"User": [*managers, *users], "Order": [*orders, *elsewhere], "Line": lines})


SINGLES = _singles()


@pytest.fixture(scope="module")
async def singles(small: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    async with changing(small) as connection:
        await connection.execute(PLANNED)
        for table, resource in ((USERS, "User"), (ORDERS, "Order"), (LINES, "Line")):
            await put(connection, table, *SINGLES.rows[resource])
        yield connection


ONE: list[tuple[Resource, Written]] = [
    (ORDER, {"owner": FLAG}),
    (ORDER, {"owner": {"flag": {"isNull": True}}}),
    (ORDER, {"owner": {"flag": {"isNull": False}}}),
    (ORDER, {"owner": {"isNull": True}}),
    (ORDER, {"owner": {"isNull": False}}),
    (ORDER, {"owner": {"eq": str(key(100))}}),
    (ORDER, {"owner": {"in": [str(key(100)), str(key(7))]}}),
    (ORDER, {"owner": {"manager": FLAG}}),
    (ORDER, {"owner": {"OR": [FLAG, {"manager": FLAG}]}}),
    (ORDER, {"owner": {"AND": [FLAG, {"manager": FLAG}]}}),
    (ORDER, {"OR": [FLAG, {"owner": FLAG}]}),
    (ORDER, {"AND": [FLAG, {"owner": FLAG}]}),
    (ORDER, {"owner": {"region": {"in": "$assignment.regions"}}}),
    (ORDER, {"owner": {"OR": [FLAG, {"region": {"in": "$assignment.regions"}}]}}),
    *((ORDER, {"owner": {"orders": {q: FLAG}}}) for q in QUANTIFIERS),
    *((ORDER, {"lines": {q: {"order": FLAG}}}) for q in QUANTIFIERS),
    (LINE, {"order": FLAG}),
    (LINE, {"order": {"owner": FLAG}}),
    (LINE, {"order": {"owner": {"manager": FLAG}}}),
    *((LINE, {"order": {"lines": {q: FLAG}}}) for q in QUANTIFIERS),
]


@pytest.mark.parametrize(("on", "condition"), ONE, ids=str)
async def test_a_related_row_that_is_missing_or_deleted_makes_a_condition_unknown(
    singles: asyncpg.Connection, on: Resource, condition: Written
) -> None:
    rows = [row for row in SINGLES.rows[on.name] if row.get("deleted_at") is None]
    says = Conditions(MODEL, SINGLES)
    truths = {(row["customer_id"], row["id"]): says.holds(condition, MODEL[on.name], row) for row in rows}
    allowed = await _seen(singles, allow(on.name, when=condition), on=on)
    undenied = await _seen(singles, allow(on.name), deny(on.name, when=condition), on=on)
    assert allowed == {found for found, truth in truths.items() if truth is True}
    assert undenied == {found for found, truth in truths.items() if truth is False}


# Callers' filters


def _filter(written: Written, on: Resource) -> Condition:
    return And(tuple(_part(name, part, on) for name, part in written.items()))


def _part(name: str, part: Any, on: Resource) -> Condition:
    if name in ("AND", "OR"):
        parts = tuple(_filter(each, on) for each in part)
        return And(parts) if name == "AND" else Or(parts)
    if name == "NOT":
        return Not(_filter(part, on))
    relation = on.relations.get(name)
    if relation is None:
        [(operator, operand)] = part.items()
        return Compare(name, Operator(operator), Constant(operand))
    if not relation.many:
        return Single(name, _filter(part, CATALOGUE[relation.target]))
    [(quantifier, each)] = part.items()
    return Quantified(name, Quantifier(quantifier), _filter(each, CATALOGUE[relation.target]))


async def _asked(connection: asyncpg.Connection, on: Resource, written: Written) -> set[Any]:
    everything = rights(allow([resource.name for resource in CATALOGUE]))

    def views(resource: Resource, fields: frozenset[str]) -> Rows:
        view = everything.view(resource, sorted(fields)).subquery()
        return Rows(view, view.c)

    asked = _filter(written, on)
    named = frozenset(name for resource, name in fields_read(asked, on, CATALOGUE) if resource is on)
    view = views(on, named)
    holds = Compiler(CATALOGUE, views, Reading.ASKED).predicate(asked, on, view.row)
    found = sa.select(*(view.row[name] for name in on.key)).select_from(view.rows).where(holds)
    return {tuple(row) for row in await ask(connection, found, principal())}


def _filters() -> Iterator[Written]:
    yield from ({}, {"AND": []}, {"OR": []}, {"NOT": {}}, {"NOT": {"NOT": {}}})
    for outer in QUANTIFIERS:
        asked: Written = {"orders": {outer: FLAG}}
        yield from (asked, {"NOT": asked}, {"orders": {outer: {"NOT": FLAG}}})
        for inner in QUANTIFIERS:
            lines: Written = {"lines": {inner: FLAG}}
            yield {"orders": {outer: lines}}
            yield {"orders": {outer: {"NOT": lines}}}
            yield {"orders": {outer: {"AND": [{"NOT": FLAG}, lines]}}}
            yield {"orders": {outer: {"NOT": {"OR": [FLAG, lines]}}}}


@pytest.mark.parametrize("written", list(_filters()), ids=str)
async def test_a_filter_finds_the_rows_that_it_is_true_of(families: asyncpg.Connection, written: Written) -> None:
    asked, on = Asked(MODEL, WORLD), MODEL["Customer"]
    expected = {(row["id"],) for row in WORLD.rows["Customer"] if asked.holds(written, on, row) is True}
    assert await _asked(families, CUSTOMER, written) == expected


@pytest.mark.parametrize(
    "written",
    [
        {"owner": FLAG},
        {"NOT": {"owner": FLAG}},
        {"owner": {"NOT": FLAG}},
        {"owner": {"manager": FLAG}},
        {"owner": {"NOT": {"manager": FLAG}}},
        {"NOT": FLAG},
        {"OR": [{"NOT": FLAG}, {"owner": FLAG}]},
        {"owner": {}},
        {"NOT": {"owner": {}}},
    ],
    ids=str,
)
async def test_a_filter_on_a_single_relation_finds_rows_that_have_it(
    singles: asyncpg.Connection, written: Written
) -> None:
    asked, on = Asked(MODEL, SINGLES), MODEL["Order"]
    rows = SINGLES.rows["Order"]
    expected = {(row["customer_id"], row["id"]) for row in rows if asked.holds(written, on, row) is True}
    assert await _asked(singles, ORDER, written) == expected


async def _seen(connection: asyncpg.Connection, *rules: Written, on: Resource = CUSTOMER) -> set[Any]:
    rows = await ask(connection, rights(*rules).view(on, []), principal())
    return {row["id"] if len(row) == 1 else tuple(row) for row in rows}


async def _shown(connection: asyncpg.Connection, field: str, *rules: Written) -> set[Any]:
    """The rows on which a field is plain."""
    rows = await ask(connection, rights(*rules).view(CUSTOMER, [field], [field]), principal())
    shown = {row["id"] for row in rows if row[f"{field}__state"] == "plain"}
    assert shown == {row["id"] for row in rows if row[field] is not None}
    assert len(rows) == len(FAMILIES)
    return shown
