"""Events are read through views like everything: by whom the policy lets, filtered and ordered like other lists."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app.services.policies.store import activate
from graphql_schema.schema import MUTATIONS
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.audit.trail import last, write
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, user
from tests.http.asking import Asking

EVENTS = """query ($where: AuditEventWhere, $first: Int) {
    auditEvents(where: $where, orderBy: [{field: SEQ}], first: $first) { totalCount nodes {
        seq kind at user { displayName } client requestId subject owner { displayName } details previous hash
    } }
}"""
OTHERS = ("manager", "rep", "agent", "marketer", "finance", "nobody")


@pytest.fixture(scope="module")
async def disabled(graph: Asking, company: Company, writer: asyncpg.Connection) -> Row:
    """A user whom the administrator made, and who was shut out."""
    made = user("temporary")
    shows = "user { id }"
    given = {"displayName": "Temporary", "email": "temporary@example.com"}
    found = await write(graph, company.admin, "userCreate", shows, **given)
    await write(graph, company.admin, "userUpdate", id=found["user"]["id"], status="SUSPENDED")
    key = await writer.fetchval("SELECT id FROM users WHERE email = 'temporary@example.com'")
    return Row(made.model, {"id": key})


async def _events(graph: Asking, who: Row, where: Any = None, first: int = 20) -> Any:
    return (await graph.data(who, EVENTS, {"where": where, "first": first}))["auditEvents"]


@pytest.mark.parametrize("role", ["admin", "auditor"])
async def test_administrators_and_auditors_read_all_of_each(
    graph: Asking, company: Company, writer: asyncpg.Connection, disabled: Row, role: str
) -> None:
    found = await _events(graph, getattr(company, role))
    assert found["totalCount"] == await last(writer)
    created, changed = found["nodes"][-2:]
    assert changed["previous"] == created["hash"]
    assert (created["kind"], changed["kind"]) == ("USER_CREATED", "USER_CHANGED")
    assert (changed["subject"], changed["details"]) == (disabled.node, {"changed": ["status"]})
    assert (changed["user"], changed["client"], changed["owner"]) == ({"displayName": "Admin"}, None, None)
    assert (len(changed["requestId"]) > 0, changed["at"] > created["at"]) == (True, True)


@pytest.mark.parametrize("role", OTHERS)
async def test_nobody_else_sees_that_there_are_any(graph: Asking, company: Company, disabled: Row, role: str) -> None:
    query = "{ auditEvents { totalCount nodes { id } } auditVerify { events } }"
    found = await graph.data(getattr(company, role), query)
    assert found == {"auditEvents": {"totalCount": 0, "nodes": []}, "auditVerify": None}


@pytest.mark.parametrize("root", ["auditEvents { totalCount }", "auditVerify { events }"])
async def test_in_a_tailored_schema_they_are_not_there(graph: Asking, company: Company, root: str) -> None:
    answer = await graph.client.post("/graphql", json={"query": f"{{ {root} }}"}, headers=graph.bearer(company.partner))
    name = root.split()[0]
    assert [each["message"] for each in answer.json()["errors"]] == [f"Cannot query field '{name}' on type 'Query'."]


async def test_they_are_found_by_who_what_about_what_and_when(graph: Asking, company: Company, disabled: Row) -> None:
    [event] = (await _events(graph, company.auditor, {"kind": {"eq": "USER_CHANGED"}}))["nodes"]
    for where, count in (
        ({"kind": {"eq": "USER_CHANGED"}}, 1),
        ({"kind": {"in": ["USER_CHANGED", "USER_CREATED"]}}, 2),
        ({"user": {"eq": company.admin.node}}, 2),
        ({"user": {"eq": company.rep.node}}, 0),
        ({"subject": {"eq": disabled.node}}, 2),
        ({"subject": {"eq": company.rep.node}}, 0),
        ({"at": {"gte": event["at"]}}, 1),
        ({"at": {"lt": event["at"]}}, 1),
        ({"seq": {"gt": event["seq"]}}, 0),
    ):
        assert (await _events(graph, company.auditor, where))["totalCount"] == count, where


async def test_a_policy_may_show_the_owner_of_a_record_who_opened_it(
    graph: Asking, company: Company, writer: asyncpg.Connection, disabled: Row
) -> None:
    texts = read_folder(DEFAULT_RULES)
    texts["sales_rep.yaml"] += """
  - allow: [read]
    on: AuditEvent
    when: {AND: [{kind: {in: [UNMASKED, UNMASK_ENDED]}}, {owner: {eq: $me}}]}
    fields: {names: [kind, subject, details]}
"""
    async with writer.transaction():
        await activate(writer, texts)
    for kind, owner in (("UNMASKED", company.rep), ("UNMASKED", company.colleague), ("HIDDEN_CLASH", company.rep)):
        await writer.execute("INSERT INTO audit_events (kind, owner_id) VALUES ($1, $2)", kind, owner.key)
    found = await graph.data(company.rep, "{ auditEvents { nodes { kind seq hash access { withheld } } } }")
    [event] = found["auditEvents"]["nodes"]
    assert (event["kind"], event["seq"], event["hash"]) == ("UNMASKED", None, None)
    assert {"seq", "hash", "previous", "user"} <= set(event["access"]["withheld"])
    assert (await graph.data(company.rep, "{ auditVerify { events } }"))["auditVerify"] is None


def test_nobody_writes_them() -> None:
    assert [name for name in MUTATIONS if name.startswith("auditEvent")] == []
