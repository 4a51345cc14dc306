"""Opportunities move from stage to stage."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app.services.stages import ensure_stages
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking

CREATE = """
mutation ($input: OpportunityCreateInput!) {
  opportunityCreate(input: $input) {
    opportunity { id stageCode probabilityPct forecastCategory owner { displayName } openedAt }
    userErrors { code field message }
  }
}"""
MOVE = """
mutation ($input: OpportunityStageChangeInput!) {
  opportunityStageChange(input: $input) {
    opportunity { stageCode probabilityPct closedAt lostReason } userErrors { code field }
  }
}"""
STAGES = "{ pipelineStages(first: 100) { nodes { id code } } }"


@pytest.fixture(scope="module")
async def stages(graph: Asking, company: Company, writer: asyncpg.Connection) -> dict[str, str]:
    """The ids of all stages, by code."""
    await ensure_stages(writer)
    found = await graph.data(company.rep, STAGES)
    return {node["code"]: node["id"] for node in found["pipelineStages"]["nodes"]}


@pytest.fixture
async def deal(graph: Asking, company: Company, writer: asyncpg.Connection, stages: dict[str, str]) -> str:
    """A deal of the representative's, new in its pipeline."""
    theirs: Row = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, theirs)
    given = {"customer": theirs.node, "name": "Big"}
    made = (await graph.data(company.rep, CREATE, {"input": given}))["opportunityCreate"]
    assert made["userErrors"] == []
    opportunity: dict[str, Any] = made["opportunity"]
    assert opportunity.pop("openedAt") is not None
    found = str(opportunity.pop("id"))
    assert opportunity == {
        "stageCode": "PROSPECTING",
        "probabilityPct": "10.00",
        "forecastCategory": "PIPELINE",
        "owner": {"displayName": "Rep"},
    }
    return found


async def move(graph: Asking, who: Row, **given: Any) -> Any:
    return (await graph.data(who, MOVE, {"input": given}))["opportunityStageChange"]


async def test_probability_follows_the_stage(
    graph: Asking, company: Company, deal: str, stages: dict[str, str]
) -> None:
    made = await move(graph, company.rep, id=deal, stage=stages["NEGOTIATION"])
    assert made["opportunity"] == {
        "stageCode": "NEGOTIATION",
        "probabilityPct": "80.00",
        "closedAt": None,
        "lostReason": None,
    }


async def test_who_loses_says_why(
    graph: Asking, company: Company, deal: str, stages: dict[str, str], writer: asyncpg.Connection
) -> None:
    async with watched(writer) as change:
        made = await move(graph, company.rep, id=deal, stage=stages["CLOSED_LOST"])
    assert codes(made) == [("REQUIRED", ["lostReason"])]
    assert change.tables == []
    made = await move(graph, company.rep, id=deal, stage=stages["CLOSED_LOST"], lostReason="Price")
    assert made["opportunity"].pop("closedAt") is not None
    assert made["opportunity"] == {"stageCode": "CLOSED_LOST", "probabilityPct": "0.00", "lostReason": "Price"}


BULK = """
mutation ($input: OpportunityBulkUpsertInput!) {
  opportunityBulkUpsert(input: $input) { userErrors { code field } }
}"""


async def test_no_other_way_leads_past_the_steps(
    graph: Asking, company: Company, deal: str, stages: dict[str, str], writer: asyncpg.Connection
) -> None:
    free = "mutation ($i: OpportunityUpdateInput!) { opportunityUpdate(input: $i) { userErrors { code } } }"
    answer = await graph.ask(company.rep, free, {"i": {"id": deal, "name": "Bigger"}})
    assert answer["data"]["opportunityUpdate"]["userErrors"] == []
    async with watched(writer) as change:
        refused = await graph.client.post(
            "/graphql",
            json={"query": free, "variables": {"i": {"id": deal, "stage": stages["CLOSED_WON"]}}},
            headers=graph.bearer(company.rep),
        )
        assert "unknown field 'stage'" in refused.json()["errors"][0]["message"]
        items = [{"id": deal, "stage": stages["CLOSED_WON"]}]
        made = (await graph.data(company.rep, BULK, {"input": {"inputs": items}}))["opportunityBulkUpsert"]
        assert codes(made) == [("INVALID_STATE", ["inputs", "0", "stage"])]
    assert change.tables == []


async def test_a_deal_begins_open(
    graph: Asking, company: Company, deal: str, stages: dict[str, str], writer: asyncpg.Connection
) -> None:
    customer_ = await graph.data(
        company.rep, "query ($id: ID!) { opportunity(id: $id) { customer { id } } }", {"id": deal}
    )
    given = {"customer": customer_["opportunity"]["customer"]["id"], "name": "Won", "stage": stages["CLOSED_WON"]}
    async with watched(writer) as change:
        made = (await graph.data(company.rep, CREATE, {"input": given}))["opportunityCreate"]
    assert [(error["code"], error["field"]) for error in made["userErrors"]] == [("INVALID_STATE", ["stage"])]
    assert change.tables == []


async def test_a_stage_of_another_pipeline_is_refused(
    graph: Asking, company: Company, deal: str, stages: dict[str, str]
) -> None:
    assert codes(await move(graph, company.rep, id=deal, stage=stages["DEAD"])) == [("INVALID_STATE", ["stage"])]
    assert codes(await move(graph, company.rep, id=deal)) == [("REQUIRED", ["stage"])]
