"""The stages that deals went through: what of it each role could have seen at the time."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, opportunity, stage, store
from tests.http.asking import Asking

STAY = "{ stageCode enteredAt leftAt seconds }"
DEALS: dict[str, Row] = {}


def day(number: int) -> dt.datetime:
    return dt.datetime(2026, 1, number, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module", autouse=True)
async def deals(writer: asyncpg.Connection, company: Company) -> None:
    """Deals by name, each with its events: of the deal, the day, what changed, and what was done."""
    stages = {code: stage(code, place) for place, code in enumerate(("NEW", "TALKING", "OFFERED"), 1)}
    ada = customer("Ada", region=company.germany, owner=company.rep)
    await store(writer, *stages.values(), ada)
    for name in ("made", "moved", "imported", "merged", "written", "silent", "hers", "unsaid"):
        DEALS[name] = opportunity(ada, stages["OFFERED"], name)
    await store(writer, *DEALS.values())
    for name, number, changed, op in (
        ("made", 1, {"stageCode": [None, "NEW"], "name": [None, "made"]}, "CREATE"),
        ("made", 2, {"name": ["made", "Made"]}, "UPDATE"),
        ("made", 3, {"stageCode": ["NEW", "TALKING"]}, "UPDATE"),
        ("made", 5, {"stageCode": ["TALKING", "OFFERED"]}, "UPDATE"),
        ("moved", 1, {"stageCode": ["NEW", "TALKING"]}, "UPDATE"),
        ("moved", 2, {"region": ["x", "y"]}, "UPDATE"),
        ("moved", 4, {"stageCode": ["TALKING", "OFFERED"]}, "UPDATE"),
        ("written", 1, {"stageCode": ["NEW", "OFFERED"]}, "UPDATE"),
        ("written", 2, {"region_id": ["x", "y"]}, "UPDATE"),
        ("merged", 1, {"stageCode": ["NEW", "OFFERED"]}, "UPDATE"),
        ("merged", 2, {"name": ["a", "b"]}, "MERGE"),
        ("hers", 1, {"stageCode": ["NEW", "OFFERED"]}, "UPDATE"),
        ("hers", 2, {"owner": ["x", "y"]}, "UPDATE"),
        ("unsaid", 1, {"stageCode": ["NEW", "OFFERED"]}, "UPDATE"),
        ("unsaid", 2, None, "UPDATE"),
    ):
        await happened(writer, DEALS[name], day(number), changed, op)


async def happened(writer: asyncpg.Connection, deal: Row | None, at: dt.datetime, changed: Any, op: str) -> None:
    await writer.execute(
        "INSERT INTO change_events (customer_id, entity, entity_id, op, changed, at) VALUES ($1, 'opportunities', $2, $3, $4, $5)",
        deal and deal.values["customer_id"],
        deal and deal.key,
        op,
        None if changed is None else json.dumps(changed),
        at,
    )


async def history(graph: Asking, who: Row, name: str) -> Any:
    query = f"query($id: ID!) {{ opportunity(id: $id) {{ stageHistory {STAY} }} }}"
    return (await graph.data(who, query, {"id": DEALS[name].node}))["opportunity"]["stageHistory"]


def stay(code: str, entered: int | None = None, left: int | None = None) -> dict[str, Any]:
    def told(number: int | None) -> str | None:
        return None if number is None else day(number).isoformat()

    seconds = (left - entered) * 86_400 if entered is not None and left is not None else None
    return {"stageCode": code, "enteredAt": told(entered), "leftAt": told(left), "seconds": seconds}


NOW = [stay("OFFERED")]
WHOLE = {
    "made": [stay("NEW", 1, 3), stay("TALKING", 3, 5), stay("OFFERED", 5)],
    "moved": [stay("NEW", None, 1), stay("TALKING", 1, 4), stay("OFFERED", 4)],
    "merged": [stay("NEW", None, 1), stay("OFFERED", 1)],
    "written": [stay("NEW", None, 1), stay("OFFERED", 1)],
    "silent": NOW,
    "hers": [stay("NEW", None, 1), stay("OFFERED", 1)],
    "unsaid": [stay("NEW", None, 1), stay("OFFERED", 1)],
}


@pytest.mark.parametrize("name", WHOLE)
async def test_one_who_sees_all_deals_sees_all_of_it(graph: Asking, company: Company, name: str) -> None:
    assert await history(graph, company.admin, name) == WHOLE[name]
    assert await history(graph, company.auditor, name) == WHOLE[name]


IN_REGION = {
    **WHOLE,
    "moved": [stay("TALKING", None, 4), stay("OFFERED", 4)],
    "written": NOW,
    "merged": NOW,
    "unsaid": NOW,
}
"""What is known of deals whose readers are told by their region."""


@pytest.mark.parametrize("name", IN_REGION)
async def test_who_sees_a_region_sees_what_happened_since_a_deal_came_there(
    graph: Asking, company: Company, name: str
) -> None:
    assert await history(graph, company.rep, name) == IN_REGION[name]


@pytest.mark.parametrize("name", IN_REGION)
async def test_who_sees_a_region_or_a_teams_deals_sees_what_happened_since_either_changed(
    graph: Asking, company: Company, name: str
) -> None:
    assert await history(graph, company.manager, name) == {**IN_REGION, "hers": NOW}[name]


async def test_an_import_leaves_open_what_was_before(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    await happened(writer, DEALS["imported"], day(1), {"stageCode": ["NEW", "OFFERED"]}, "UPDATE")
    whole = [stay("NEW", None, 1), stay("OFFERED", 1)]
    assert await history(graph, company.rep, "imported") == whole
    await writer.execute("BEGIN")
    await happened(writer, None, day(2), {"created": 1}, "IMPORT")
    await writer.execute("COMMIT")
    assert await history(graph, company.rep, "imported") == NOW
    assert await history(graph, company.admin, "imported") == whole
    await writer.execute("DELETE FROM change_events WHERE op = 'IMPORT'")


async def test_events_of_others_are_no_part_of_it(graph: Asking, company: Company) -> None:
    found = await graph.data(company.admin, f"{{ opportunities {{ nodes {{ name stageHistory {STAY} }} }} }}")
    told = {node["name"]: node["stageHistory"] for node in found["opportunities"]["nodes"]}
    assert {name: told[name] for name in WHOLE} == WHOLE
