"""What cannot be answered is refused before any SQL, and the argument is named that stands in the way."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.http.asking import Asking, faults_of
from tests.http.hearing import PROOF, Heard, overheard

ALL = "nodes { count }"
SUM = "nodes { sum { total { base } } min { orderedAt } }"
WRONG = [
    ("groupBy: [{field: ORDERED_AT, timeZone: $zone}]", ALL, "groupBy.timeZone"),
    ('groupBy: [{field: ORDERED_AT, timeZone: ""}]', ALL, "groupBy.timeZone"),
    ('groupBy: [{field: ORDERED_AT, timeZone: "Mars/Olympus"}]', "hasMore", "groupBy.timeZone"),
    ('groupBy: [{field: ORDERED_AT, timeZone: "Mars/Olympus"}]', "__typename", "groupBy.timeZone"),
    ("groupBy: [{field: STATUS, bucket: MONTH}]", ALL, "groupBy.bucket"),
    ('groupBy: [{field: STATUS, timeZone: "UTC"}]', ALL, "groupBy.timeZone"),
    ("groupBy: [{field: STATUS, level: 1}]", ALL, "groupBy.level"),
    ("groupBy: [{field: OWNER, level: 1}]", ALL, "groupBy.level"),
    ("groupBy: [{field: REGION, level: 0}]", ALL, "groupBy.level"),
    ("groupBy: [{field: REGION, level: $size}]", ALL, "groupBy.level"),
    ("groupBy: [{field: TOTAL}]", ALL, "groupBy.field"),
    ("groupBy: [{field: STATUS}, {field: STATUS}]", ALL, "groupBy"),
    ("having: [{aggregate: SUM, field: TOTAL, value: {gt: 1}}]", ALL, "having"),
    ("having: [{aggregate: AVG, field: TOTAL, value: {gt: 1}}]", SUM, "having"),
    ("having: [{aggregate: SUM, value: {gt: 1}}]", SUM, "having.field"),
    ("having: [{aggregate: SUM, field: STATUS, value: {gt: 1}}]", SUM, "having.field"),
    ("having: [{aggregate: COUNT, field: STATUS, value: {gt: 1}}]", SUM, "having.field"),
    ("having: [{aggregate: MIN, field: ORDERED_AT, value: {gt: 1}}]", SUM, "having.field"),
    ("having: [{aggregate: SUM, field: TOTAL, value: {gt: null}}]", SUM, "having.value.gt"),
    ("having: [{aggregate: SUM, field: TOTAL, value: {gt: $number}}]", SUM, "having.value.gt"),
    ("orderBy: [{field: STATUS}]", ALL, "orderBy.field"),
    ("orderBy: [{direction: DESC}]", ALL, "orderBy"),
    ("orderBy: [{aggregate: SUM, field: TOTAL}]", ALL, "orderBy"),
    ("orderBy: [{aggregate: SUM}]", SUM, "orderBy.field"),
    ("first: 0", ALL, "first"),
    ("first: -1", ALL, "first"),
    ("first: 1001", ALL, "first"),
    ("first: $size", ALL, "first"),
    ("first: $size", "__typename", "first"),
    ("where: {total: {gt: null}}", ALL, "where.total.gt"),
]
VARIABLES = {"zone": ("String", "Nowhere"), "size": ("Int", 100_000), "number": ("Decimal", "1e100")}


@pytest.fixture(scope="module")
async def served(
    database: TemporaryDatabase, company: Company, settings: Settings
) -> AsyncIterator[tuple[Asking, Heard]]:
    async with overheard(database.dsn, settings) as found:
        await found[0].data(company.finance, "{ viewer { id } }")
        yield found


def _declared(text: str) -> tuple[str, dict[str, object]]:
    used = {name: of for name, of in VARIABLES.items() if f"${name}" in text}
    types = ", ".join(f"${name}: {kind}" for name, (kind, _) in used.items())
    return f"query ({types})" if used else "query", {name: value for name, (_, value) in used.items()}


@pytest.mark.parametrize(("arguments", "selection", "at"), WRONG, ids=[f"{row[0]} {row[1]}" for row in WRONG])
async def test_what_cannot_be_answered_is_refused_before_any_sql(
    served: tuple[Asking, Heard], company: Company, arguments: str, selection: str, at: str
) -> None:
    graph, heard = served
    head, variables = _declared(arguments)
    heard.taken()
    answer = await graph.ask(
        company.finance, f"{head} {{ a: ordersAggregate({arguments}) {{ {selection} }} }}", variables
    )
    assert answer["data"] == {"a": None}
    assert faults_of(answer) == [("BAD_USER_INPUT", at)]
    assert heard.taken() == [PROOF]


NEVER = [
    ("customersAggregate(groupBy: [{field: TAX_ID}]) { hasMore }", "groupBy.field"),
    ("customersAggregate(orderBy: [{field: TAX_ID}]) { nodes { count } }", "orderBy.field"),
    ("customersAggregate(where: {taxId: {isNull: true}}) { nodes { count } }", "where.taxId"),
    ("customersAggregate(having: [{aggregate: COUNT_DISTINCT, field: TAX_ID, value: {gt: 1}}]) { nodes { count } }", "having.field"),
    ("customers { nodes { mergedCustomersAggregate(groupBy: [{field: TAX_ID}]) { hasMore } } }", "nodes.mergedCustomersAggregate.groupBy.field"),
    ("customersAggregate { nodes { mergedCustomers(where: {taxId: {isNull: true}}) { count } } }", "nodes.mergedCustomers.where.taxId"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "at"), NEVER, ids=[row[0] for row in NEVER])
async def test_what_is_never_read_is_not_asked_by(
    served: tuple[Asking, Heard], company: Company, query: str, at: str
) -> None:
    graph, heard = served
    heard.taken()
    answer = await graph.ask(company.rep, f"{{ a: {query} }}")
    assert answer["data"] == {"a": None}
    assert faults_of(answer) == [("FIELD_NOT_READABLE", at)]
    assert PROOF in heard.taken()


async def test_who_sees_no_row_may_ask_for_anything_and_has_nothing(
    served: tuple[Asking, Heard], company: Company
) -> None:
    graph, _ = served
    query = """{ customersAggregate(groupBy: [{field: TAX_ID}], orderBy: [{field: TAX_ID}], where: {taxId: {isNull: true}})
        { nodes { keys { taxId } countDistinct { taxId } } } a: customersAggregate { nodes { count min { birthDate } } }
        b: customersAggregate(orderBy: [{aggregate: MIN, field: BIRTH_DATE}], having: [{aggregate: COUNT_DISTINCT,
        field: TAX_ID, value: {gte: 0}}]) { nodes { countDistinct { taxId } min { birthDate } } } }"""
    assert await graph.data(company.nobody, query) == {
        "customersAggregate": {"nodes": []},
        "a": {"nodes": [{"count": 0, "min": {"birthDate": None}}]},
        "b": {"nodes": []},
    }
