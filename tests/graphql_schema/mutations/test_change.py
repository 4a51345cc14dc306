"""Records changed, deleted and restored."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, order, store
from tests.http.asking import Asking

UPDATE = """
mutation ($input: CustomerUpdateInput!) {
  customerUpdate(input: $input) { customer { displayName tier email version } userErrors { code field message params } }
}"""
DELETE = """
mutation ($input: CustomerDeleteInput!) {
  customerDelete(input: $input) { deletedCustomerId userErrors { code field } }
}"""
RESTORE = """
mutation ($input: CustomerRestoreInput!) {
  customerRestore(input: $input) { customer { displayName orders { nodes { number } } } userErrors { code field } }
}"""


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's."""
    made = customer("Acme", owner=company.rep, region=company.germany, email="info@acme.example")
    await store(writer, made)
    return made


async def update(graph: Asking, who: Row, **given: Any) -> Any:
    return (await graph.data(who, UPDATE, {"input": given}))["customerUpdate"]


async def test_what_is_given_changes_and_the_rest_stays(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    made = await update(graph, company.rep, id=theirs.node, tier="KEY", email=None, expectedVersion=1)
    assert made == {
        "customer": {"displayName": "Acme", "tier": "KEY", "email": None, "version": 2},
        "userErrors": [],
    }
    event = await writer.fetchrow("SELECT op, changed FROM change_events WHERE entity_id = $1", theirs.key)
    assert tuple(event) == ("UPDATE", '{"tier": [null, "KEY"], "email": ["info@acme.example", null]}')


async def test_a_change_that_changes_nothing_leaves_no_trace(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    async with watched(writer) as change:
        made = await update(graph, company.rep, id=theirs.node, displayName="Acme")
    assert (made["customer"]["version"], change.tables) == (1, [])


async def test_a_version_that_is_old_is_a_conflict_that_says_what_differs(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    await update(graph, company.rep, id=theirs.node, tier="KEY")
    async with watched(writer) as change:
        made = await update(graph, company.rep, id=theirs.node, tier="BASIC", displayName="Acme", expectedVersion=1)
    [error] = made["userErrors"]
    assert (error["code"], error["field"], error["params"]) == (
        "CONFLICT",
        ["expectedVersion"],
        {"current": 2, "fields": ["tier"]},
    )
    assert change.tables == []


@pytest.mark.parametrize(
    ("who", "given", "wrong"),
    [
        ("colleague", {"tier": "KEY"}, [("NOT_FOUND", ["id"])]),
        ("nobody", {"tier": "KEY"}, [("FORBIDDEN", ["tier"]), ("NOT_FOUND", ["id"])]),
        ("auditor", {"tier": "KEY"}, [("FORBIDDEN", ["tier"])]),
        ("rep", {"displayName": " "}, [("REQUIRED", ["displayName"])]),
        ("rep", {"kind": "INDIVIDUAL"}, [("FORBIDDEN", ["kind"])]),
        ("rep", {"taxId": "1"}, [("FORBIDDEN", ["taxId"])]),
        ("rep", {"owner": None}, [("FORBIDDEN", None)]),
    ],
)
async def test_what_is_denied_changes_nothing(
    graph: Asking,
    company: Company,
    theirs: Row,
    writer: asyncpg.Connection,
    who: str,
    given: Any,
    wrong: list[tuple[str, list[str] | None]],
) -> None:
    async with watched(writer) as change:
        made = await update(graph, getattr(company, who), id=theirs.node, **given)
    assert codes(made) == wrong
    assert made["customer"] is None
    assert change.tables == []


@pytest.mark.parametrize("born", [None, dt.date(1990, 1, 1)], ids=["unborn", "born"])
async def test_nothing_is_told_of_fields_that_are_compared_and_hidden(
    graph: Asking, company: Company, writer: asyncpg.Connection, born: dt.date | None
) -> None:
    hidden = customer("Ada", owner=company.rep, region=company.germany, kind="INDIVIDUAL", birth_date=born)
    await store(writer, hidden)
    async with watched(writer) as change:
        made = await update(graph, company.rep, id=hidden.node, kind="ORGANIZATION")
    assert codes(made) == [("FORBIDDEN", ["kind"])]
    assert change.tables == []


async def test_all_mistakes_are_told_beside_a_denial(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    await update(graph, company.rep, id=theirs.node, tier="KEY")
    given = {"taxId": "1", "email": "x", "phone": "y", "owner": theirs.node, "displayName": " "}
    made = await update(graph, company.rep, id=theirs.node, **given)
    assert codes(made) == [
        ("FORBIDDEN", ["taxId"]),
        ("REQUIRED", ["displayName"]),
        ("INVALID", ["email"]),
        ("INVALID", ["phone"]),
        ("NOT_FOUND", ["owner"]),
    ]
    stale = await update(graph, company.rep, id=theirs.node, email="x", expectedVersion=1)
    assert codes(stale) == [("INVALID", ["email"]), ("CONFLICT", ["expectedVersion"])]


async def test_only_validating_writes_nothing(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    async with watched(writer) as change:
        made = await update(graph, company.rep, id=theirs.node, tier="KEY", validateOnly=True)
        wrong = await update(graph, company.rep, id=theirs.node, email="x", validateOnly=True)
    assert made == {"customer": None, "userErrors": []}
    assert codes(wrong) == [("INVALID", ["email"])]
    assert change.tables == []


async def test_what_is_deleted_takes_its_parts_along_and_comes_back_with_them(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    kept = order(theirs, number="R-1")
    await store(writer, kept)
    gone = (await graph.data(company.admin, DELETE, {"input": {"id": theirs.node}}))["customerDelete"]
    assert gone == {"deletedCustomerId": theirs.node, "userErrors": []}
    assert await writer.fetchval("SELECT deleted_at IS NOT NULL FROM orders WHERE id = $1", kept.key)
    assert codes(await update(graph, company.rep, id=theirs.node, tier="KEY")) == [("NOT_FOUND", ["id"])]
    back = (await graph.data(company.admin, RESTORE, {"input": {"id": theirs.node}}))["customerRestore"]
    assert back == {"customer": {"displayName": "Acme", "orders": {"nodes": [{"number": "R-1"}]}}, "userErrors": []}
    ops = await writer.fetch("SELECT entity, op FROM change_events WHERE customer_id = $1 ORDER BY seq", theirs.key)
    assert list(map(tuple, ops)) == [
        ("customers", "DELETE"),
        ("orders", "DELETE"),
        ("customers", "RESTORE"),
        ("orders", "RESTORE"),
    ]


async def test_a_part_of_what_is_deleted_does_not_come_back_without_it(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    kept = order(theirs, number="R-2")
    await store(writer, kept)
    restore = "mutation ($input: OrderRestoreInput!) { orderRestore(input: $input) { userErrors { code field } } }"
    await graph.data(company.admin, DELETE, {"input": {"id": theirs.node}})
    async with watched(writer) as change:
        alone = (await graph.data(company.admin, restore, {"input": {"id": kept.node}}))["orderRestore"]
    assert codes(alone) == [("INVALID_STATE", None)]
    assert change.tables == []
    back = (await graph.data(company.admin, RESTORE, {"input": {"id": theirs.node}}))["customerRestore"]
    assert back["customer"]["orders"]["nodes"] == [{"number": "R-2"}]


async def test_the_same_request_again_is_done_once(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    first = await update(graph, company.rep, id=theirs.node, tier="KEY", idempotencyKey="one")
    async with watched(writer) as change:
        again = await update(graph, company.rep, id=theirs.node, tier="KEY", idempotencyKey="one")
        other = await update(graph, company.rep, id=theirs.node, tier="BASIC", idempotencyKey="one")
    assert first == again
    assert codes(await update(graph, company.rep, id=theirs.node, idempotencyKey="")) == [
        ("INVALID", ["idempotencyKey"])
    ]
    assert codes(other) == [("CONFLICT", ["idempotencyKey"])]
    assert change.tables == []


async def test_names_are_forgotten_after_a_day(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    for name in ("old", "older"):
        await update(graph, company.rep, id=theirs.node, tier="KEY", idempotencyKey=name)
    await update(graph, company.colleague, id=theirs.node, tier="KEY", idempotencyKey="of another")
    await update(graph, company.rep, id=theirs.node, tier="KEY", idempotencyKey="young")
    aged = "UPDATE idempotency_keys SET created_at = now() - $1::interval WHERE key = ANY($2)"
    await writer.execute(aged, dt.timedelta(hours=24, minutes=1), ["old", "older", "of another"])
    await writer.execute(aged, dt.timedelta(hours=23, minutes=59), ["young"])
    made = await update(graph, company.rep, id=theirs.node, tier="BASIC", idempotencyKey="old")
    assert made["customer"]["tier"] == "BASIC"
    left = await writer.fetch(
        "SELECT key FROM idempotency_keys WHERE key = ANY($1)", ["old", "older", "of another", "young"]
    )
    assert {row["key"] for row in left} == {"old", "young"}


async def test_a_whole_request_has_a_name_in_its_header(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    body = {"query": UPDATE, "variables": {"input": {"id": theirs.node, "tier": "KEY"}}}
    headers = {**graph.bearer(company.rep), "Idempotency-Key": "a-request"}
    first = await graph.client.post("/graphql", json=body, headers=headers)
    async with watched(writer) as change:
        again = await graph.client.post("/graphql", json=body, headers=headers)
    assert first.json()["data"] == again.json()["data"]
    assert change.tables == []
    refused = await graph.client.post("/graphql", json=body, headers={**headers, "Idempotency-Key": "two words"})
    assert refused.status_code == 400


async def test_of_requests_of_one_name_at_once_one_has_an_effect(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    given = {"input": {"id": theirs.node, "tier": "KEY", "idempotencyKey": "at once"}}
    answers = await asyncio.gather(*(graph.data(company.rep, UPDATE, given) for _ in range(4)))
    assert [answer["customerUpdate"]["customer"]["version"] for answer in answers] == [2] * 4
    assert await writer.fetchval("SELECT count(*) FROM change_events WHERE entity_id = $1", theirs.key) == 1


@pytest.mark.parametrize(
    ("language", "said"), [("de, zh-CN;q=0.5", "不是有效的电子邮件地址"), ("de", "Is no e-mail address")]
)
async def test_mistakes_are_told_in_the_callers_language(
    graph: Asking, company: Company, theirs: Row, language: str, said: str
) -> None:
    body = {"query": UPDATE, "variables": {"input": {"id": theirs.node, "email": "x"}}}
    answer = await graph.client.post(
        "/graphql", json=body, headers={**graph.bearer(company.rep), "Accept-Language": language}
    )
    assert said in answer.json()["data"]["customerUpdate"]["userErrors"][0]["message"]
