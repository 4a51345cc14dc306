"""Tickets come in, are worked on, and are due when their region promises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from app.models.enums import TicketStatus
from app.services.transitions import TICKETS, possible
from graphql_schema.schema import MUTATIONS
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, region, store, ticket
from tests.http.asking import Asking

SHOWN = """
    status priority severity resolution rootCause reopenedCount
    openedAt firstRespondedAt firstResponseDueAt resolvedAt resolutionDueAt closedAt slaPolicy
"""
VERBS: Mapping[str, str] = {
    "assign": "Assign",
    "close": "Close",
    "escalate": "Escalate",
    "markDuplicate": "MarkDuplicate",
    "reject": "Reject",
    "reopen": "Reopen",
    "reply": "Reply",
    "resolve": "Resolve",
    "resume": "Resume",
    "start": "Start",
    "wait": "Wait",
}
"""By step of the process, the end of the mutation's name."""


def document(verb: str, more: str = "") -> str:
    """The mutation of a step."""
    return f"""mutation ($input: Ticket{verb}Input!) {{ ticket{verb}(input: $input) {{
        ticket {{ id {SHOWN} }} {more} userErrors {{ code field message params }} }} }}"""


MESSAGE = "message { direction body channel authorUser { displayName } sentAt ticket { status } }"


@pytest.fixture(scope="module")
async def buyer(company: Company, writer: asyncpg.Connection) -> Row:
    """A customer in the queue of the agent."""
    made = customer("Acme", owner=company.rep, region=company.germany, department=company.service)
    await store(writer, made)
    return made


@pytest.fixture
async def open_ticket(company: Company, buyer: Row, writer: asyncpg.Connection) -> Row:
    """A ticket in the agent's queue."""
    made = ticket(buyer)
    await store(writer, made)
    return made


async def take(graph: Asking, who: Row, verb: str, **given: Any) -> Any:
    more = MESSAGE if verb == "Reply" else ""
    return (await graph.data(who, document(verb, more), {"input": given}))[f"ticket{verb}"]


async def create(graph: Asking, who: Row, of: Row, **given: Any) -> Any:
    asked = {
        "customer": of.node,
        "subject": "How?",
        "number": f"N-{id(given)}",
        "openedAt": "2026-01-30T09:00:00+00:00",
    }
    made = await take(graph, who, "Create", **{**asked, **given})
    assert made["userErrors"] == []
    return made["ticket"]


FRIDAY = dt.datetime(2026, 1, 30, 9, tzinfo=dt.UTC)


async def test_a_new_ticket_is_due_by_the_usual_promises(graph: Asking, company: Company, buyer: Row) -> None:
    made = await create(graph, company.agent, buyer)
    assert (made["firstResponseDueAt"], made["resolutionDueAt"]) == (
        "2026-01-30T17:00:00+00:00",
        "2026-02-05T17:00:00+00:00",
    )
    assert made["slaPolicy"] == {
        "clock": "BUSINESS",
        "first_response_seconds": 28_800,
        "resolution_seconds": 144_000,
        "pauses": [],
        "paused_since": None,
    }


async def test_a_ticket_is_due_by_the_promises_and_hours_of_the_nearest_region(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    promises = [{"priority": ["NORMAL"], "first_response_seconds": 3_600, "resolution_seconds": 36_000}]
    iberia = region("IB", company.europe, service_promises=promises, time_zone="Europe/Lisbon")
    hours = {"hours": {day: [["09:00", "13:00"]] for day in ("MON", "TUE", "WED", "THU", "FRI")}}
    spain = region("ES", iberia, business_calendar=hours, time_zone="Europe/Madrid")
    theirs = customer("Toro", region=spain, department=company.service)
    await store(writer, iberia, spain, theirs)
    await writer.execute(
        "INSERT INTO role_assignments (id, user_id, role_id, region_id, department_id)"
        " SELECT gen_random_uuid(), $1, id, $2, $3 FROM roles WHERE code = 'service_agent'",
        company.agent.key,
        spain.key,
        company.service.key,
    )
    made = await create(graph, company.agent, theirs)
    assert (made["firstResponseDueAt"], made["resolutionDueAt"]) == (
        "2026-01-30T10:00:00+00:00",
        "2026-02-03T11:00:00+00:00",
    )


async def test_a_ticket_that_is_changed_is_due_anew_only_where_it_depends_on_that(
    graph: Asking, company: Company, buyer: Row
) -> None:
    made = await create(graph, company.agent, buyer)
    same = await take(graph, company.agent, "Update", id=made["id"], subject="Why?")
    assert same["ticket"]["resolutionDueAt"] == made["resolutionDueAt"]
    other = await take(graph, company.agent, "Update", id=made["id"], priority="URGENT")
    assert other["ticket"]["resolutionDueAt"] == "2026-01-30T17:00:00+00:00"


GIVEN: Mapping[str, Mapping[str, Any]] = {
    "escalate": {"priority": "URGENT"},
    "reply": {"body": "Hello"},
    "resolve": {"resolution": "Mended"},
}


def test_every_step_of_the_process_is_a_mutation() -> None:
    assert set(VERBS) == TICKETS.steps
    assert {f"ticket{verb}" for verb in VERBS.values()} <= MUTATIONS.keys()


@pytest.mark.parametrize("status", TicketStatus, ids=str)
async def test_a_step_is_taken_just_where_the_process_has_it(
    graph: Asking, company: Company, buyer: Row, writer: asyncpg.Connection, status: TicketStatus
) -> None:
    other, steps = ticket(buyer), {step: ticket(buyer, status=str(status)) for step in sorted(VERBS)}
    await store(writer, other, *steps.values())
    given = {"assign": {"owner": company.agent.node}, "markDuplicate": {"of": other.node}, **GIVEN}
    open_, taken = possible(TICKETS, status), {}
    async with watched(writer) as change:
        for step in steps.keys() - set(open_):
            made = await take(graph, company.agent, VERBS[step], id=steps[step].node, **given.get(step, {}))
            assert codes(made) == [("INVALID_STATE", None)], step
            assert made["userErrors"][0]["params"] == {"step": step, "status": status, "possible": list(open_)}
    assert change.tables == []
    for step in open_:
        made = await take(graph, company.agent, VERBS[step], id=steps[step].node, **given.get(step, {}))
        assert made["userErrors"] == [], step
        taken[step] = made["ticket"]["status"]
    assert taken == TICKETS.table[status]


async def test_the_first_answer_is_noted_and_an_internal_note_is_none(
    graph: Asking, company: Company, open_ticket: Row, writer: asyncpg.Connection
) -> None:
    before = await writer.fetchval("SELECT max(seq) FROM change_events")
    noted = await take(graph, company.agent, "Reply", id=open_ticket.node, body="Hm", internal=True)
    assert (noted["ticket"]["status"], noted["ticket"]["firstRespondedAt"]) == ("NEW", None)
    assert (noted["message"]["direction"], noted["message"]["body"]) == ("INTERNAL", "Hm")
    made = await take(graph, company.agent, "Reply", id=open_ticket.node, body="Soon", channel="EMAIL")
    assert made["message"].pop("sentAt") is not None
    assert made["message"] == {
        "direction": "OUT",
        "body": "Soon",
        "channel": "EMAIL",
        "authorUser": {"displayName": "Agent"},
        "ticket": {"status": "IN_PROGRESS"},
    }
    first = made["ticket"]["firstRespondedAt"]
    again = await take(graph, company.agent, "Reply", id=open_ticket.node, body="Now")
    assert first is not None
    assert again["ticket"]["firstRespondedAt"] == first
    told = await writer.fetch("SELECT entity, op FROM change_events WHERE seq > $1 ORDER BY seq", before)
    assert [tuple(each) for each in told] == [
        ("ticket_messages", "CREATE"),
        ("ticket_messages", "CREATE"),
        ("tickets", "UPDATE"),
        ("ticket_messages", "CREATE"),
    ]


async def test_all_that_is_wrong_with_an_answer_is_told(
    graph: Asking, company: Company, open_ticket: Row, writer: asyncpg.Connection
) -> None:
    async with watched(writer) as change:
        made = await take(graph, company.agent, "Reply", id=open_ticket.node, body="  ", expectedVersion=1)
    assert codes(made) == [("REQUIRED", ["body"])]
    assert change.tables == []


async def test_the_time_to_a_solution_stands_still_while_the_customer_is_waited_for(
    graph: Asking, company: Company, buyer: Row, writer: asyncpg.Connection
) -> None:
    made = await create(graph, company.agent, buyer, priority="URGENT", openedAt=_ago(hours=3))
    await take(graph, company.agent, "Wait", id=made["id"])
    since = (dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)).isoformat()
    await writer.execute(
        "UPDATE tickets SET sla_policy = sla_policy || jsonb_build_object('paused_since', $1::text) WHERE number = $2",
        since,
        await writer.fetchval("SELECT number FROM tickets ORDER BY created_at DESC LIMIT 1"),
    )
    resumed = (await take(graph, company.agent, "Resume", id=made["id"]))["ticket"]
    moved = _moment(resumed["resolutionDueAt"]) - _moment(made["resolutionDueAt"])
    assert dt.timedelta(hours=2) <= moved < dt.timedelta(hours=2, minutes=5)
    assert resumed["firstResponseDueAt"] == made["firstResponseDueAt"]
    assert resumed["slaPolicy"]["paused_since"] is None
    assert [pause[0] for pause in resumed["slaPolicy"]["pauses"]] == [since]


def _ago(**spans: int) -> str:
    return (dt.datetime.now(dt.UTC) - dt.timedelta(**spans)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


async def test_to_solve_a_ticket_needs_to_say_what_was_done(
    graph: Asking, company: Company, buyer: Row, writer: asyncpg.Connection
) -> None:
    at = ticket(buyer, resolution="Of the last time")
    await store(writer, at)
    async with watched(writer) as change:
        made = await take(graph, company.agent, "Resolve", id=at.node, rootCause="Rust")
    assert codes(made) == [("REQUIRED", ["resolution"])]
    assert change.tables == []
    made = await take(graph, company.agent, "Resolve", id=at.node, resolution="Oiled", rootCause="Rust")
    assert made["ticket"]["resolvedAt"] is not None
    assert (made["ticket"]["resolution"], made["ticket"]["rootCause"]) == ("Oiled", "Rust")


async def test_the_time_in_which_a_ticket_was_closed_does_not_count(
    graph: Asking, company: Company, buyer: Row, writer: asyncpg.Connection
) -> None:
    made = await create(graph, company.agent, buyer, priority="URGENT", openedAt=_ago(hours=3))
    await take(graph, company.agent, "Resolve", id=made["id"], resolution="Mended")
    await take(graph, company.agent, "Close", id=made["id"])
    await writer.execute(
        "UPDATE tickets SET resolved_at = resolved_at - interval '1 hour' WHERE resolved_at IS NOT NULL"
    )
    again = (await take(graph, company.agent, "Reopen", id=made["id"]))["ticket"]
    assert (again["status"], again["reopenedCount"], again["resolvedAt"], again["closedAt"]) == (
        "IN_PROGRESS",
        1,
        None,
        None,
    )
    moved = _moment(again["resolutionDueAt"]) - _moment(made["resolutionDueAt"])
    assert dt.timedelta(hours=1) <= moved < dt.timedelta(hours=1, minutes=5)


async def test_a_ticket_that_is_more_pressing_is_due_sooner(
    graph: Asking, company: Company, buyer: Row, writer: asyncpg.Connection
) -> None:
    made = await create(graph, company.agent, buyer, severity="MINOR")
    async with watched(writer) as change:
        none = await take(graph, company.agent, "Escalate", id=made["id"])
        lower = await take(graph, company.agent, "Escalate", id=made["id"], priority="LOW", severity="MINOR")
    assert (codes(none), codes(lower)) == (
        [("REQUIRED", ["priority"])],
        [("INVALID", ["priority"]), ("INVALID", ["severity"])],
    )
    assert change.tables == []
    raised = (await take(graph, company.agent, "Escalate", id=made["id"], priority="HIGH", severity="CRITICAL"))[
        "ticket"
    ]
    assert (raised["status"], raised["priority"], raised["severity"]) == ("NEW", "HIGH", "CRITICAL")
    assert (raised["firstResponseDueAt"], raised["resolutionDueAt"]) == (
        "2026-01-30T10:00:00+00:00",
        "2026-01-30T17:00:00+00:00",
    )


async def test_a_duplicate_is_of_another_ticket_of_the_customer_in_view(
    graph: Asking, company: Company, buyer: Row, writer: asyncpg.Connection
) -> None:
    stranger = customer("Else", region=company.germany, department=company.service)
    at, other, theirs = ticket(buyer), ticket(buyer, number="T-FIRST"), ticket(stranger)
    hidden = ticket(buyer, department=company.sales)
    await store(writer, stranger, at, other, theirs, hidden)
    refused = {
        at.node: ("INVALID", ["of"]),
        theirs.node: ("INVALID", ["of"]),
        hidden.node: ("NOT_FOUND", ["of"]),
        buyer.node: ("NOT_FOUND", ["of"]),
        "nothing": ("NOT_FOUND", ["of"]),
    }
    async with watched(writer) as change:
        for node, error in refused.items():
            assert codes(await take(graph, company.agent, "MarkDuplicate", id=at.node, of=node)) == [error]
    assert change.tables == []
    made = (await take(graph, company.agent, "MarkDuplicate", id=at.node, of=other.node))["ticket"]
    assert (made["status"], made["resolution"]) == ("DUPLICATE", "T-FIRST")
    assert made["closedAt"] is not None
    edges = "query ($id: ID!) { ticket(id: $id) { duplicateOf { number } duplicates { nodes { id } } } }"
    assert (await graph.data(company.agent, edges, {"id": at.node}))["ticket"]["duplicateOf"] == {"number": "T-FIRST"}
    assert (await graph.data(company.agent, edges, {"id": other.node}))["ticket"]["duplicates"]["nodes"] == [
        {"id": at.node}
    ]
    await take(graph, company.agent, "Reopen", id=at.node)
    assert (await graph.data(company.agent, edges, {"id": at.node}))["ticket"]["duplicateOf"] is None


async def test_who_may_not_work_on_tickets_changes_nothing(
    graph: Asking, company: Company, open_ticket: Row, writer: asyncpg.Connection
) -> None:
    async with watched(writer) as change:
        seen = await take(graph, company.rep, "Start", id=open_ticket.node)
        hidden = await take(graph, company.marketer, "Start", id=open_ticket.node)
        missing = await take(graph, company.agent, "Start", id=company.rep.node)
    assert (codes(seen), codes(hidden), codes(missing)) == (
        [("FORBIDDEN", ["id"])],
        [("FORBIDDEN", ["id"]), ("NOT_FOUND", ["id"])],
        [("NOT_FOUND", ["id"])],
    )
    assert change.tables == []


async def test_a_ticket_is_not_given_out_of_the_queue(
    graph: Asking, company: Company, open_ticket: Row, writer: asyncpg.Connection
) -> None:
    async with watched(writer) as change:
        none = await take(graph, company.agent, "Assign", id=open_ticket.node)
        out = await take(graph, company.agent, "Assign", id=open_ticket.node, department=company.sales.node)
    assert (codes(none), codes(out)) == ([("REQUIRED", ["owner"])], [("FORBIDDEN", None)])
    assert change.tables == []


async def test_a_step_is_checked_and_not_taken(
    graph: Asking, company: Company, open_ticket: Row, writer: asyncpg.Connection
) -> None:
    async with watched(writer) as change:
        made = await take(graph, company.agent, "Reply", id=open_ticket.node, body="Hi", validateOnly=True)
        stale = await take(graph, company.agent, "Start", id=open_ticket.node, expectedVersion=7)
    assert (made["userErrors"], made["ticket"], made["message"]) == ([], None, None)
    assert codes(stale) == [("CONFLICT", ["expectedVersion"])]
    assert change.tables == []


async def test_the_same_answer_again_is_written_once(
    graph: Asking, company: Company, open_ticket: Row, writer: asyncpg.Connection
) -> None:
    given = {"id": open_ticket.node, "body": "Once", "idempotencyKey": "answer"}
    first = await take(graph, company.agent, "Reply", **given)
    async with watched(writer) as change:
        again = await take(graph, company.agent, "Reply", **given)
    assert first == again
    assert change.tables == []


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"businessCalendar": {"hours": {"MON": [["09:00", "09:00"]]}}}, [["businessCalendar", "hours", "MON", "0"]]),
        ({"servicePromises": [{"clock": "NEVER"}]}, None),
        ({"timeZone": "Europe/Paris"}, []),
    ],
    ids=["calendar", "promises", "zone"],
)
async def test_a_region_takes_only_hours_and_promises_that_can_be_kept(
    graph: Asking, company: Company, given: Mapping[str, Any], errors: list[list[str]] | None
) -> None:
    text = "mutation ($input: RegionUpdateInput!) { regionUpdate(input: $input) { userErrors { field } } }"
    made = (await graph.data(company.admin, text, {"input": {"id": company.china.node, **given}}))["regionUpdate"]
    if errors is None:
        errors = [["servicePromises", "0", name] for name in ("clock", "first_response_seconds", "resolution_seconds")]
    assert [error["field"] for error in made["userErrors"]] == errors
