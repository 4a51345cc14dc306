"""The life of a version: drafted, changed, tried, brought into force, brought back."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import pytest

from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import dump
from tests.graphql_schema.policies.asking import RULE, do, done, drafted, kinds, refused, seen, statuses
from tests.http.asking import Asking

SHIPPED = read_folder(DEFAULT_RULES)


async def _files(writer: asyncpg.Connection, number: int) -> Any:
    document = await writer.fetchval("SELECT document::text FROM policy_versions WHERE number = $1", number)
    return json.loads(document)["files"]


async def test_a_rule_is_drafted_activated_seen_and_taken_back(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    admin, finance = company.admin, company.finance
    assert await seen(graph, finance) == []
    draft = await drafted(graph, admin, note="Let finance count versions.")
    number = draft["number"]
    assert draft["status"] == "DRAFT"
    which = {"id": draft["id"]}
    draft = await done(graph, admin, "policyDraftRuleSet", {**which, "role": "finance", "rule": RULE})
    text = (await _files(writer, number))["finance.yaml"]
    assert text.startswith(SHIPPED["finance.yaml"].rstrip("\n"))
    assert text.rstrip("\n").endswith("  - allow: [read]\n    on: PolicyVersion\n    fields: {names: [number]}")
    assert {**await _files(writer, number), "finance.yaml": ""} == {**SHIPPED, "finance.yaml": ""}
    assert await seen(graph, finance) == []
    active = await done(graph, admin, "policyActivate", {**which, "expectedVersion": draft["version"]})
    assert active["status"] == "ACTIVE"
    assert number in await seen(graph, finance)
    back = await done(graph, admin, "policyRollback", {"version": 1, "note": "Not yet."})
    assert (back["status"], back["number"]) == ("ACTIVE", number + 1)
    assert await seen(graph, finance) == []
    assert await _files(writer, number + 1) == SHIPPED
    assert (await statuses(writer))[number] == "RETIRED"
    assert await kinds(writer, number) == ["POLICY_DRAFTED", "POLICY_CHANGED", "POLICY_ACTIVATED"]
    assert await kinds(writer, number + 1) == ["POLICY_ROLLED_BACK"]
    assert list((await statuses(writer)).values()).count("ACTIVE") == 1


MUTATIONS: dict[str, dict[str, Any]] = {
    "policyDraftRuleSet": {"role": "finance", "rule": RULE},
    "policyDraftRuleRemove": {"role": "finance", "index": 0},
    "policyDraftRoleSet": {"role": "guest", "name": "Guest"},
    "policyDraftRoleRemove": {"role": "partner"},
    "policyDraftFileSet": {"name": "guest.yaml", "text": "role: guest\nrules: []\n"},
    "policyDraftTestsSet": {"name": "admin.yaml"},
    "policyDraftDiscard": {},
    "policySubmit": {},
    "policyApprove": {},
    "policyReject": {"reason": "No."},
    "policyActivate": {},
}
ROLES = ["manager", "rep", "agent", "marketer", "finance", "auditor", "nobody"]


@pytest.mark.parametrize("role", ROLES)
async def test_who_may_not_changes_nothing(
    graph: Asking, company: Company, writer: asyncpg.Connection, role: str
) -> None:
    draft, who = await drafted(graph, company.admin), getattr(company, role)
    before = await dump(writer)
    for name, given in MUTATIONS.items():
        codes = {code for code, _, _ in await refused(graph, who, name, {"id": draft["id"], **given})}
        assert codes and codes <= {"NOT_FOUND", "FORBIDDEN"}, name
    for name, given in (("policyDraftCreate", {}), ("policyRollback", {"version": 1})):
        codes = {code for code, _, _ in await refused(graph, who, name, given)}
        assert codes and codes <= {"NOT_FOUND", "FORBIDDEN", "INVALID_STATE"}, name
    assert await dump(writer) == before


async def test_a_partner_does_not_know_of_it(graph: Asking, company: Company) -> None:
    for name in (*MUTATIONS, "policyDraftCreate", "policyRollback", "policyTestRun"):
        title = name[:1].upper() + name[1:]
        query = f"mutation ($i: {title}Input!) {{ {name}(input: $i) {{ userErrors {{ code }} }} }}"
        body = {"query": query, "variables": {"i": {}}}
        answer = await graph.client.post("/graphql", json=body, headers=graph.bearer(company.partner))
        assert answer.json()["errors"], name
        assert "data" not in answer.json()


async def test_two_who_write_one_draft_do_not_undo_each_other(graph: Asking, company: Company) -> None:
    draft = await drafted(graph, company.admin)
    given = {"id": draft["id"], "expectedVersion": draft["version"], "role": "finance"}
    await done(graph, company.admin, "policyDraftRuleSet", {**given, "rule": RULE})
    payload = await do(graph, company.admin, "policyDraftRuleRemove", {**given, "index": 0})
    [error] = payload["userErrors"]
    assert (error["code"], error["field"]) == ("CONFLICT", ["expectedVersion"])
    assert error["params"]["current"] == draft["version"] + 1


BROKEN = """role: finance
includes: [nobody]
rules:
  - allow: [read]
    on: Thing
    fields: all
  - allow: [reed]
    on: Customer
    fields: {names: [nonsense]}
"""


async def test_a_broken_paste_is_refused_with_every_fault_at_its_place(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    draft = await drafted(graph, company.admin)
    before = await dump(writer)
    given = {"id": draft["id"], "name": "finance.yaml", "text": BROKEN}
    payload = await do(graph, company.admin, "policyDraftFileSet", given)
    found = [(each["params"]["line"], each["params"]["column"]) for each in payload["userErrors"]]
    assert found == [(2, 12), (5, 5), (7, 13), (9, 22)]
    assert {each["code"] for each in payload["userErrors"]} == {"INVALID"}
    assert await dump(writer) == before


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("policyDraftRuleSet", {}, [("REQUIRED", ["role"])]),
        ("policyDraftRuleSet", {"role": "finance"}, [("REQUIRED", ["rule"])]),
        ("policyDraftRuleSet", {"role": "finance", "rule": [1]}, [("INVALID", ["rule"])]),
        ("policyDraftRuleSet", {"role": "nobody", "rule": RULE}, [("NOT_FOUND", ["role"])]),
        ("policyDraftRuleSet", {"role": "finance", "rule": {"allow": ["read"]}}, [("INVALID", None)]),
        ("policyDraftRuleRemove", {"role": "finance", "index": 99}, [("INVALID", None)]),
        ("policyDraftRoleRemove", {"role": "employee"}, [("INVALID", None)] * 7),
        ("policyDraftFileSet", {"name": "../a.yaml", "text": ""}, [("INVALID", None)]),
        ("policyReject", {}, [("REQUIRED", ["reason"])]),
        ("policyApprove", {}, [("INVALID_STATE", None)]),
    ],
)
async def test_what_is_wrong_is_told_and_changes_nothing(
    graph: Asking,
    company: Company,
    writer: asyncpg.Connection,
    name: str,
    given: dict[str, Any],
    expected: list[tuple[str, Any]],
) -> None:
    draft = await drafted(graph, company.admin)
    before = await dump(writer)
    found = await refused(graph, company.admin, name, {"id": draft["id"], **given})
    assert [(code, field) for code, field, _ in found] == expected
    assert await dump(writer) == before


async def test_what_is_only_validated_leaves_nothing(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    draft = await drafted(graph, company.admin)
    before = await dump(writer)
    for name, given in MUTATIONS.items():
        payload = await do(graph, company.admin, name, {"id": draft["id"], **given, "validateOnly": True})
        codes = [each["code"] for each in payload["userErrors"]]
        assert codes == (["INVALID_STATE"] if name in ("policyApprove", "policyReject") else []), (name, payload)
    for name, given in (("policyDraftCreate", {}), ("policyRollback", {"version": 1})):
        await do(graph, company.admin, name, {**given, "validateOnly": True})
    assert await dump(writer) == before


async def test_what_waits_is_changed_no_more(graph: Asking, company: Company) -> None:
    admin, draft = company.admin, await drafted(graph, company.admin)
    which = {"id": draft["id"]}
    assert (await done(graph, admin, "policySubmit", which))["status"] == "SUBMITTED"
    found = await refused(graph, admin, "policyDraftRuleSet", {**which, "role": "finance", "rule": RULE})
    assert [code for code, _, _ in found] == ["INVALID_STATE"]
    shown = "policyVersion { status reason decidedAt decidedBy { id } submittedBy { id } }"
    told = await done(graph, admin, "policyReject", {**which, "reason": "Too wide."}, shown)
    assert (told["status"], told["reason"]) == ("REJECTED", "Too wide.")
    assert told["decidedBy"] is not None and told["submittedBy"] is not None and told["decidedAt"] is not None
    assert (await done(graph, admin, "policyDraftDiscard", which))["status"] == "DISCARDED"
    for name in ("policySubmit", "policyApprove", "policyActivate", "policyDraftDiscard"):
        assert [code for code, _, _ in await refused(graph, admin, name, which)] == ["INVALID_STATE"]
