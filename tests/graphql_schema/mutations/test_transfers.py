"""Customers are given to others, with all that follows them and what is named of their owner's open work."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app import models
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import NOON, Row, contact, customer, opportunity, owned, row, stage, store, task, ticket
from tests.http.asking import Asking

TRANSFER = """
mutation ($input: CustomerTransferInput!) {
  customerTransfer(input: $input) {
    customer { owner { displayName } region { code } } opportunities tasks tickets userErrors { code field }
  }
}"""


async def transfer(graph: Asking, who: Row, **given: Any) -> Any:
    return (await graph.data(who, TRANSFER, {"input": given}))["customerTransfer"]


@pytest.fixture(scope="module")
async def stages(writer: asyncpg.Connection) -> tuple[Row, Row]:
    """An open stage and one of those that end."""
    both = stage(), stage("CLOSED_LOST", 2, outcome="LOST")
    await store(writer, *both)
    return both


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company, stages: tuple[Row, Row]) -> Row:
    """A customer of the representative's, with a contact, and work: open, done, and of a colleague."""
    made = customer("Acme", owner=company.rep, region=company.germany)
    await store(
        writer,
        made,
        contact(made),
        opportunity(made, stages[0], "Open"),
        opportunity(made, stages[1], "Lost"),
        task(made),
        task(made, status="COMPLETED"),
        task(made, owner=company.colleague),
        owned(models.Contact, made, display_name="Gone", deleted_at=NOON),
        ticket(made, status="NEW"),
        owned(models.Address, made, kind="BILLING"),
    )
    return made


async def where(writer: asyncpg.Connection, table: str, of: Row) -> list[tuple[str, str]]:
    found = await writer.fetch(
        f"SELECT u.display_name, r.code FROM {table} t JOIN users u ON u.id = t.owner_id JOIN regions r ON r.id = t.region_id"
        " WHERE t.customer_id = $1 ORDER BY 1, 2",
        of.key,
    )
    return [tuple(each) for each in found]


async def test_all_that_follows_goes_along_and_leaves_an_event_each(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    given = {"id": theirs.node, "owner": company.colleague.node, "region": company.france.node}
    made = await transfer(graph, company.manager, **given)
    assert made == {
        "customer": {"owner": {"displayName": "Colleague"}, "region": {"code": "FR"}},
        "opportunities": 0,
        "tasks": 0,
        "tickets": 0,
        "userErrors": [],
    }
    for table in ("contacts", "addresses"):
        assert set(await where(writer, table, theirs)) == {("Colleague", "FR")}
    assert await where(writer, "opportunities", theirs) == [("Rep", "DE")] * 2
    events = await writer.fetch("SELECT entity, op FROM change_events WHERE customer_id = $1 ORDER BY 1", theirs.key)
    assert [tuple(each) for each in events] == [(name, "UPDATE") for name in ("addresses", "contacts", "customers")]


async def test_open_work_of_the_former_owner_goes_along_where_it_is_named(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    given = {"id": theirs.node, "owner": company.colleague.node, "region": company.france.node}
    work = ["OPPORTUNITIES", "TASKS", "TICKETS"]
    async with watched(writer) as change:
        tried = await transfer(graph, company.manager, **given, include=work, validateOnly=True)
    assert change.tables == []
    assert tried == {"customer": None, "opportunities": 1, "tasks": 1, "tickets": 1, "userErrors": []}
    made = await transfer(graph, company.manager, **given, include=work)
    assert [made[name] for name in ("opportunities", "tasks", "tickets")] == [1, 1, 1]
    again = await transfer(graph, company.manager, **given, include=work)
    assert [again[name] for name in ("opportunities", "tasks", "tickets")] == [0, 0, 0]
    assert await where(writer, "opportunities", theirs) == [("Colleague", "FR"), ("Rep", "DE")]
    assert await where(writer, "tasks", theirs) == [("Colleague", "DE"), ("Colleague", "FR"), ("Rep", "DE")]
    assert await where(writer, "tickets", theirs) == [("Colleague", "FR")]
    counted = await writer.fetch(
        "SELECT entity, count(*) FROM change_events WHERE customer_id = $1 GROUP BY 1 ORDER BY 1", theirs.key
    )
    names = ("addresses", "contacts", "customers", "opportunities", "tasks", "tickets")
    assert [tuple(each) for each in counted] == [(name, 1) for name in names]


@pytest.mark.parametrize(
    ("who", "given", "wrong"),
    [
        ("manager", {}, [("REQUIRED", ["owner"])]),
        ("rep", {"owner": "colleague"}, [("FORBIDDEN", None)]),
        ("manager", {"owner": "admin", "region": "china"}, [("FORBIDDEN", None)]),
        ("colleague", {"owner": "colleague"}, [("NOT_FOUND", ["id"])]),
        ("auditor", {"owner": "colleague"}, [("FORBIDDEN", ["owner"])]),
        ("manager", {"owner": "germany"}, [("NOT_FOUND", ["owner"])]),
    ],
    ids=["nothing", "not mine after", "not theirs after", "hidden", "may not", "no user"],
)
async def test_who_may_not_moves_nothing(
    graph: Asking,
    company: Company,
    theirs: Row,
    writer: asyncpg.Connection,
    who: str,
    given: dict[str, str],
    wrong: list[tuple[str, list[str] | None]],
) -> None:
    named = {name: getattr(company, value).node for name, value in given.items()}
    async with watched(writer) as change:
        made = await transfer(graph, getattr(company, who), id=theirs.node, include=["TASKS"], **named)
    assert (codes(made), change.tables) == (wrong, [])


async def test_what_is_not_seen_is_moved_and_not_counted(
    graph: Asking, company: Company, theirs: Row, writer: asyncpg.Connection
) -> None:
    far = row(models.Task, customer=theirs, owner=company.rep, region=company.china, title="Far")
    await store(writer, Row(models.Task, {**far.values, "customer_id": theirs.key}))
    await writer.execute("UPDATE users SET manager_id = NULL WHERE id = $1", company.rep.key)
    try:
        made = await transfer(graph, company.manager, id=theirs.node, owner=company.colleague.node, include=["TASKS"])
    finally:
        await writer.execute("UPDATE users SET manager_id = $2 WHERE id = $1", company.rep.key, company.manager.key)
    assert (made["userErrors"], made["tasks"]) == ([], 1)
    assert await where(writer, "tasks", theirs) == [
        ("Colleague", "CN"),
        ("Colleague", "DE"),
        ("Colleague", "DE"),
        ("Rep", "DE"),
    ]
