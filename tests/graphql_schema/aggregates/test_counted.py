"""Rows that are counted and not read: what `aggregate` grants where nothing grants `read`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app.services.policies.store import activate
from app.settings import Settings
from policies.loading import DEFAULT_RULES, read_folder
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.aggregates.scene import Scene, at, priced
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, assign, order, store, user
from tests.http.asking import Asking, faults_of
from tests.http.hearing import PROOF, Heard, overheard

ORDERS = """
  - {allow: [aggregate], on: Order, fields: {names: [status, currency, owner]}}
  - {allow: [aggregate], on: Order, when: {status: {eq: FULFILLED}}, fields: {names: [total]}}
  - {allow: [aggregate], on: Order, fields: {names: [orderedAt, subtotal]}, mask: {orderedAt: year, subtotal: round2}}
  - {deny: [aggregate], on: Order, when: {paymentStatus: {eq: FULLY_REFUNDED}}}
  - {allow: [read], on: Customer, fields: {names: [displayName, tier]}}
  - {allow: [aggregate], on: Customer, fields: {names: [lifecycleStage]}}
"""
ROLES = {
    "counter": f"role: counter\nrules:{ORDERS}",
    "guest": f"role: guest\nschema: tailored\nrules:{ORDERS}",
    "shy": f"role: shy\nminGroup: 3\nrules:{ORDERS}",
    "german": """
role: german
rules:
  - allow: [aggregate]
    on: Order
    when: {customer: {region: {in: $assignment.regions}}}
    fields: {names: [status, total]}
""",
}


@dataclass(frozen=True, repr=False)
class Served:
    """A process that says what it asks its database, and a user of each role."""

    graph: Asking
    heard: Heard
    people: dict[str, Row]


@pytest.fixture(scope="module")
async def served(
    database: TemporaryDatabase, company: Company, scene: Scene, writer: asyncpg.Connection, settings: Settings
) -> AsyncIterator[Served]:
    """The orders of the scene, of which two are drafts, a third draft, and one that is denied to all."""
    await activate(writer, {**read_folder(DEFAULT_RULES), **{f"{code}.yaml": text for code, text in ROLES.items()}})
    people = {code: user(code) for code in (*ROLES, "both")}
    third = {"subtotal": Decimal("12.34"), "ordered_at": at("2026-05-05"), **priced("EUR")}
    denied = order(scene.b, status="FULFILLED", payment_status="FULLY_REFUNDED", total=Decimal(1000), **priced("EUR"))
    await store(writer, *people.values(), order(scene.c, total=Decimal(5), **third), denied)
    for code in ROLES:
        await assign(writer, people[code], code, region=company.germany)
    await assign(writer, people["both"], "counter")
    await assign(writer, people["both"], "partner", region=company.germany)
    async with overheard(database.dsn, settings) as (graph, heard):
        for who in people.values():
            await graph.data(who, "{ viewer { id } }")
        yield Served(graph, heard, people)


BY_STATUS = """{ ordersAggregate(groupBy: [{field: STATUS}]) {
    nodes { keys { status } count sum { total { base byCurrency { currency amount } } } avg { total { base } } } } }"""
DRAFTS = {"keys": {"status": "DRAFT"}, "count": 3, "sum": {"total": {"base": None, "byCurrency": []}},
          "avg": {"total": {"base": None}}}  # fmt: skip
FULFILLED = {
    "keys": {"status": "FULFILLED"}, "count": 2,
    "sum": {"total": {"base": "145.0000", "byCurrency": [
        {"currency": "EUR", "amount": "100.0000"}, {"currency": "USD", "amount": "50.0000"}]}},
    "avg": {"total": {"base": "72.500000"}},
}  # fmt: skip


@pytest.mark.parametrize("who", ["counter", "guest"])
async def test_rows_that_are_not_read_are_counted_and_added_up(served: Served, who: str) -> None:
    """What a rule names on some rows only is in the sums of those; a denied row is in none."""
    served.heard.taken()
    found = await served.graph.data(served.people[who], BY_STATUS)
    assert found == {"ordersAggregate": {"nodes": [DRAFTS, FULFILLED]}}
    assert len(served.heard.taken()) == 1


async def test_conditions_of_rules_hold_of_rows_that_are_counted(served: Served) -> None:
    query = "{ ordersAggregate(groupBy: [{field: STATUS}]) { nodes { keys { status } count sum { total { base } } } } }"
    found = await served.graph.data(served.people["german"], query)
    assert [
        (n["keys"]["status"], n["count"], n["sum"]["total"]["base"]) for n in found["ordersAggregate"]["nodes"]
    ] == [
        ("DRAFT", 1, "30.0000"),
        ("FULFILLED", 3, "1145.0000"),
    ]


ASKED: list[tuple[str, Any]] = [
    ("(where: {status: {eq: FULFILLED}}) { nodes { count } }", [{"count": 2}]),
    ("(where: {status: {in: [FULFILLED, DRAFT]}, currency: {eq: \"USD\"}}) { nodes { count } }", [{"count": 1}]),
    ("(where: {AND: [{status: {eq: DRAFT}}, {currency: {eq: \"USD\"}}]}) { nodes { count } }", [{"count": 0}]),
    ("(groupBy: [{field: CURRENCY}], orderBy: [{aggregate: COUNT}]) { nodes { keys { currency } count } }",
     [{"keys": {"currency": "USD"}, "count": 1}, {"keys": {"currency": "EUR"}, "count": 4}]),
    ("(groupBy: [{field: CURRENCY}], having: [{aggregate: SUM, field: TOTAL, value: {gte: 50}}])"
     " { nodes { keys { currency } sum { total { base } } } }",
     [{"keys": {"currency": "EUR"}, "sum": {"total": {"base": "100.0000"}}}]),
    ("(groupBy: [{field: ORDERED_AT, bucket: MONTH}]) { nodes { keys { orderedAt { label } } count } }",
     [{"keys": {"orderedAt": {"label": "2026-01"}}, "count": 5}]),
    ("{ nodes { sum { total { base } } } }", [{"sum": {"total": {"base": "145.0000"}}}]),
]  # fmt: skip


@pytest.mark.parametrize("who", ["counter", "guest"])
@pytest.mark.parametrize(("asked", "expected"), ASKED, ids=[row[0] for row in ASKED])
async def test_they_are_found_and_grouped_by_what_the_rules_name(
    served: Served, who: str, asked: str, expected: Any
) -> None:
    """A masked moment makes groups of its mask, here of the year."""
    assert await served.graph.data(served.people[who], f"{{ ordersAggregate{asked} }}") == {
        "ordersAggregate": {"nodes": expected}
    }


async def test_what_is_masked_or_not_named_is_in_no_measure(served: Served) -> None:
    query = "{ ordersAggregate { nodes { sum { subtotal { base byCurrency { amount } } tax { base } } } } }"
    assert await served.graph.data(served.people["counter"], query) == {
        "ordersAggregate": {"nodes": [{"sum": {"subtotal": None, "tax": None}}]}
    }


BAD, UNREAD = "BAD_USER_INPUT", "FIELD_NOT_READABLE"
ALL = "nodes { count }"
REFUSED = [
    ("(where: {status: {neq: DRAFT}})", ALL, BAD, "where.status.neq"),
    ("(where: {status: {isNull: true}})", ALL, BAD, "where.status.isNull"),
    ("(where: {status: {eq: DRAFT, notIn: [CANCELED]}})", ALL, BAD, "where.status.notIn"),
    ("(where: {AND: [{status: {eq: DRAFT}}, {currency: {contains: \"U\"}}]})", ALL, BAD, "where.AND.currency.contains"),
    ("(where: {OR: [{status: {eq: DRAFT}}]})", ALL, BAD, "where.OR"),
    ("(where: {NOT: {status: {eq: DRAFT}}})", ALL, BAD, "where.NOT"),
    ("(where: {eq: $id})", ALL, BAD, "where.eq"),
    ("(where: {in: [$id]})", ALL, BAD, "where.in"),
    ("(where: {id: {eq: $id}})", ALL, BAD, "where.id"),
    ("(where: {total: {eq: 1}})", ALL, BAD, "where.total"),
    ("(where: {subtotal: {eq: 1}})", ALL, BAD, "where.subtotal"),
    ("(where: {orderedAt: {eq: \"2026-01-01T00:00:00Z\"}})", ALL, BAD, "where.orderedAt"),
    ("(where: {owner: {eq: $id}})", ALL, BAD, "where.owner"),
    ("(where: {owner: {isNull: true}})", "__typename", BAD, "where.owner"),
    ("(where: {lines: {some: {}}})", ALL, BAD, "where.lines"),
    ("(where: {customer: {}})", ALL, UNREAD, "where.customer"),
    ("(where: {customer: {displayName: {eq: \"a\"}}})", ALL, UNREAD, "where.customer"),
    ("(where: {region: {isNull: false}})", "hasMore", UNREAD, "where.region"),
    ("(where: {paymentStatus: {eq: PENDING}})", ALL, UNREAD, "where.paymentStatus"),
    ("(where: {tax: {eq: 1}})", ALL, UNREAD, "where.tax"),
    ("(groupBy: [{field: OWNER}])", ALL, BAD, "groupBy.field"),
    ("(groupBy: [{field: CUSTOMER}])", ALL, UNREAD, "groupBy.field"),
    ("(groupBy: [{field: REGION, level: 1}])", ALL, UNREAD, "groupBy.field"),
    ("(groupBy: [{field: TOTAL}])", ALL, BAD, "groupBy.field"),
    ("(groupBy: [{field: PAYMENT_STATUS}])", "hasMore", UNREAD, "groupBy.field"),
    ("(groupBy: [{field: ORDERED_AT, timeZone: \"UTC\"}])", ALL, BAD, "groupBy.timeZone"),
    ("(orderBy: [{field: PAYMENT_STATUS}])", ALL, UNREAD, "orderBy.field"),
    ("(orderBy: [{field: OWNER}])", ALL, BAD, "orderBy.field"),
    ("(orderBy: [{aggregate: SUM, field: TAX}])", "nodes { sum { tax { base } } }", UNREAD, "orderBy.field"),
    ("(orderBy: [{aggregate: SUM, field: SUBTOTAL}])", "nodes { sum { subtotal { base } } }", BAD, "orderBy.field"),
    ("(having: [{aggregate: AVG, field: SUBTOTAL, value: {gt: 1}}])", "nodes { avg { subtotal { base } } }", BAD, "having.field"),
    ("(having: [{aggregate: MAX, field: TOTAL, value: {gt: 1}}])", ALL, BAD, "having.aggregate"),
    ("(having: [{aggregate: COUNT_DISTINCT, field: STATUS, value: {gt: 1}}])", ALL, BAD, "having.aggregate"),
    ("", "nodes { min { total { base } } }", BAD, "nodes.min"),
    ("", "nodes { count most: max { orderedAt } }", BAD, "nodes.most"),
    ("", "nodes { countDistinct { status } }", BAD, "nodes.countDistinct"),
    ("", "nodes { lines { count } }", BAD, "nodes.lines"),
    ("", "nodes { tickets(where: {status: {eq: NEW}}) { sum { reopenedCount } } }", BAD, "nodes.tickets"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "selection", "code", "at"), REFUSED, ids=[f"{row[0]} {row[1]}" for row in REFUSED]
)
async def test_all_else_is_refused_before_any_sql(
    served: Served, arguments: str, selection: str, code: str, at: str
) -> None:
    declared = "query ($id: ID!)" if "$id" in arguments else "query"
    served.heard.taken()
    answer = await served.graph.ask(
        served.people["counter"],
        f"{declared} {{ a: ordersAggregate{arguments} {{ {selection} }} }}",
        {"id": "AAAAAAAAAAAAAAAAAAAAAAAA"} if "$id" in arguments else None,
    )
    assert answer["data"] == {"a": None}
    assert faults_of(answer) == [(code, at)]
    assert served.heard.taken() == [PROOF]


UNSEEN = [
    ("orders { totalCount nodes { id } }", {"totalCount": 0, "nodes": []}),
    ("customers(where: {orders: {some: {}}}) { totalCount }", {"totalCount": 0}),
    ("customers(where: {displayName: {eq: \"a\"}}) { nodes { orders { totalCount } ordersAggregate { nodes { count } } } }",
     {"nodes": [{"orders": {"totalCount": 0}, "ordersAggregate": {"nodes": [{"count": 0}]}}]}),
    ("customersAggregate { nodes { count orders { count } } }", {"nodes": [{"count": 3, "orders": {"count": 0}}]}),
    ("analyze(dataset: ORDERS, measures: [{aggregate: COUNT}]) { rows }", {"rows": [[0]]}),
    ("ticketsAggregate { nodes { count } }", {"nodes": [{"count": 0}]}),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "expected"), UNSEEN, ids=[row[0] for row in UNSEEN])
async def test_nothing_leads_to_rows_that_are_counted(served: Served, asked: str, expected: Any) -> None:
    """Lists, relations and reports are of what is read: nothing. The rights to one kind of row open no other."""
    if "orders: {some" in asked:
        assert await served.graph.faults(served.people["counter"], f"{{ a: {asked} }}") == [(UNREAD, "where.orders")]
        return
    assert await served.graph.data(served.people["counter"], f"{{ a: {asked} }}") == {"a": expected}


ABSENT = [
    ("ordersAggregate(groupBy: [{field: OWNER}]) { hasMore }", "'OWNER'"),
    ("ordersAggregate(groupBy: [{field: PAYMENT_STATUS}]) { hasMore }", "'PAYMENT_STATUS'"),
    ("ordersAggregate(groupBy: [{field: ORDERED_AT, timeZone: \"UTC\"}]) { hasMore }", "'timeZone'"),
    ("ordersAggregate(where: {OR: []}) { hasMore }", "'OR'"),
    ("ordersAggregate(where: {orderedAt: {eq: \"2026-01-01T00:00:00Z\"}}) { hasMore }", "'orderedAt'"),
    ("ordersAggregate(where: {customer: {}}) { hasMore }", "'customer'"),
    ("ordersAggregate(where: {id: {}}) { hasMore }", "'id'"),
    ("ordersAggregate { nodes { min { orderedAt } } }", "'min'"),
    ("ordersAggregate { nodes { countDistinct { status } } }", "'countDistinct'"),
    ("ordersAggregate { nodes { sum { subtotal { base } } } }", "'subtotal'"),
    ("ordersAggregate { nodes { keys { owner { id } } } }", "'owner'"),
    ("ordersAggregate { nodes { lines { count } } }", "'lines'"),
    ("orders { totalCount }", "'orders'"),
    ("order(id: \"AAAAAAAAAAAAAAAAAAAAAAAA\") { id }", "'order'"),
    ("customers { nodes { orders { totalCount } } }", "'orders'"),
    ("customersAggregate { nodes { orders { count } } }", "'orders'"),
    ("customers(where: {orders: {some: {}}}) { totalCount }", "'orders'"),
    ("analyze(dataset: ORDERS, measures: [{aggregate: COUNT}]) { rows }", "'ORDERS'"),
    ("analyze(dataset: CUSTOMERS, measures: [{aggregate: COUNT}], where: {orders: {status: {eq: DRAFT}}}) { rows }", "'orders'"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "missing"), ABSENT, ids=[row[0] for row in ABSENT])
async def test_a_tailored_schema_has_no_more_than_is_told(served: Served, asked: str, missing: str) -> None:
    served.heard.taken()
    answer = await served.graph.ask(served.people["guest"], f"{{ a: {asked} }}")
    assert "data" not in answer
    assert [error["extensions"]["code"] for error in answer["errors"]] == [BAD]
    assert missing in answer["errors"][0]["message"]
    assert served.heard.taken() == [PROOF]


async def test_what_a_tailored_schema_cannot_leave_out_is_refused(served: Served) -> None:
    query = "{ a: ordersAggregate(where: {status: {neq: DRAFT}}) { hasMore } }"
    served.heard.taken()
    assert await served.graph.faults(served.people["guest"], query) == [(BAD, "where.status.neq")]
    assert served.heard.taken() == [PROOF]


SMALL = [
    ("(groupBy: [{field: STATUS}])", []),
    ("", [5]),
    ("(where: {status: {eq: DRAFT}})", []),
    ("(where: {status: {in: [DRAFT, FULFILLED]}})", [5]),
]


@pytest.mark.parametrize(("arguments", "counts"), SMALL, ids=[row[0] for row in SMALL])
async def test_small_groups_of_them_are_left_out(served: Served, arguments: str, counts: list[int]) -> None:
    """Three drafts would tell of two that are fulfilled."""
    found = await served.graph.data(served.people["shy"], f"{{ ordersAggregate{arguments} {{ nodes {{ count }} }} }}")
    assert [node["count"] for node in found["ordersAggregate"]["nodes"]] == counts


async def test_who_reads_some_rows_is_told_of_those_alone(served: Served, company: Company) -> None:
    """A partner reads the orders of Germany: two by a, one by b, and the one that counting is denied."""
    query = "{ ordersAggregate { nodes { count max { orderedAt } countDistinct { status } } } orders { totalCount } }"
    both, partner = [await served.graph.ask(who, query) for who in (served.people["both"], company.partner)]
    assert both["data"]["orders"]["totalCount"] == both["data"]["ordersAggregate"]["nodes"][0]["count"] == 4
    assert both["data"] == partner["data"]
