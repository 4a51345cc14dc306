"""`auditVerify`: whole or not, told to those who read all of it."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.http.asking import Asking

QUERY = """query ($from: Int, $to: Int, $head: String) {
    auditVerify(from: $from, to: $to, head: $head) { isWhole events head fault brokenAt }
}"""


@pytest.fixture(scope="module", autouse=True)
async def five(writer: asyncpg.Connection, company: Company) -> None:
    """Five events."""
    await writer.execute("INSERT INTO audit_events (kind) SELECT 'X' FROM generate_series(1, 5)")


async def _verified(graph: Asking, who: Any, **given: Any) -> Any:
    return (await graph.data(who, QUERY, given))["auditVerify"]


@pytest.mark.parametrize("role", ["admin", "auditor"])
async def test_a_whole_trail_is_told_with_its_head(
    graph: Asking, company: Company, writer: asyncpg.Connection, role: str
) -> None:
    heads = [row["hash"] for row in await writer.fetch("SELECT hash FROM audit_events ORDER BY seq")]
    whole = {"isWhole": True, "fault": None, "brokenAt": None}
    who = getattr(company, role)
    assert await _verified(graph, who) == {**whole, "events": 5, "head": heads[4]}
    assert await _verified(graph, who, **{"from": 2, "to": 3}) == {**whole, "events": 2, "head": heads[2]}
    assert await _verified(graph, who, head=heads[1]) == {**whole, "events": 5, "head": heads[4]}
    cut = {"isWhole": False, "fault": "CUT_OFF", "brokenAt": 6, "events": 5, "head": heads[4]}
    assert await _verified(graph, who, head="0" * 64) == cut


@pytest.mark.parametrize("given", [{"from": 0}, {"to": -1}])
async def test_numbers_begin_at_one(graph: Asking, company: Company, given: dict[str, int]) -> None:
    answer = await graph.ask(company.auditor, QUERY, given)
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["argument"] == next(iter(given))


async def test_what_was_changed_is_told(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    await writer.execute("ALTER TABLE audit_events DISABLE TRIGGER keep_audit_events")
    await writer.execute("UPDATE audit_events SET kind = 'Y' WHERE seq = 4")
    try:
        found = await _verified(graph, company.auditor)
        assert (found["isWhole"], found["fault"], found["brokenAt"], found["events"]) == (False, "CHANGED", 4, 3)
    finally:
        await writer.execute("UPDATE audit_events SET kind = 'X' WHERE seq = 4")
        await writer.execute("ALTER TABLE audit_events ENABLE ALWAYS TRIGGER keep_audit_events")
    assert (await _verified(graph, company.auditor))["isWhole"]
