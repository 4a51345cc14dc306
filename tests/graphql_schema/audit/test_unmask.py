"""`unmask`: who may, what it opens, for how long, and what is kept of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import asyncpg
import pytest

from app.services.policies.store import activate
from app.services.unmasking import LONGEST, MOST_UNMASKS
from graphql_schema.ids import NodeId, encode
from graphql_schema.types import GRAPH
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.audit.trail import last, noted, write
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

ROLES = ("admin", "manager", "rep", "agent", "marketer", "finance", "auditor", "nobody")
MAY = """
  - allow: [unmask]
    on: Customer
    when: {lifecycleStage: {neq: FORMER}}
    fields: {names: [email, displayName]}
"""
ADA = "ada.lovelace@example.com"
SEEN = "query ($id: ID!) { customer(id: $id) { email phone access { masked } } }"


@pytest.fixture(scope="module")
async def shipped(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer whom representatives in Germany see, under the policy that is shipped."""
    ada = customer("Ada", region=company.germany, email=ADA, phone="+4930123456", lifecycle_stage="ACTIVE")
    await store(writer, ada)
    return ada


@pytest.fixture
async def ada(writer: asyncpg.Connection, shipped: Row) -> Row:
    """The customer, where representatives may unmask."""
    texts = read_folder(DEFAULT_RULES)
    texts["sales_rep.yaml"] += MAY
    async with writer.transaction():
        await activate(writer, texts)
        await writer.execute("UPDATE unmasks SET valid_to = valid_from")
        await writer.execute("UPDATE customers SET lifecycle_stage = 'ACTIVE' WHERE id = $1", shipped.key)
    return shipped


async def unmask(graph: Asking, who: Row, on: Row, **given: Any) -> Any:
    said = {"id": on.node, "field": "email", "reason": "She called", **given}
    return await write(graph, who, "unmask", "until", **said)


async def seen(graph: Asking, who: Row, on: Row) -> tuple[str | None, bool]:
    found = (await graph.data(who, SEEN, {"id": on.node}))["customer"]
    return found["email"], "email" in found["access"]["masked"]


@pytest.mark.parametrize("role", ROLES)
async def test_by_the_shipped_policy_nobody_unmasks_anything(
    graph: Asking, company: Company, writer: asyncpg.Connection, shipped: Row, role: str
) -> None:
    async with watched(writer) as change:
        found = await unmask(graph, getattr(company, role), shipped)
    assert (codes(found), found["until"], change.tables) == ([("FORBIDDEN", None)], None, [])


async def test_it_is_plain_from_the_next_request_until_it_is_ended(
    graph: Asking, company: Company, writer: asyncpg.Connection, ada: Row
) -> None:
    rep, before = company.rep, await last(writer)
    assert await seen(graph, rep, ada) == ("a•••@example.com", True)
    found = await unmask(graph, rep, ada, minutes=30)
    until = dt.datetime.fromisoformat(found["until"])
    assert dt.timedelta(minutes=29) < until - dt.datetime.now(dt.UTC) <= dt.timedelta(minutes=30)
    assert await seen(graph, rep, ada) == (ADA, False)
    assert await seen(graph, company.auditor, ada) == ("a•••@example.com", True)
    assert codes(await write(graph, rep, "unmaskEnd", id=ada.node, field="email")) == []
    assert await seen(graph, rep, ada) == ("a•••@example.com", True)
    about = {"type": "Customer", "field": "email"}
    opened, ended = await noted(writer, before)
    assert (opened[:2], ended) == (("UNMASKED", ada.node), ("UNMASK_ENDED", ada.node, about))
    assert opened[2] == {**about, "reason": "She called", "until": opened[2]["until"]}
    assert dt.datetime.fromisoformat(opened[2]["until"]) == until


async def test_it_ends_by_itself(graph: Asking, company: Company, writer: asyncpg.Connection, ada: Row) -> None:
    await unmask(graph, company.rep, ada)
    assert await seen(graph, company.rep, ada) == (ADA, False)
    await writer.execute("UPDATE unmasks SET valid_to = now()")
    assert await seen(graph, company.rep, ada) == ("a•••@example.com", True)


@pytest.mark.parametrize(
    ("given", "mistakes"),
    [
        ({"reason": None, "field": None}, [("REQUIRED", ["field"]), ("REQUIRED", ["reason"])]),
        ({"reason": "  ", "minutes": 0}, [("REQUIRED", ["reason"]), ("INVALID", ["minutes"])]),
        ({"reason": "x" * 501, "minutes": LONGEST + 1}, [("INVALID", ["reason"]), ("INVALID", ["minutes"])]),
        ({"reason": "a\nb"}, [("INVALID", ["reason"])]),
        ({"field": "nothing"}, [("INVALID", ["field"])]),
        ({"field": "taxId"}, [("INVALID", ["field"])]),
        ({"field": "phone"}, [("FORBIDDEN", ["field"])]),
        ({"field": "displayName"}, [("INVALID_STATE", ["field"])]),
        ({"id": "nothing"}, [("NOT_FOUND", ["id"])]),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_told_and_nothing_is_opened(
    graph: Asking, company: Company, writer: asyncpg.Connection, ada: Row, given: dict[str, Any], mistakes: Any
) -> None:
    async with watched(writer) as change:
        found = await unmask(graph, company.rep, ada, **given)
    assert (codes(found), change.tables) == (mistakes, [])


@pytest.mark.parametrize(("name", "is_owned"), [("Customer", True), ("Contact", False)])
async def test_an_id_that_is_not_of_its_types_form_names_nothing(
    graph: Asking, company: Company, writer: asyncpg.Connection, ada: Row, name: str, *, is_owned: bool
) -> None:
    given = encode(NodeId(GRAPH[name].tag, ada.key if is_owned else None, ada.key))
    async with watched(writer) as change:
        found = await unmask(graph, company.rep, ada, id=given)
    assert (codes(found), change.tables) == ([("NOT_FOUND", ["id"])], [])


async def test_a_row_that_is_hidden_is_none_that_there_is(
    graph: Asking, company: Company, writer: asyncpg.Connection, ada: Row
) -> None:
    async with watched(writer) as change:
        found = await unmask(graph, company.colleague, ada)
        ended = await write(graph, company.colleague, "unmaskEnd", id=ada.node, field="email")
    assert (codes(found), codes(ended), change.tables) == ([("NOT_FOUND", ["id"])],) * 2 + ([],)


async def test_a_row_on_which_it_is_not_granted_stays_masked(
    graph: Asking, company: Company, writer: asyncpg.Connection, ada: Row
) -> None:
    await writer.execute("UPDATE customers SET lifecycle_stage = 'FORMER' WHERE id = $1", ada.key)
    async with watched(writer) as change:
        assert codes(await unmask(graph, company.rep, ada)) == [("FORBIDDEN", ["field"])]
    assert change.tables == []


async def test_what_is_open_already_is_not_masked(graph: Asking, company: Company, ada: Row) -> None:
    assert codes(await unmask(graph, company.rep, ada)) == []
    assert codes(await unmask(graph, company.rep, ada)) == [("INVALID_STATE", ["field"])]


async def test_only_validating_opens_nothing(
    graph: Asking, company: Company, writer: asyncpg.Connection, ada: Row
) -> None:
    async with watched(writer) as change:
        assert codes(await unmask(graph, company.rep, ada, validateOnly=True)) == []
    assert change.tables == []
    assert await seen(graph, company.rep, ada) == ("a•••@example.com", True)


async def test_a_request_that_comes_again_is_answered_as_before(
    graph: Asking, company: Company, writer: asyncpg.Connection, ada: Row
) -> None:
    before = await last(writer)
    first, again = [await unmask(graph, company.rep, ada, idempotencyKey="once") for _ in range(2)]
    assert (first, len(await noted(writer, before))) == (again, 1)


async def test_so_many_an_hour_and_no_more(
    graph: Asking, company: Company, writer: asyncpg.Connection, ada: Row
) -> None:
    spent = await writer.fetchval(
        "SELECT count(*) FROM audit_events WHERE kind = 'UNMASKED' AND actor = $1", company.rep.key
    )
    add = "INSERT INTO audit_events (kind, actor) SELECT 'UNMASKED', $1 FROM generate_series(1, $2::int)"
    await writer.execute(add, company.rep.key, MOST_UNMASKS - spent - 1)
    assert codes(await unmask(graph, company.rep, ada)) == []
    await writer.execute("UPDATE unmasks SET valid_to = now()")
    async with watched(writer) as change:
        assert codes(await unmask(graph, company.rep, ada)) == [("RATE_LIMITED", None)]
    assert change.tables == []


async def test_a_tailored_schema_has_it_where_the_policy_grants_it(
    graph: Asking, company: Company, writer: asyncpg.Connection, ada: Row
) -> None:
    query = "{ __schema { mutationType { fields { name } } } }"
    assert (await graph.data(company.partner, query))["__schema"]["mutationType"] is None
    texts = read_folder(DEFAULT_RULES)
    texts["partner.yaml"] += MAY
    async with writer.transaction():
        await activate(writer, texts)
    fields = (await graph.data(company.partner, query))["__schema"]["mutationType"]["fields"]
    assert fields == [{"name": "unmask"}, {"name": "unmaskEnd"}]
