"""The stages that deals went through: what of it each role could have seen at the time."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest

from app.services.policies.store import activate
from app.services.stages import ensure_stages
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, assign, customer, opportunity, stage, store, user
from tests.http.asking import Asking

STAY = "{ stageCode enteredAt leftAt seconds }"
CODES = NEW, TALKING, OFFERED = "NEW", "TALKING", "OFFERED"
DEALS: dict[str, Row] = {}


@dataclass(frozen=True)
class Event:
    """What changed on a day, by the names of fields, and where the deal stood by then."""

    day: int
    changed: Mapping[str, Any] | None
    op: str = "UPDATE"
    where: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True
    """Whether it holds the row."""


def to(old: str | None, new: str) -> dict[str, Any]:
    return {"stageCode": [old, new]}


IN_FRANCE = {"region_id": "france"}
EVENTS = {
    "made": [
        Event(1, to(None, NEW) | {"name": [None, "made"]}, "CREATE"),
        Event(2, {"name": ["made", "Made"]}),
        Event(3, to(NEW, TALKING)),
        Event(5, to(TALKING, OFFERED)),
    ],
    "made abroad": [
        Event(1, to(None, NEW), "CREATE", where=IN_FRANCE),
        Event(2, {"region": ["france", "germany"]}),
        Event(3, to(NEW, OFFERED)),
    ],
    "came": [
        Event(1, to(NEW, TALKING), where=IN_FRANCE),
        Event(2, {"region": ["france", "germany"]}),
        Event(4, to(TALKING, OFFERED)),
    ],
    "came as it moved": [Event(1, to(NEW, OFFERED) | {"region": ["france", "germany"]})],
    "was away": [
        Event(1, to(NEW, TALKING)),
        Event(2, {"region": ["germany", "france"]}, where=IN_FRANCE),
        Event(3, to(TALKING, OFFERED), where=IN_FRANCE),
        Event(4, {"region": ["france", "germany"]}),
    ],
    "was away and went on": [
        Event(1, to(NEW, TALKING)),
        Event(2, to(TALKING, NEW), where=IN_FRANCE),
        Event(3, to(NEW, OFFERED)),
    ],
    "was another's": [
        Event(1, to(NEW, OFFERED), where={"owner_id": "colleague"}),
        Event(2, {"owner": ["colleague", "rep"]}),
    ],
    "merged": [Event(1, to(NEW, OFFERED)), Event(2, {"name": ["a", "b"]}, "MERGE")],
    "unsaid": [Event(1, to(NEW, OFFERED), whole=False), Event(2, None)],
    "silent": [],
}


def day(number: int) -> dt.datetime:
    return dt.datetime(2026, 1, number, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module", autouse=True)
async def deals(writer: asyncpg.Connection, company: Company) -> None:
    """Deals by name, each with its events."""
    stages = {code: stage(code, place) for place, code in enumerate(CODES, 1)}
    ada = customer("Ada", region=company.germany, owner=company.rep)
    await store(writer, *stages.values(), ada)
    for name in EVENTS:
        DEALS[name] = opportunity(ada, stages[OFFERED], name)
    await store(writer, *DEALS.values())
    for name, events in EVENTS.items():
        for event in events:
            await happened(writer, company, DEALS[name], event)


async def happened(writer: asyncpg.Connection, company: Company, deal: Row, event: Event) -> None:
    stages = (event.changed or {}).get("stageCode")
    news = {"stage_code": stages[1]} if stages else {}
    moved = _keys(company, event)
    row = news | {column: str(getattr(company, name).key) for column, name in event.where.items()}
    await writer.execute(
        "INSERT INTO change_events (customer_id, entity, entity_id, op, changed, at, row_after)"
        " SELECT customer_id, 'opportunities', id, $2, $3::text::jsonb, $4, CASE WHEN $6 THEN to_jsonb(o) || $5::text::jsonb END"
        " FROM opportunities o WHERE id = $1",
        deal.key,
        event.op,
        None if event.changed is None else json.dumps({**event.changed, **moved}),
        day(event.day),
        json.dumps(row),
        event.whole,
    )


def _keys(company: Company, event: Event) -> dict[str, Any]:
    """Between whom and which regions it went, by their keys."""
    pairs = {name: pair for name, pair in (event.changed or {}).items() if name in ("region", "owner")}
    return {name: [str(getattr(company, each).key) for each in pair] for name, pair in pairs.items()}


async def history(graph: Asking, who: Row, name: str) -> Any:
    query = f"query($id: ID!) {{ opportunity(id: $id) {{ stageHistory {STAY} }} }}"
    return (await graph.data(who, query, {"id": DEALS[name].node}))["opportunity"]["stageHistory"]


def stay(code: str, entered: int | None = None, left: int | None = None) -> dict[str, Any]:
    def told(number: int | None) -> str | None:
        return None if number is None else day(number).isoformat()

    seconds = (left - entered) * 86_400 if entered is not None and left is not None else None
    return {"stageCode": code, "enteredAt": told(entered), "leftAt": told(left), "seconds": seconds}


NOW = [stay(OFFERED)]
MOVED = [stay(NEW, None, 1), stay(OFFERED, 1)]
WHOLE = {
    "made": [stay(NEW, 1, 3), stay(TALKING, 3, 5), stay(OFFERED, 5)],
    "made abroad": [stay(NEW, 1, 3), stay(OFFERED, 3)],
    "came": [stay(NEW, None, 1), stay(TALKING, 1, 4), stay(OFFERED, 4)],
    "came as it moved": MOVED,
    "was away": [stay(NEW, None, 1), stay(TALKING, 1, 3), stay(OFFERED, 3)],
    "was away and went on": [stay(NEW, None, 1), stay(TALKING, 1, 2), stay(NEW, 2, 3), stay(OFFERED, 3)],
    "was another's": MOVED,
    "merged": MOVED,
    "unsaid": NOW,
    "silent": NOW,
}


@pytest.mark.parametrize("name", WHOLE)
async def test_one_who_sees_all_deals_sees_all_of_it(graph: Asking, company: Company, name: str) -> None:
    assert await history(graph, company.admin, name) == WHOLE[name]
    assert await history(graph, company.auditor, name) == WHOLE[name]


IN_GERMANY = {
    **WHOLE,
    "made abroad": [stay(NEW, None, 3), stay(OFFERED, 3)],
    "came": [stay(TALKING, None, 4), stay(OFFERED, 4)],
    "came as it moved": [stay(OFFERED, 1)],
    "was away": [stay(NEW, None, 1), stay(TALKING, 1), stay(OFFERED)],
    "was away and went on": [stay(NEW, None, 1), stay(TALKING, 1), stay(NEW, None, 3), stay(OFFERED, 3)],
}
"""What of it happened while the deals were in Germany."""


@pytest.mark.parametrize("name", IN_GERMANY)
async def test_who_sees_a_region_sees_what_happened_while_a_deal_was_there(
    graph: Asking, company: Company, name: str
) -> None:
    assert await history(graph, company.rep, name) == IN_GERMANY[name]


@pytest.mark.parametrize("name", WHOLE)
async def test_who_sees_a_region_sees_what_happened_anywhere_in_it(graph: Asking, company: Company, name: str) -> None:
    assert await history(graph, company.manager, name) == WHOLE[name]


GLIMPSED = """
role: {code}
rules:
  - allow: [read]
    on: Opportunity
    fields: {{names: [name, stageCode]}}
    mask: {{stageCode: redact}}
{more}"""
PLAIN_THERE = """
  - allow: [read]
    on: Opportunity
    when: {region: {in: $assignment.regions}}
    fields: {names: [stageCode]}
"""
RULES = {
    **read_folder(DEFAULT_RULES),
    "glimpser.yaml": GLIMPSED.format(code="glimpser", more=""),
    "visitor.yaml": GLIMPSED.format(code="visitor", more=PLAIN_THERE),
}


@pytest.fixture(scope="module")
async def visitor(writer: asyncpg.Connection, company: Company) -> Row:
    """One who sees the stages of deals in Germany, and of others that they have one."""
    await activate(writer, RULES, "With glimpses.")
    who = user("visitor", region=company.germany)
    await store(writer, who)
    await assign(writer, who, "visitor", region=company.germany)
    return who


async def test_what_is_shown_in_part_is_no_part_of_it(graph: Asking, visitor: Row) -> None:
    """A change is shown as the least of its sides is: one by which a deal came to Germany, in part."""
    told = {name: await history(graph, visitor, name) for name in IN_GERMANY}
    assert told == {**IN_GERMANY, "came as it moved": NOW}


async def test_there_is_none_where_the_stage_is_shown_in_part(
    graph: Asking, company: Company, writer: asyncpg.Connection, visitor: Row
) -> None:
    deal = DEALS["made"].key
    await writer.execute("UPDATE opportunities SET region_id = $2 WHERE id = $1", deal, company.france.key)
    try:
        assert await history(graph, visitor, "made") is None
    finally:
        await writer.execute("UPDATE opportunities SET region_id = $2 WHERE id = $1", deal, company.germany.key)
    glimpser = user("glimpser")
    await store(writer, glimpser)
    await assign(writer, glimpser, "glimpser")
    assert await history(graph, glimpser, "made") is None


async def test_what_happens_out_of_sight_makes_no_difference(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    deal = DEALS["was away"]
    shown = await history(graph, company.rep, "was away")
    later = Event(6, {"stageCode": [OFFERED, NEW], "region": ["germany", "france"]}, where=IN_FRANCE)
    await happened(writer, company, deal, later)
    await writer.execute("INSERT INTO change_events (entity, op, changed) VALUES ('opportunities', 'IMPORT', '{}')")
    try:
        assert await history(graph, company.rep, "was away") == shown
        assert await history(graph, company.admin, "was away") == [
            *shown[:1],
            stay(TALKING, 1, 3),
            stay(OFFERED, 3, 6),
            stay(NEW, 6),
            stay(OFFERED),
        ]
    finally:
        await writer.execute("DELETE FROM change_events WHERE op = 'IMPORT' OR at = $1", day(6))


async def test_events_of_others_are_no_part_of_it(graph: Asking, company: Company) -> None:
    found = await graph.data(company.admin, f"{{ opportunities {{ nodes {{ name stageHistory {STAY} }} }} }}")
    told = {node["name"]: node["stageHistory"] for node in found["opportunities"]["nodes"]}
    assert told == WHOLE


CREATE = (
    "mutation ($input: OpportunityCreateInput!) { opportunityCreate(input: $input) { opportunity { id stageCode } } }"
)
MOVE = """
mutation ($input: OpportunityStageChangeInput!) {
  opportunityStageChange(input: $input) { opportunity { stageHistory { stageCode enteredAt leftAt } } } }"""


async def test_who_moves_a_deal_is_told_of_it(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    ben = customer("Ben", region=company.germany, owner=company.rep)
    await store(writer, ben)
    await ensure_stages(writer)
    stages = await graph.data(company.rep, "{ pipelineStages(first: 100) { nodes { id code } } }")
    [won] = [each["id"] for each in stages["pipelineStages"]["nodes"] if each["code"] == "NEGOTIATION"]
    made = await graph.data(company.rep, CREATE, {"input": {"customer": ben.node, "name": "Big"}})
    new = made["opportunityCreate"]["opportunity"]
    given = {"id": new["id"], "stage": won}
    moved = (await graph.data(company.rep, MOVE, {"input": given}))["opportunityStageChange"]["opportunity"]
    first, last = moved["stageHistory"]
    assert (first["stageCode"], last["stageCode"]) == (new["stageCode"], "NEGOTIATION")
    assert first["leftAt"] == last["enteredAt"] > first["enteredAt"]
    assert last["leftAt"] is None
