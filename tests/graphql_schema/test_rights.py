"""`access { canUpdate canDelete updatable }`: what may be done with a node, in the statement that reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, store, ticket
from tests.http.asking import Asking

RIGHTS = "access { canUpdate canDelete updatable }"
NOTHING = {"canUpdate": False, "canDelete": False, "updatable": []}


@dataclass(frozen=True)
class Rows:
    """A customer of the representative's and one of the colleague's, both German, each with a contact and a ticket."""

    own: Row
    other: Row


@pytest.fixture(scope="module")
async def rows(writer: asyncpg.Connection, company: Company) -> Rows:
    own = customer("own", owner=company.rep, region=company.germany)
    other = customer("other", owner=company.colleague, region=company.germany)
    await store(writer, own, other)
    for of in (own, other):
        await store(writer, contact(of), ticket(of, region=company.germany, department=company.service))
    return Rows(own, other)


async def rights(graph: Asking, who: Row, of: Row) -> Any:
    data = await graph.data(who, f"query ($id: ID!) {{ customer(id: $id) {{ {RIGHTS} }} }}", {"id": of.node})
    return data["customer"] and data["customer"]["access"]


TABLE = [
    ("admin", "own", True, True, {"email", "annualRevenue", "taxId", "owner", "displayName"}, {"id"}),
    ("manager", "other", True, True, {"email", "annualRevenue", "owner"}, {"taxId", "birthDate"}),
    ("rep", "own", True, False, {"email", "annualRevenue", "owner"}, {"taxId", "birthDate"}),
]


@pytest.mark.parametrize(("role", "which", "can_update", "can_delete", "among", "without"), TABLE)
async def test_what_may_be_changed_is_named_field_by_field(
    graph: Asking,
    company: Company,
    rows: Rows,
    role: str,
    which: str,
    *,
    can_update: bool,
    can_delete: bool,
    among: set[str],
    without: set[str],
) -> None:
    found = await rights(graph, getattr(company, role), getattr(rows, which))
    assert (found["canUpdate"], found["canDelete"]) == (can_update, can_delete)
    assert among <= set(found["updatable"])
    assert not without & set(found["updatable"])


KEPT = {"version", "createdAt", "updatedAt", "erasedAt", "mergedInto", "lastInteractionAt", "fxRate", "fxDate"}


async def test_what_the_system_keeps_is_nobodys_to_change(graph: Asking, company: Company, rows: Rows) -> None:
    found = await rights(graph, company.admin, rows.own)
    assert not KEPT & set(found["updatable"])
    assert "legalHold" in found["updatable"]


@pytest.mark.parametrize("role", ["rep", "agent", "finance", "auditor", "marketer"])
async def test_who_only_reads_may_change_nothing(graph: Asking, company: Company, rows: Rows, role: str) -> None:
    assert await rights(graph, getattr(company, role), rows.other) == NOTHING


async def test_rights_are_told_row_by_row(graph: Asking, company: Company, rows: Rows) -> None:
    data = await graph.data(
        company.rep,
        f"{{ customers(orderBy: {{field: DISPLAY_NAME, direction: DESC}}) {{ nodes {{ displayName {RIGHTS} }} }} }}",
    )
    found = {node["displayName"]: node["access"] for node in data["customers"]["nodes"]}
    assert found["other"] == NOTHING
    assert found["own"]["canUpdate"] is True
    assert found["own"]["updatable"] == sorted(found["own"]["updatable"], key=found["own"]["updatable"].index)


async def test_rights_are_told_of_what_is_related(graph: Asking, company: Company, rows: Rows) -> None:
    query = f"query ($id: ID!) {{ customer(id: $id) {{ tickets {{ edges {{ node {{ {RIGHTS} }} }} }} contacts {{ nodes {{ {RIGHTS} }} }} }} }}"
    before = graph.engine.statements
    data = await graph.data(company.rep, query, {"id": rows.own.node})
    assert graph.engine.statements - before == 1
    [node] = data["customer"]["contacts"]["nodes"]
    assert node["access"]["canDelete"] is True
    [edge] = data["customer"]["tickets"]["edges"]
    assert edge["node"]["access"] == NOTHING
    data = await graph.data(company.agent, query, {"id": rows.own.node})
    [edge] = data["customer"]["tickets"]["edges"]
    assert edge["node"]["access"]["canUpdate"] is True
    assert {"status", "priority"} <= set(edge["node"]["access"]["updatable"])


async def test_rights_may_be_asked_under_other_names(graph: Asking, company: Company, rows: Rows) -> None:
    query = "query ($id: ID!) { customer(id: $id) { access { a: canUpdate b: canDelete c: updatable __typename d: masked } } }"
    data = await graph.data(company.rep, query, {"id": rows.other.node})
    found = data["customer"]["access"]
    assert list(found) == ["a", "b", "c", "__typename", "d"]
    assert (found["a"], found["b"], found["c"], found["__typename"]) == (False, False, [], "Access")
