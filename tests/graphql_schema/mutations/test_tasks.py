"""Tasks are done, and those that repeat are due again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import asyncpg
import pytest

from app.models.enums import TaskStatus
from app.services.transitions import TASKS, possible
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, store, task, user
from tests.http.asking import Asking

VERBS = {step: step.title() for step in sorted(TASKS.steps)}
NEXT = "next { title status dueAt allDay recurrence priority owner { displayName } customer { displayName } }"


async def take(graph: Asking, who: Row, verb: str, **given: Any) -> Any:
    more = NEXT if verb == "Complete" else ""
    text = f"""mutation ($input: Task{verb}Input!) {{ task{verb}(input: $input) {{
        task {{ id status dueAt completedAt recurrence }} {more} userErrors {{ code field params }} }} }}"""
    return (await graph.data(who, text, {"input": given}))[f"task{verb}"]


@pytest.fixture(scope="module")
async def buyer(company: Company, writer: asyncpg.Connection) -> Row:
    """A customer of the representative's."""
    made = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, made)
    await writer.execute("UPDATE users SET time_zone = 'Europe/Berlin' WHERE id = $1", company.rep.key)
    return made


@pytest.mark.parametrize("status", TaskStatus, ids=str)
async def test_a_step_is_taken_just_where_the_process_has_it(
    graph: Asking, company: Company, buyer: Row, writer: asyncpg.Connection, status: TaskStatus
) -> None:
    rows = {step: task(buyer, status=str(status)) for step in VERBS}
    await store(writer, *rows.values())
    open_, taken = possible(TASKS, status), {}
    async with watched(writer) as change:
        for step in rows.keys() - set(open_):
            made = await take(graph, company.rep, VERBS[step], id=rows[step].node)
            assert codes(made) == [("INVALID_STATE", None)], step
            assert made["userErrors"][0]["params"] == {"step": step, "status": status, "possible": list(open_)}
    assert change.tables == []
    for step in open_:
        made = await take(graph, company.rep, VERBS[step], id=rows[step].node)
        assert made["userErrors"] == [], step
        taken[step] = made["task"]["status"]
    assert taken == TASKS.table[status]


SPRING = dt.datetime(2026, 3, 27, 8, tzinfo=dt.UTC)
"""The Friday before the clocks in Berlin, where it is nine, are put forward."""


@pytest.mark.parametrize(
    ("rule", "due", "then"),
    [
        ("FREQ=WEEKLY", "2026-04-03T07:00:00+00:00", "FREQ=WEEKLY"),
        ("FREQ=WEEKLY;COUNT=3", "2026-04-03T07:00:00+00:00", "FREQ=WEEKLY;COUNT=2"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-04-24T07:00:00+00:00", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("FREQ=WEEKLY;COUNT=1", None, None),
        ("FREQ=WEEKLY;UNTIL=20260330", None, None),
        ("Now and then", None, None),
        (None, None, None),
    ],
    ids=["weekly", "counted", "last-friday", "last-time", "ended", "unreadable", "once"],
)
async def test_the_next_task_is_due_on_the_clock_of_the_owner(
    graph: Asking,
    company: Company,
    buyer: Row,
    writer: asyncpg.Connection,
    rule: str | None,
    due: str | None,
    then: str | None,
) -> None:
    at = task(buyer, due_at=SPRING, recurrence=rule, priority="HIGH", status="STARTED")
    await store(writer, at)
    made = await take(graph, company.rep, "Complete", id=at.node)
    assert made["userErrors"] == []
    assert (made["task"]["status"], made["task"]["completedAt"] is None) == ("COMPLETED", False)
    expected = {
        "title": "Call back",
        "status": "NOT_STARTED",
        "dueAt": due,
        "allDay": False,
        "recurrence": then,
        "priority": "HIGH",
        "owner": {"displayName": "Rep"},
        "customer": {"displayName": "Acme"},
    }
    assert made["next"] == (expected if due else None)


async def test_the_next_task_is_made_once_with_an_event_of_its_own(
    graph: Asking, company: Company, buyer: Row, writer: asyncpg.Connection
) -> None:
    at = task(buyer, due_at=SPRING, recurrence="FREQ=DAILY")
    await store(writer, at)
    async with watched(writer) as checked:
        tried = await take(graph, company.rep, "Complete", id=at.node, validateOnly=True)
    assert (tried["userErrors"], tried["next"], checked.tables) == ([], None, [])
    before = await writer.fetchval("SELECT coalesce(max(seq), 0) FROM change_events")
    first = await take(graph, company.rep, "Complete", id=at.node, idempotencyKey="done")
    async with watched(writer) as change:
        again = await take(graph, company.rep, "Complete", id=at.node, idempotencyKey="done")
    assert (first, change.tables) == (again, [])
    events = await writer.fetch("SELECT entity, op FROM change_events WHERE seq > $1 ORDER BY seq", before)
    assert [tuple(each) for each in events] == [("tasks", "CREATE"), ("tasks", "UPDATE")]


async def test_who_may_not_do_a_task_changes_nothing(
    graph: Asking, company: Company, buyer: Row, writer: asyncpg.Connection
) -> None:
    somebody = user("somebody")
    theirs = task(buyer, owner=somebody)
    await store(writer, somebody, theirs)
    async with watched(writer) as change:
        seen = await take(graph, company.rep, "Complete", id=theirs.node)
        hidden = await take(graph, company.colleague, "Complete", id=theirs.node)
        never = await take(graph, company.agent, "Complete", id=theirs.node)
    assert (codes(seen), codes(hidden), codes(never)) == (
        [("FORBIDDEN", ["id"])],
        [("NOT_FOUND", ["id"])],
        [("FORBIDDEN", ["id"]), ("NOT_FOUND", ["id"])],
    )
    assert change.tables == []


async def test_a_rule_that_cannot_be_read_is_refused(
    graph: Asking, company: Company, buyer: Row, writer: asyncpg.Connection
) -> None:
    text = "mutation ($input: TaskCreateInput!) { taskCreate(input: $input) { task { id } userErrors { code field } } }"
    given = {"customer": buyer.node, "title": "Call", "recurrence": "FREQ=HOURLY;COUNT=0"}
    async with watched(writer) as change:
        made = (await graph.data(company.rep, text, {"input": given}))["taskCreate"]
        at = task(buyer)
    assert codes(made) == [("INVALID", ["recurrence"]), ("INVALID", ["recurrence"])]
    assert change.tables == []
    await store(writer, at)
    assert codes(await take(graph, company.rep, "Update", id=at.node, recurrence="FREQ=SOON")) == [
        ("INVALID", ["recurrence"])
    ]


async def test_a_task_that_is_put_off_is_due_later(
    graph: Asking, company: Company, buyer: Row, writer: asyncpg.Connection
) -> None:
    at = task(buyer, due_at=SPRING)
    await store(writer, at)
    made = await take(graph, company.rep, "Defer", id=at.node, dueAt="2026-05-01T07:00:00Z")
    assert (made["task"]["status"], made["task"]["dueAt"]) == ("DEFERRED", "2026-05-01T07:00:00+00:00")
