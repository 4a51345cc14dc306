"""Leads become opportunities."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app import models
from app.models.enums import LeadStatus
from app.services.stages import LEADS as PIPELINE
from app.services.stages import ensure_stages
from app.services.transitions import LEADS
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.selling import done, write
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, owned, store
from tests.http.asking import Asking


@pytest.fixture(scope="module")
async def stages(company: Company, writer: asyncpg.Connection) -> dict[tuple[str, str], UUID]:
    """The keys of all stages."""
    return await ensure_stages(writer)


@pytest.fixture
async def theirs(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative's."""
    made = customer("Acme", owner=company.rep, region=company.germany)
    await store(writer, made)
    return made


def lead(of: Row, stages: dict[tuple[str, str], UUID], code: str = "NEW", **values: Any) -> Row:
    """A lead at a stage."""
    at = {"pipeline_code": PIPELINE, "stage_code": code, "stage_id": stages[PIPELINE, code]}
    return owned(models.Opportunity, of, **{"name": "A lead", "type": "LEAD", **at, **values})


async def test_a_lead_becomes_an_opportunity_with_a_contact(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row, stages: Any
) -> None:
    made = lead(theirs, stages)
    await store(writer, made)
    contact = {"displayName": "Bo Berg", "email": "Bo@Berg.Example"}
    asked = {"id": made.node, "contact": contact, "idempotencyKey": f"convert {made.key}"}
    came = await write(graph, company.rep, "leadConvert", "customer", "contact", **asked)
    assert codes(came) == []
    shown = came["opportunity"]
    assert shown.pop("convertedAt") is not None
    assert shown == {
        "id": made.node,
        "type": "OPPORTUNITY",
        "stageCode": "PROSPECTING",
        "pipelineCode": "SALES",
        "probabilityPct": "10.00",
        "version": 2,
    }
    assert came["customer"]["displayName"] == "Acme"
    assert (came["contact"]["displayName"], came["contact"]["email"]) == ("Bo Berg", "bo@berg.example")
    query = "query ($id: ID!) { opportunity(id: $id) { primaryContact { displayName } } }"
    found = await graph.data(company.rep, query, {"id": made.node})
    assert found == {"opportunity": {"primaryContact": {"displayName": "Bo Berg"}}}
    again = await write(graph, company.rep, "leadConvert", "customer", "contact", **asked)
    assert (codes(again), again["contact"]) == ([], came["contact"])
    assert await writer.fetchval("SELECT count(*) FROM contacts WHERE customer_id = $1", theirs.key) == 1


async def test_without_a_contact_none_is_made(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row, stages: Any
) -> None:
    made = lead(theirs, stages)
    await store(writer, made)
    came = await write(graph, company.rep, "leadConvert", "contact", id=made.node)
    assert (codes(came), came["contact"]) == ([], None)


@pytest.mark.parametrize("status", LeadStatus)
async def test_a_lead_is_converted_just_where_the_table_says(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row, stages: Any, status: LeadStatus
) -> None:
    made = lead(theirs, stages, status)
    await store(writer, made)
    async with watched(writer) as change:
        came = await write(graph, company.rep, "leadConvert", id=made.node)
    if "convert" in LEADS.table[status]:
        assert codes(came) == []
    else:
        assert (codes(came), change.tables) == ([("INVALID_STATE", None)], [])


async def test_what_is_no_lead_is_not_converted_and_all_that_is_wrong_is_told(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row, stages: Any
) -> None:
    made = lead(theirs, stages, type="OPPORTUNITY")
    await store(writer, made)
    async with watched(writer) as change:
        came = await write(graph, company.rep, "leadConvert", id=made.node, contact={"email": "nobody"})
    wrong = [("INVALID_STATE", None), ("INVALID", ["contact", "email"]), ("REQUIRED", ["contact", "displayName"])]
    assert codes(came) == wrong
    assert change.tables == []


@pytest.mark.parametrize(("who", "code"), [("colleague", "NOT_FOUND"), ("auditor", "FORBIDDEN")])
async def test_who_may_not_change_a_lead_converts_none(
    graph: Asking, company: Company, writer: asyncpg.Connection, theirs: Row, stages: Any, who: str, code: str
) -> None:
    made = lead(theirs, stages)
    await store(writer, made)
    async with watched(writer) as change:
        came = await write(graph, getattr(company, who), "leadConvert", id=made.node)
        tried = await write(
            graph, company.rep, "leadConvert", id=made.node, validateOnly=True, contact={"displayName": "Bo"}
        )
    assert (codes(came), codes(tried)) == ([(code, ["id"])], [])
    assert change.tables == []
    assert (await done(graph, company.rep, "leadConvert", id=made.node))["type"] == "OPPORTUNITY"
