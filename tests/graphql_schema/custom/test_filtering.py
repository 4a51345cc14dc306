"""Customers found by custom fields: by those that are filterable, of the type asked, and plain on the row."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.custom.scene import define, hold
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

FIND = "query ($where: CustomerWhere) { customers(where: $where, orderBy: [{field: DISPLAY_NAME}]) { nodes { displayName } } }"


@pytest.fixture(scope="module")
async def customers(writer: asyncpg.Connection, company: Company) -> list[Row]:
    """Three of the rep's, and one of the manager's."""
    found = [customer(name, owner=company.rep, region=company.germany) for name in ("A", "B", "C")]
    others = customer("D", owner=company.manager, region=company.germany)
    await store(writer, *found, others)
    filterable = {"filterable": True}
    await define(writer, "desks", "INTEGER", data_class="BUSINESS", **filterable)
    await define(writer, "weight", "DECIMAL", data_class="BUSINESS", **filterable)
    await define(writer, "motto", "TEXT", data_class="PUBLIC", **filterable)
    await define(writer, "vip", "BOOLEAN", data_class="BUSINESS", **filterable)
    await define(writer, "since", "DATE", data_class="BUSINESS", **filterable)
    await define(writer, "seen", "TIME", data_class="BUSINESS", **filterable)
    await define(writer, "tags", "CHOICES", data_class="BUSINESS", **filterable, options=["RED", "BLUE"])
    await define(writer, "nick", "TEXT", data_class="CONTACT", **filterable)
    await define(writer, "card", "TEXT", data_class="IDENTITY", **filterable)
    await define(writer, "quiet", "TEXT", data_class="BUSINESS")
    one, two, three = found
    noon = "2026-01-31T12:00:00.000000+00:00"
    await hold(writer, one, desks=("BUSINESS", 5), weight=("BUSINESS", "9.5"), motto=("PUBLIC", "Onwards"))
    await hold(writer, one, vip=("BUSINESS", True), since=("BUSINESS", "2020-02-29"), tags=("BUSINESS", ["RED"]))
    await hold(writer, two, desks=("BUSINESS", 40), weight=("BUSINESS", "10"), motto=("PUBLIC", "and upwards"))
    await hold(writer, two, vip=("BUSINESS", False), since=("BUSINESS", "2021-01-01"), seen=("BUSINESS", noon))
    for each in (one, two, three, others):
        await hold(writer, each, nick=("CONTACT", "same"), card=("IDENTITY", "same"), quiet=("BUSINESS", "same"))
    return found


async def find(graph: Asking, who: Row, *conditions: Any, **more: Any) -> str:
    """The names of the customers found, one after the other."""
    found = await graph.data(who, FIND, {"where": {"customFields": list(conditions), **more}})
    return "".join(node["displayName"] for node in found["customers"]["nodes"])


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"key": "desks", "number": {"eq": "5"}}, "A"),
        ({"key": "desks", "number": {"in": ["5", "40", "7"]}}, "AB"),
        ({"key": "desks", "number": {"gt": "5"}}, "B"),
        ({"key": "desks", "number": {"gte": "5", "lt": "40"}}, "A"),
        ({"key": "weight", "number": {"lt": "10"}}, "A"),
        ({"key": "weight", "number": {"between": {"from": "9.50", "to": "9.5000"}}}, "A"),
        ({"key": "motto", "text": {"contains": "WARDS"}}, "AB"),
        ({"key": "motto", "text": {"startsWith": "on"}}, "A"),
        ({"key": "motto", "text": {"neq": "Onwards"}}, "B"),
        ({"key": "motto", "text": {"notIn": []}}, "ABCD"),
        ({"key": "vip", "boolean": {"eq": False}}, "B"),
        ({"key": "since", "date": {"lte": "2020-12-31"}}, "A"),
        ({"key": "seen", "time": {"gte": "2026-01-31T13:00:00+01:00"}}, "B"),
        ({"key": "seen", "time": {"gt": "2026-01-31T12:00:00Z"}}, ""),
        ({"key": "tags", "has": "RED"}, "A"),
        ({"key": "tags", "has": "BLUE"}, ""),
        ({"key": "desks", "isNull": False}, "AB"),
        ({"key": "desks", "isNull": True}, "CD"),
        ({"key": "desks", "number": {"isNull": True}}, "CD"),
        ({"key": "nick", "text": {"eq": "same"}}, "ABC"),
        ({"key": "nick", "isNull": True}, "D"),
        ({"key": "card", "text": {"eq": "same"}}, ""),
        ({"key": "card", "isNull": True}, "ABCD"),
        ({"key": "quiet", "text": {"eq": "same"}}, ""),
        ({"key": "quiet", "isNull": True}, ""),
        ({"key": "desks", "text": {"eq": "5"}}, ""),
        ({"key": "motto", "number": {"eq": "5"}}, ""),
        ({"key": "motto", "number": {"isNull": True}}, ""),
        ({"key": "unknown", "isNull": True}, ""),
        ({"key": "desks"}, "ABCD"),
    ],
    ids=str,
)
async def test_what_is_found(graph: Asking, company: Company, customers: list[Row], condition: Any, found: str) -> None:
    assert await find(graph, company.rep, condition) == found


async def test_conditions_are_joined_and_turned_round_like_others(
    graph: Asking, company: Company, customers: list[Row]
) -> None:
    small = {"key": "desks", "number": {"lt": "10"}}
    assert await find(graph, company.rep, small, {"key": "vip", "boolean": {"eq": True}}) == "A"
    assert await find(graph, company.rep, small, displayName={"eq": "B"}) == ""
    around = {"NOT": {"customFields": [small]}}
    assert await find(graph, company.rep, **around) == "B"
    assert await find(graph, company.rep, OR=[{"customFields": [small]}, {"displayName": {"eq": "C"}}]) == "AC"
    unknown = {"NOT": {"customFields": [{"key": "unknown", "text": {"eq": "x"}}]}}
    assert await find(graph, company.rep, **unknown) == ""


async def test_they_are_asked_of_related_customers_and_of_aggregates(
    graph: Asking, company: Company, customers: list[Row]
) -> None:
    query = """query ($where: CustomerWhere) {
      customersAggregate(where: $where) { nodes { count } }
      orders(where: {customer: $where}) { totalCount }
    }"""
    where = {"customFields": [{"key": "desks", "number": {"gt": "5"}}]}
    found = await graph.data(company.rep, query, {"where": where})
    assert found == {"customersAggregate": {"nodes": [{"count": 1}]}, "orders": {"totalCount": 0}}


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        ({"key": "desks", "number": None}, "number"),
        ({"key": "desks", "isNull": None}, "isNull"),
        ({"key": "desks", "number": {"eq": None}}, "number.eq"),
        ({"key": "tags", "has": "\0"}, "has"),
        ({"key": "\0", "isNull": True}, "key"),
        ({"key": "motto", "text": {"contains": "x" * 10_001}}, "text.contains"),
    ],
    ids=lambda each: str(each)[:60].replace("\0", "NUL"),
)
async def test_operands_are_checked_before_any_statement(
    graph: Asking, company: Company, customers: list[Row], condition: Any, place: str
) -> None:
    before = graph.engine.statements
    faults = await graph.faults(company.rep, FIND, {"where": {"customFields": [condition]}})
    assert faults == [("BAD_USER_INPUT", f"where.customFields.0.{place}")]
    assert graph.engine.statements <= before + 1  # the proof alone


async def test_a_list_that_is_empty_by_right_takes_any_filter(
    graph: Asking, company: Company, customers: list[Row]
) -> None:
    assert await find(graph, company.nobody, {"key": "desks", "isNull": True}) == ""
