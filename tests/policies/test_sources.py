"""Policies' conditions read base tables, callers' conditions read views; neither reads what is the other's."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from policies.catalogue import Resource
from policies.conditions import (
    ALWAYS,
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
)
from policies.predicates import Compiler, Reading, Rows, Source, WrongSource
from policies.standing import base_rows
from tests.policies.documents import allow, deny, names, principal, rights
from tests.policies.model import CATALOGUE, CUSTOMER, CUSTOMERS, ORDERS, REGION, REGIONS
from tests.policies.rows import ask, key, put, text

ACCESS = rights(allow(["Customer", "Order", "User"]))


def views(resource: Resource, fields: frozenset[str]) -> Rows:
    view = ACCESS.view(resource, sorted(fields)).subquery()
    return Rows(view, view.c)


def tables(resource: Resource, fields: frozenset[str]) -> Rows:
    return Rows(resource.table, resource.table.c)


def aliases_of_views(resource: Resource, fields: frozenset[str]) -> Rows:
    view = ACCESS.view(resource, sorted(fields)).subquery().alias()
    return Rows(view, view.c)


def common_tables(resource: Resource, fields: frozenset[str]) -> Rows:
    view = ACCESS.view(resource, sorted(fields)).cte()
    return Rows(view, view.c)


OPEN = Compare("open", Operator.EQ, Constant(value=True))
FLAGGED = Compare("flag", Operator.EQ, Constant(value=True))
NESTED: list[Condition] = [
    Single("owner", FLAGGED),
    Single("owner", ALWAYS),
    And((Or((Single("owner", FLAGGED),)),)),
    *(Quantified("orders", quantifier, FLAGGED) for quantifier in Quantifier),
    *(Quantified("orders", quantifier, ALWAYS) for quantifier in Quantifier),
    Quantified("orders", Quantifier.NONE, Single("owner", FLAGGED)),
]
POLICY = [Reading.CERTAIN, Reading.POSSIBLE]
FIELDS = frozenset({"open", "owner"})


def compiled(condition: Condition, reading: Reading, here: Source, there: Source) -> str:
    return text(Compiler(CATALOGUE, there, reading).predicate(condition, CUSTOMER, here(CUSTOMER, FIELDS).row))


@pytest.mark.parametrize("condition", [OPEN, *NESTED], ids=str)
@pytest.mark.parametrize("reading", POLICY)
@pytest.mark.parametrize("base", [base_rows, tables])
def test_a_policys_condition_reads_base_tables(condition: Condition, reading: Reading, base: Source) -> None:
    assert "SELECT customers_1.id AS id" not in compiled(condition, reading, base, base)


@pytest.mark.parametrize("condition", [OPEN, *NESTED], ids=str)
@pytest.mark.parametrize("view", [views, aliases_of_views, common_tables])
def test_a_callers_condition_reads_views(condition: Condition, view: Source) -> None:
    assert compiled(condition, Reading.ASKED, view, view)


@pytest.mark.parametrize("reading", POLICY)
@pytest.mark.parametrize("view", [views, aliases_of_views, common_tables])
def test_a_policys_condition_is_refused_a_view(reading: Reading, view: Source) -> None:
    with pytest.raises(WrongSource, match=reading.value):
        compiled(OPEN, reading, view, base_rows)
    for condition in NESTED:
        with pytest.raises(WrongSource):
            compiled(condition, reading, base_rows, view)


@pytest.mark.parametrize("base", [base_rows, tables])
def test_a_callers_condition_is_refused_a_table(base: Source) -> None:
    with pytest.raises(WrongSource, match="asked"):
        compiled(OPEN, Reading.ASKED, base, views)
    with pytest.raises(WrongSource):
        compiled(Not(OPEN), Reading.ASKED, base, views)
    for condition in NESTED:
        with pytest.raises(WrongSource):
            compiled(condition, Reading.ASKED, views, base)


def test_a_deny_has_no_not() -> None:
    with pytest.raises(ValueError, match="no NOT"):
        compiled(Not(OPEN), Reading.POSSIBLE, base_rows, base_rows)


@pytest.mark.parametrize(("flag", "holds"), [(True, False), (False, True), (None, False)])
async def test_what_an_allow_negates_certainly_is_not(
    connection: asyncpg.Connection, flag: Any, *, holds: bool
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "open": flag})
    here = base_rows(CUSTOMER)
    found = Compiler(CATALOGUE, base_rows, Reading.CERTAIN).predicate(Not(OPEN), CUSTOMER, here.row)
    assert [row[0] for row in await ask(connection, sa.select(found).select_from(here.rows), principal())] == [holds]


async def test_the_same_words_see_hidden_rows_in_a_policy_and_not_in_a_filter(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    await put(connection, ORDERS, {"customer_id": key(1), "id": key(2), "flag": True})
    hidden = rights(allow(), allow("Order", fields=names("title")), deny("Order"))
    written = {"orders": {"some": {"flag": {"eq": True}}}}
    by_policy = rights(allow(when=written), deny("Order")).view(CUSTOMER, [])
    assert len(await ask(connection, by_policy, principal())) == 1

    def seen(resource: Resource, fields: frozenset[str]) -> Rows:
        view = hidden.view(resource, sorted(fields)).subquery()
        return Rows(view, view.c)

    customers = seen(CUSTOMER, frozenset())
    asked = Quantified("orders", Quantifier.SOME, FLAGGED)
    found = Compiler(CATALOGUE, seen, Reading.ASKED).predicate(asked, CUSTOMER, customers.row)
    filtered = sa.select(customers.row["id"]).select_from(customers.rows).where(found)
    assert await ask(connection, filtered, principal()) == []


def quantified(quantifier: Quantifier, condition: Condition = OPEN) -> Condition:
    return Quantified("customers", quantifier, condition)


SOME, NONE, EVERY = (quantified(quantifier) for quantifier in (Quantifier.SOME, Quantifier.NONE, Quantifier.EVERY))


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (SOME, {3}),
        (NONE, {1, 2, 4}),
        (EVERY, {3, 4}),
        (Not(SOME), {1, 2, 4}),
        (Not(NONE), {3}),
        (Not(EVERY), {1, 2}),
        (quantified(Quantifier.NONE, Not(OPEN)), {1, 3, 4}),
        (quantified(Quantifier.NONE, Single("region", ALWAYS)), {4}),
        (Not(Single("parent", ALWAYS)), {1, 2, 3, 4}),
        (quantified(Quantifier.EVERY, Single("region", SOME)), {3, 4}),
        (quantified(Quantifier.NONE, Single("region", NONE)), {3, 4}),
    ],
    ids=str,
)
async def test_a_filter_counts_what_is_true_of_related_rows(
    connection: asyncpg.Connection, condition: Condition, found: set[int]
) -> None:
    opened = {1: None, 2: False, 3: True}
    await put(connection, REGIONS, *({"id": key(n)} for n in range(1, 5)))
    await put(connection, CUSTOMERS, *({"id": key(n), "region_id": key(n), "open": on} for n, on in opened.items()))
    everything = rights(allow(["Region", "Customer"]))

    def seen(resource: Resource, fields: frozenset[str]) -> Rows:
        view = everything.view(resource, sorted(fields)).subquery()
        return Rows(view, view.c)

    here = seen(REGION, frozenset({"parent"}))
    asked = Compiler(CATALOGUE, seen, Reading.ASKED).predicate(condition, REGION, here.row)
    filtered = sa.select(here.row["id"]).select_from(here.rows).where(asked)
    assert {row["id"].int for row in await ask(connection, filtered, principal())} == found
