"""Operators: what each says of each value, as an allow and as a deny."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import asyncpg
import pytest
import sqlalchemy as sa

from policies.conditions import OPERATORS, Attribute, Compare, Constant, Operator, Pair, Unknown
from policies.predicates import Compiler, Reading, Rows, bound, companion, companion_of, literal
from policies.principal import Assignment
from policies.standing import base_rows
from tests.oracle.logic import Truth
from tests.policies.documents import Written, allow, deny, principal, rights
from tests.policies.model import CATALOGUE, CUSTOMER, CUSTOMERS, NOTE, NOTES, ORDER, ORDERS
from tests.policies.rows import ask, key, put, text

T, F, U = True, False, None
Said: TypeAlias = list[tuple[Any, Truth]]
"""Values of a column, and what a condition says of each."""

A, B = key(0xA), key(0xB)
NOON = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
TICK = dt.timedelta(microseconds=1)
DAY = dt.date(2026, 1, 31)


async def said(connection: asyncpg.Connection, condition: Written, rows: Sequence[Written]) -> list[Truth]:
    """What a condition says of rows: true where it allows, false where it does not deny, else unknown."""
    await put(connection, CUSTOMERS, *({"id": key(n)} | row for n, row in enumerate(rows)))
    who = principal(Assignment("reader", regions=(A,)), reports=(A,))
    allowing = rights(allow(when=condition), who=who).view(CUSTOMER, [])
    denying = rights(allow(), deny(when=condition), who=who).view(CUSTOMER, [])
    true = {row["id"] for row in await ask(connection, allowing, who)}
    false = {row["id"] for row in await ask(connection, denying, who)}
    assert not true & false
    return [T if key(n) in true else F if key(n) in false else U for n in range(len(rows))]


TEXTS: list[tuple[Written, Said]] = [
    ({"eq": "a"}, [("a", T), ("A", F), ("b", F), ("", F), ("a ", F), (None, U)]),
    ({"eq": ""}, [("", T), (" ", F), ("a", F), (None, U)]),
    ({"neq": "a"}, [("a", F), ("A", T), ("", T), (None, U)]),
    ({"in": ["a", "b"]}, [("a", T), ("b", T), ("c", F), ("", F), (None, U)]),
    ({"in": ["a"]}, [("a", T), ("A", F), (None, U)]),
    ({"notIn": ["a", "b"]}, [("a", F), ("b", F), ("c", T), ("", T), (None, U)]),
    ({"startsWith": "Ab"}, [("abc", T), ("ABC", T), ("ab", T), ("a", F), (" ab", F), ("", F), (None, U)]),
    ({"startsWith": ""}, [("", T), ("x", T), (None, U)]),
    ({"startsWith": "a%"}, [("a%b", T), ("ab", F), ("axb", F)]),
    ({"startsWith": "a_"}, [("a_b", T), ("ab", F)]),
    ({"startsWith": "\\"}, [("\\a", T), ("a", F)]),
    ({"contains": "B"}, [("abc", T), ("ABC", T), ("b", T), ("ac", F), ("", F), (None, U)]),
    ({"contains": ""}, [("", T), ("x", T), (None, U)]),
    ({"contains": "%"}, [("100 %", T), ("100", F)]),
    ({"contains": "小明"}, [("王小明", T), ("王明小", F)]),
    ({"contains": "\n"}, [("a\nb", T), ("ab", F)]),
    ({"startsWith": "ÄRGER"}, [("ärgerlich", T), ("Ärger", T), ("argerlich", F), ("a\u0308rger", F)]),
    ({"contains": "ß"}, [("STRASSE", F), ("Straße", T)]),
    ({"contains": "ss"}, [("STRASSE", T), ("Straße", F)]),
    ({"startsWith": "Σ"}, [("σίσυφος", T), ("Σίσυφος", T), ("ς", F)]),
    ({"contains": "ΣΊΣΥΦΟ"}, [("Σίσυφος", T), ("σίσυφος", T)]),
    ({"startsWith": "i"}, [("I", T), ("i", T), ("ı", F)]),
    ({"startsWith": "İ"}, [("İzmir", T), ("Żory", F)]),
    ({"startsWith": "ЖУК"}, [("жуки", T), ("Жук", T), ("жу", F)]),
    ({"startsWith": "😀"}, [("😀😀", T), ("😁", F)]),
    ({"startsWith": "a", "contains": "z"}, [("az", T), ("a", F), ("z", F), (None, U)]),
    ({"isNull": True}, [(None, T), ("", F), ("a", F)]),
    ({"isNull": False}, [(None, F), ("", T), ("a", T)]),
]
ENUMS: list[tuple[Written, Said]] = [
    ({"eq": "GOLD"}, [("GOLD", T), ("IRON", F), (None, U)]),
    ({"neq": "GOLD"}, [("GOLD", F), ("IRON", T), (None, U)]),
    ({"in": ["GOLD"]}, [("GOLD", T), ("IRON", F), (None, U)]),
    ({"notIn": ["GOLD"]}, [("GOLD", F), ("IRON", T), (None, U)]),
    ({"isNull": True}, [("GOLD", F), (None, T)]),
]
TREES: list[tuple[Written, Said]] = [
    ({"within": "/a/"}, [("/a/", T), ("/a/b/", T), ("/ab/", F), ("/A/", F), ("/", F), ("/b/a/", F), (None, U)]),
    ({"within": "/a/b/"}, [("/a/b/", T), ("/a/b/c/", T), ("/a/", F), ("/a/bc/", F)]),
    ({"within": "/"}, [("/", T), ("/a/", T), (None, U)]),
    ({"within": "/a%/"}, [("/a%/", T), ("/ab/", F)]),
    ({"within": "/ä/"}, [("/ä/x/", T), ("/Ä/x/", F)]),
    ({"eq": "/a/"}, [("/a/", T), ("/a/b/", F), (None, U)]),
    ({"in": ["/a/", "/b/"]}, [("/a/", T), ("/b/", T), ("/a/b/", F), (None, U)]),
    ({"isNull": False}, [("/", T), (None, F)]),
]
KEYS: list[tuple[Written, Said]] = [
    ({"eq": str(A)}, [(A, T), (B, F), (None, U)]),
    ({"in": [str(A), str(B)]}, [(A, T), (B, T), (key(0xC), F), (None, U)]),
    ({"in": "$assignment.regions"}, [(A, T), (B, F), (None, U)]),
    ({"isNull": True}, [(A, F), (None, T)]),
]
INTEGERS: list[tuple[Written, Said]] = [
    ({"eq": 2}, [(1, F), (2, T), (None, U)]),
    ({"in": [2, 3]}, [(1, F), (2, T), (3, T), (None, U)]),
    ({"gt": 2}, [(1, F), (2, F), (3, T), (None, U)]),
    ({"gte": 2}, [(1, F), (2, T), (3, T), (None, U)]),
    ({"lt": 2}, [(1, T), (2, F), (3, F), (None, U)]),
    ({"lte": 2}, [(1, T), (2, T), (3, F), (None, U)]),
    ({"between": {"from": 2, "to": 3}}, [(1, F), (2, T), (3, T), (4, F), (None, U)]),
    ({"between": {"from": 3, "to": 2}}, [(2, F), (3, F), (None, U)]),
    ({"eq": -(2**31) + 1}, [(-(2**31) + 1, T), (-(2**31), F)]),
    ({"gt": 2**31 - 1}, [(2**31 - 1, F)]),
    ({"isNull": False}, [(0, T), (None, F)]),
]
D = Decimal
DECIMALS: list[tuple[Written, Said]] = [
    ({"eq": "2.5"}, [(D("2.5"), T), (D("2.500"), T), (D("2.501"), F), (None, U)]),
    ({"eq": 2.5}, [(D("2.5"), T), (D("2.499"), F)]),
    ({"in": [2.5, "3"]}, [(D("2.5"), T), (D(3), T), (D(4), F), (None, U)]),
    ({"gt": "2.4999999"}, [(D("2.5"), T), (D("2.499"), F), (None, U)]),
    ({"gt": "2.5"}, [(D("2.5"), F), (D("2.501"), T)]),
    ({"gte": "2.5"}, [(D("2.5"), T), (D("2.499"), F)]),
    ({"lt": "2.5"}, [(D("2.5"), F), (D("2.499"), T)]),
    ({"lte": "2.5"}, [(D("2.5"), T), (D("2.501"), F)]),
    ({"lt": "1e39"}, [(D("999999999999999.999"), T), (None, U)]),
    ({"gt": "1e-40"}, [(D(0), F), (D("0.001"), T)]),
    ({"between": {"from": "0", "to": "0.5"}}, [(D(0), T), (D("0.5"), T), (D("0.501"), F), (D("-0.001"), F)]),
    ({"isNull": True}, [(D(0), F), (None, T)]),
]
BOOLEANS: list[tuple[Written, Said]] = [
    ({"eq": True}, [(True, T), (False, F), (None, U)]),
    ({"eq": False}, [(True, F), (False, T), (None, U)]),
    ({"isNull": True}, [(True, F), (False, F), (None, T)]),
]
TIMES: list[tuple[Written, Said]] = [
    ({"eq": NOON}, [(NOON, T), (NOON + TICK, F), (None, U)]),
    ({"in": [NOON]}, [(NOON, T), (NOON - TICK, F), (None, U)]),
    ({"gt": NOON}, [(NOON, F), (NOON + TICK, T), (NOON - TICK, F), (None, U)]),
    ({"gte": NOON}, [(NOON, T), (NOON - TICK, F)]),
    ({"lt": NOON}, [(NOON, F), (NOON - TICK, T)]),
    ({"lte": NOON}, [(NOON, T), (NOON + TICK, F)]),
    ({"between": {"from": NOON, "to": NOON + TICK}}, [(NOON, T), (NOON + TICK, T), (NOON - TICK, F), (None, U)]),
    ({"lt": "$now"}, [(NOON, T), (dt.datetime(9999, 1, 1, tzinfo=dt.UTC), F), (None, U)]),
    ({"gte": "$now"}, [(NOON, F), (dt.datetime(9999, 1, 1, tzinfo=dt.UTC), T), (None, U)]),
    ({"isNull": True}, [(NOON, F), (None, T)]),
]
DAYS: list[tuple[Written, Said]] = [
    ({"eq": DAY}, [(DAY, T), (DAY + dt.timedelta(1), F), (None, U)]),
    ({"in": [DAY]}, [(DAY, T), (DAY - dt.timedelta(1), F), (None, U)]),
    ({"gt": DAY}, [(DAY, F), (DAY + dt.timedelta(1), T)]),
    ({"gte": DAY}, [(DAY, T), (DAY - dt.timedelta(1), F)]),
    ({"lt": DAY}, [(DAY, F), (DAY - dt.timedelta(1), T)]),
    ({"lte": DAY}, [(DAY, T), (DAY + dt.timedelta(1), F)]),
    ({"between": {"from": DAY, "to": DAY}}, [(DAY, T), (DAY + dt.timedelta(1), F), (DAY - dt.timedelta(1), F)]),
    ({"between": {"from": dt.date(1, 1, 2), "to": dt.date(9999, 12, 30)}}, [(DAY, T), (None, U)]),
    ({"isNull": True}, [(DAY, F), (None, T)]),
]
TABLE = [
    (field, condition, values)
    for field, cases in {
        "name": TEXTS,
        "tier": ENUMS,
        "path": TREES,
        "region": KEYS,
        "level": INTEGERS,
        "score": DECIMALS,
        "open": BOOLEANS,
        "seenAt": TIMES,
        "bornOn": DAYS,
    }.items()
    for condition, values in cases
]


@pytest.mark.parametrize(("field", "condition", "values"), TABLE, ids=lambda part: ascii(part)[:60])
async def test_an_operator_says_true_false_or_unknown(
    connection: asyncpg.Connection, field: str, condition: Written, values: Said
) -> None:
    column = CUSTOMER.fields[field].column.name
    rows = [{column: value} for value, _ in values]
    assert await said(connection, {field: condition}, rows) == [truth for _, truth in values]


def test_the_table_has_every_operator_of_every_kind() -> None:
    met = {(CUSTOMER.fields[field].spec.kind, operator) for field, condition, _ in TABLE for operator in condition}
    met |= {(CUSTOMER.fields["revenue"].spec.kind, operator) for condition, _ in MONEY for operator in condition}
    assert {(kind, operator) for kind, operators in OPERATORS.items() for operator in operators} <= met


AMOUNTS: list[tuple[Any, Any, Any]] = [
    (D(10), "EUR", D(11)),
    (D(10), "USD", D(9)),
    (D(12), "EUR", None),
    (D(10), None, D(11)),
    (None, "EUR", None),
]
MONEY: list[tuple[Written, list[Truth]]] = [
    ({"eq": 10, "currency": "EUR"}, [T, F, F, U, U]),
    ({"eq": 10}, [F, F, U, F, U]),
    ({"eq": 11}, [T, F, U, T, U]),
    ({"gt": 10}, [T, F, U, T, U]),
    ({"gt": 10, "currency": "EUR"}, [F, F, T, F, U]),
    ({"gte": 9}, [T, T, U, T, U]),
    ({"lt": 11}, [F, T, U, F, U]),
    ({"lte": 11, "currency": "USD"}, [F, T, F, U, F]),
    ({"in": [9, 11]}, [T, T, U, T, U]),
    ({"in": [10], "currency": "USD"}, [F, T, F, U, F]),
    ({"between": {"from": 10, "to": 12}}, [T, F, U, T, U]),
    ({"between": {"from": 10, "to": 12}, "currency": "EUR"}, [T, F, T, U, U]),
    ({"isNull": True}, [F, F, F, F, T]),
    ({"isNull": False}, [T, T, T, T, F]),
    ({"isNull": False, "currency": "EUR"}, [T, F, T, U, F]),
    ({"isNull": True, "currency": "EUR"}, [F, F, F, F, T]),
    ({"gte": 10, "lte": 12, "currency": "EUR"}, [T, F, T, U, U]),
]


@pytest.mark.parametrize(("condition", "truths"), MONEY, ids=str)
async def test_money_is_compared_in_the_currency_named_or_else_in_the_base_currency(
    connection: asyncpg.Connection, condition: Written, truths: list[Truth]
) -> None:
    names = ("revenue", "currency", "base_revenue")
    rows = [dict(zip(names, amounts, strict=True)) for amounts in AMOUNTS]
    assert await said(connection, {"revenue": condition}, rows) == truths


@pytest.mark.parametrize(
    ("condition", "truths"),
    [({"eq": 10}, [T, F, U, T]), ({"eq": 10, "currency": "EUR"}, [T, F, U, U])],
    ids=str,
)
async def test_money_without_a_base_amount_is_compared_as_it_is(
    connection: asyncpg.Connection, condition: Written, truths: list[Truth]
) -> None:
    rows = [{"price": p, "currency": c} for p, c in ((D(10), "EUR"), (D(11), "EUR"), (None, "EUR"), (D(10), None))]
    assert await said(connection, {"price": condition}, rows) == truths


async def test_the_conditions_of_a_map_must_all_hold(connection: asyncpg.Connection) -> None:
    rows = [{"level": level, "open": open_} for level in (1, 2) for open_ in (True, None)]
    assert await said(connection, {"level": {"gt": 0, "lt": 2}, "open": {"eq": True}}, rows) == [T, U, F, F]


async def test_a_subject_is_of_its_type(connection: asyncpg.Connection) -> None:
    await put(connection, ORDERS, {"customer_id": A, "id": B, "flag": True})
    subjects = [("ORDER", B), ("ORDER", A), ("TASK", B), (None, B), ("ORDER", None)]
    for n, (type_, subject) in enumerate(subjects):
        await put(connection, NOTES, {"customer_id": A, "id": key(n), "about_type": type_, "about_id": subject})
    flagged: Written = {"aboutOrder": {"flag": {"eq": True}}}
    on = rights(allow("Note", when=flagged)).view(NOTE, [])
    assert [row["id"] for row in await ask(connection, on, principal())] == [key(0)]
    unflagged: Written = {"aboutOrder": {"flag": {"eq": False}}}
    on = rights(allow("Note"), deny("Note", when=unflagged)).view(NOTE, [])
    assert [row["id"] for row in await ask(connection, on, principal())] == [key(0)]
    noted = rights(allow("Order", when={"notes": {"some": {"id": {"in": [str(key(n)) for n in range(1, 9)]}}}}))
    assert await ask(connection, noted.view(ORDER, []), principal()) == []


# Compiled


def compiled(condition: Any, reading: Reading = Reading.CERTAIN) -> str:
    def nothing(*_: Any) -> Rows:
        raise AssertionError

    row = base_rows(CUSTOMER, frozenset()).row
    return text(Compiler(CATALOGUE, nothing, reading).predicate(condition, CUSTOMER, row)).replace("customers_1.", "c.")


def test_an_operand_that_is_unknown_is_a_typed_null() -> None:
    unknown = "CAST(NULL AS BOOLEAN)"
    assert compiled(Compare("name", Operator.EQ, Unknown())) == unknown
    assert compiled(Compare("name", Operator.IS_NULL, Unknown())) == unknown
    pair = Compare("level", Operator.BETWEEN, Pair(Constant(D(1)), Unknown()))
    assert compiled(pair) == f"c.level >= $1::NUMERIC AND {unknown}"
    money = Compare("price", Operator.GT, Constant(D(1)), Unknown())
    assert compiled(money) == f"c.price > $1::NUMERIC AND {unknown}"


def test_null_asked_by_an_operand_is_compared() -> None:
    asked = Compare("name", Operator.IS_NULL, Attribute("me"))
    assert compiled(asked) == "(c.name IS NULL) = $1::BOOLEAN"


def test_null_that_a_rule_asks_for_is_asked_without_a_parameter() -> None:
    assert compiled(Compare("name", Operator.IS_NULL, Constant(value=True))) == "c.name IS NULL"
    assert compiled(Compare("name", Operator.IS_NULL, Constant(value=False))) == "c.name IS NOT NULL"


def test_operands_are_of_a_type_that_cuts_and_rounds_nothing() -> None:
    text_, number = ("VARCHAR", "TEXT[]"), ("NUMERIC", "NUMERIC[]")
    parameters = {"name": text_, "tier": text_, "path": text_, "level": number, "score": number, "price": number}
    for field, (one, several) in parameters.items():
        column = f"c.{CUSTOMER.fields[field].column.name}"
        assert compiled(Compare(field, Operator.EQ, Constant("x"))) == f"{column} = $1::{one}"
        assert compiled(Compare(field, Operator.IN, Constant(("x",)))) == f"{column} = ANY ($1::{several})"


def test_operands_are_bound_and_never_written_out() -> None:
    hostile = "'; DROP TABLE customers; --"
    for operator in (Operator.EQ, Operator.NEQ, Operator.STARTS_WITH, Operator.CONTAINS):
        assert "DROP" not in compiled(Compare("name", operator, Constant(hostile)))
    assert "DROP" not in compiled(Compare("name", Operator.IN, Constant((hostile,))))


def test_the_moment_is_that_of_the_statement() -> None:
    assert compiled(Compare("seenAt", Operator.LT, Attribute("now"))) == "c.seen_at < now()"


def test_one_parameter_serves_each_place_of_an_attribute() -> None:
    first, second = (bound(Attribute("regions", n), sa.Uuid()) for n in (0, 1))
    assert first.key == bound(Attribute("regions", 0), sa.Uuid()).key
    assert first.key != second.key
    assert bound(Attribute("me"), sa.Uuid()).key not in (first.key, second.key)
    assert bound(Constant(1), sa.Integer()).key != bound(Constant(1), sa.Integer()).key


def test_companions_are_named_after_their_field() -> None:
    assert companion("revenue", "currency") == "revenue__currency"
    assert companion_of("revenue__currency") == "currency"


def test_a_literal_is_a_plain_name() -> None:
    assert text(literal("ORDER")) == "'ORDER'"
    for wrong in ("x'y", "é", "", "a b"):
        with pytest.raises(AssertionError):
            literal(wrong)
