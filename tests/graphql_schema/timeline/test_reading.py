"""A page of a long story reads a page of it, in the one statement of the whole operation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from app.identity.bearer import Bearer
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, order, store
from tests.http.asking import Asking

MANY = 3_000
PAGE = """query($id: ID!, $c: String) { customer(id: $id) {
    displayName
    overview { orders lastOrder { number } lastContact { occurredAt } }
    timeline(first: 10, after: $c) {
        edges { cursor node { ... on Interaction { subject } } }
        pageInfo { hasPreviousPage hasNextPage }
    }
} }"""
CALLS = """
    INSERT INTO interactions (id, customer_id, owner_id, region_id, kind, subject, occurred_at)
    SELECT gen_random_uuid(), $1, $2, $3, 'CALL', 'Call ' || n, now() - n * interval '1 hour'
    FROM generate_series(1, $4::int) n
"""
OTHERS = """
    WITH others AS (
        INSERT INTO customers (id, kind, display_name, region_id)
        SELECT gen_random_uuid(), 'ORGANIZATION', 'Other', $1 FROM generate_series(1, 50) RETURNING id
    )
    INSERT INTO interactions (id, customer_id, region_id, kind, subject, occurred_at)
    SELECT gen_random_uuid(), others.id, $1, 'CALL', 'A call', now() - n * interval '1 hour'
    FROM others, generate_series(1, 100) n
"""
INDEX = "ix_interactions_customer_id_occurred_at_id"


@pytest.fixture(scope="module")
async def ada(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer who called thousands of times and ordered once."""
    ada = customer("Ada", owner=company.rep, region=company.germany)
    await store(writer, ada, order(ada, status="FULFILLED"))
    await writer.execute(CALLS, ada.key, company.rep.key, company.germany.key, MANY)
    await writer.execute(OTHERS, company.germany.key)
    await writer.execute("ANALYZE")
    return ada


async def _plan(graph: Asking, writer: asyncpg.Connection, who: Row, variables: Any) -> Any:
    """How the last statement was run."""
    rights = await graph.engine.authority.rights(Bearer(who.key))
    assert rights is not None
    plan = next(reversed(graph.engine._plans.values())).plan
    values = plan.values(rights.principal.values, variables)
    found = await writer.fetchval(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {plan.sql}", *values)
    return json.loads(found)[0]["Plan"]


def _scans(node: Any, table: str) -> Iterator[Any]:
    """The nodes that read a table."""
    if node.get("Relation Name") == table:
        yield node
    for inner in node.get("Plans", ()):
        yield from _scans(inner, table)


@pytest.mark.parametrize("role", ["rep", "manager", "agent", "admin"])
async def test_a_page_reads_a_page_wherever_it_stands(
    graph: Asking, company: Company, ada: Row, writer: asyncpg.Connection, role: str
) -> None:
    who, cursor = getattr(company, role), None
    for turn in range(3):
        before, variables = graph.engine.statements, {"id": ada.node, "c": cursor}
        found = (await graph.data(who, PAGE, variables))["customer"]
        assert graph.engine.statements == before + 1
        assert found["overview"]["orders"] == 1
        assert found["timeline"]["pageInfo"] == {"hasPreviousPage": turn > 0, "hasNextPage": True}
        subjects = [edge["node"]["subject"] for edge in found["timeline"]["edges"] if edge["node"]]
        assert subjects == [f"Call {n}" for n in range(10 * turn + 1, 10 * turn + 11)]
        cursor = found["timeline"]["edges"][-1]["cursor"]
        scans = list(_scans(await _plan(graph, writer, who, variables), "interactions"))
        assert INDEX in {scan.get("Index Name") for scan in scans}
        for scan in scans:
            # Whether anything stands before the page is asked for one row, wherever PostgreSQL finds it soonest.
            assert scan["Node Type"] == "Index Scan" or scan.get("Parent Relationship") == "InitPlan", scan
            assert scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0) <= 12, scan
