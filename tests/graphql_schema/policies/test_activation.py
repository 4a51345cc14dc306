"""What stands in the way of a version's coming into force."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app.services.policies.activating import judge_ahead
from app.services.policies.checking import known
from app.services.policies.documents import Documents
from policies.loading import DEFAULT_RULES, read_folder
from policies.testing import FOLDER
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import dump
from tests.graphql_schema.policies.asking import RULE, do, done, drafted, refused, statuses
from tests.http.asking import Asking

LOCKED = {
    "no documents": {"deny": ["read"], "on": "PolicyVersion", "fields": {"names": ["document"]}},
    "no activating": {"deny": ["update"], "on": "PolicyVersion", "when": {"status": {"eq": "ACTIVE"}}},
    "no drafts": {"deny": ["create"], "on": "PolicyVersion"},
}


@pytest.mark.parametrize("how", LOCKED)
async def test_nobody_locks_themselves_out(
    graph: Asking, company: Company, writer: asyncpg.Connection, how: str
) -> None:
    draft = await drafted(graph, company.admin)
    which = {"id": draft["id"]}
    await done(graph, company.admin, "policyDraftRuleSet", {**which, "role": "admin", "rule": LOCKED[how]})
    before = await dump(writer)
    found = await refused(graph, company.admin, "policyActivate", which)
    assert ("FORBIDDEN", None, "Would take from you the right to administer the policy.") in found
    assert await dump(writer) == before


async def test_a_draft_of_what_is_no_longer_in_force_is_refused(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    admin = company.admin
    late, first = await drafted(graph, admin), await drafted(graph, admin)
    await done(graph, admin, "policyActivate", {"id": first["id"]})
    before = await dump(writer)
    payload = await do(graph, admin, "policyActivate", {"id": late["id"]})
    [error] = payload["userErrors"]
    assert (error["code"], error["params"]["current"]) == ("CONFLICT", first["number"])
    assert await dump(writer) == before


async def test_the_verdict_is_known_before_everybody_waits(graph: Asking, company: Company) -> None:
    rules, tests = read_folder(DEFAULT_RULES), read_folder(DEFAULT_RULES / FOLDER)
    async with graph.database.writing() as connection:
        await judge_ahead(connection, 1)
        await judge_ahead(connection, 10_000)
    verdict = known(Documents(rules, tests))
    assert verdict is not None
    assert (verdict.errors, verdict.cases > 100) == ((), True)


FAILING = """people: {f: {role: finance}}
cases:
  - {as: f, on: PolicyVersion, row: {number: 1}, expect: visible}
"""


async def test_a_test_that_fails_stands_in_the_way(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    admin = company.admin
    draft = await drafted(graph, admin)
    which = {"id": draft["id"]}
    await done(graph, admin, "policyDraftTestsSet", {**which, "name": "versions.yaml", "text": FAILING})
    run = """cases findings { check severity file line column role message }"""
    told = await do(graph, admin, "policyTestRun", {"version": draft["number"]}, run)
    [failure] = [each for each in told["findings"] if each["severity"] == "error"]
    assert failure == {
        "check": "test",
        "severity": "error",
        "file": "tests/versions.yaml",
        "line": 3,
        "column": 1,
        "role": "",
        "message": "f, PolicyVersion: expected visible, got hidden",
    }
    before = await dump(writer)
    [(code, _, message)] = await refused(graph, admin, "policyActivate", which)
    assert (code, message) == ("INVALID_STATE", f"tests/versions.yaml:3:1: {failure['message']}")
    assert await dump(writer) == before
    await done(graph, admin, "policyDraftRuleSet", {**which, "role": "finance", "rule": RULE})
    assert (await done(graph, admin, "policyActivate", which))["status"] == "ACTIVE"


async def test_an_error_of_lint_stands_in_the_way(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    admin = company.admin
    draft = await drafted(graph, admin)
    which = {"id": draft["id"]}
    classes = ["PUBLIC", "BUSINESS", "CONTACT", "IDENTITY", "FINANCIAL", "SENSITIVE", "SECRET"]
    rule: Any = {"deny": ["read"], "on": "Survey", "fields": {"classes": classes}}
    await done(graph, admin, "policyDraftRuleSet", {**which, "role": "finance", "rule": rule})
    before = await dump(writer)
    found = await refused(graph, admin, "policyActivate", which)
    assert [code for code, _, _ in found] == ["INVALID_STATE"]
    assert found[0][2].startswith("finance.yaml:")
    assert await dump(writer) == before


async def test_only_what_was_in_force_is_brought_back(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    draft = await drafted(graph, company.admin)
    [active] = [number for number, status in (await statuses(writer)).items() if status == "ACTIVE"]
    for number in (draft["number"], active):
        [(code, field, _)] = await refused(graph, company.admin, "policyRollback", {"version": number})
        assert (code, field) == ("INVALID_STATE", ["version"])
    [(code, field, _)] = await refused(graph, company.admin, "policyRollback", {"version": 10_000})
    assert (code, field) == ("NOT_FOUND", ["version"])
    assert await refused(graph, company.admin, "policyRollback", {}) == [("REQUIRED", ["version"], "Must be given.")]
