"""What is told of versions: roles and rules, the matrix, what differs, what lint says, and tests; to those who read documents."""

from __future__ import annotations

from typing import Any

import pytest

from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.asking import RULE, done, drafted
from tests.http.asking import Asking

SHIPPED = read_folder(DEFAULT_RULES)
ROLES = """{ policy(version: 1) { roles { code name includes schema minGroup file
    rules { index effect actions on when fields mask preset rule sentence text line } } } }"""


async def test_roles_and_rules_are_told_as_data_in_words_and_as_they_are_written(
    graph: Asking, company: Company
) -> None:
    roles = (await graph.data(company.admin, ROLES))["policy"]["roles"]
    by_code = {role["code"]: role for role in roles}
    assert [role["code"] for role in roles] == sorted(file.removesuffix(".yaml") for file in SHIPPED)
    auditor = by_code["auditor"]
    assert {name: value for name, value in auditor.items() if name != "rules"} == {
        "code": "auditor",
        "name": "Auditor",
        "includes": ["employee"],
        "schema": "complete",
        "minGroup": None,
        "file": "auditor.yaml",
    }
    fields = {"classes": ["PUBLIC", "BUSINESS", "FINANCIAL"]}
    text = "allow: [read]\n    on: all\n    fields: {classes: [PUBLIC, BUSINESS, FINANCIAL]}"
    [first] = [rule for rule in auditor["rules"] if rule["text"] == text]
    assert first == {
        "index": 0,
        "effect": "allow",
        "actions": ["read"],
        "on": ["all"],
        "when": None,
        "fields": fields,
        "mask": None,
        "preset": None,
        "rule": {"allow": ["read"], "on": "all", "fields": fields},
        "sentence": "May read everything: PUBLIC, BUSINESS and FINANCIAL.",
        "text": text,
        "line": SHIPPED["auditor.yaml"].splitlines().index("  - allow: [read]") + 1,
    }
    for role in roles:
        for rule in role["rules"]:
            assert rule["text"] in SHIPPED[role["file"]]


MATRIX = """query ($role: String, $resource: String) { policy(version: 1) { matrix(role: $role, resource: $resource) {
    role resource rows cells { field shown mask when } } } }"""


async def test_the_matrix_tells_what_a_role_alone_is_shown(graph: Asking, company: Company) -> None:
    asked = {"role": "auditor", "resource": "Customer"}
    [line] = (await graph.data(company.admin, MATRIX, asked))["policy"]["matrix"]
    cells = {cell["field"]: (cell["shown"], cell["mask"], cell["when"]) for cell in line["cells"]}
    assert (line["role"], line["resource"], line["rows"]) == ("auditor", "Customer", ["always"])
    assert cells["displayName"] == ("PLAIN", None, [])
    assert cells["email"] == ("MASKED", "email", [])
    asked = {"role": "sales_rep", "resource": "Customer"}
    [line] = (await graph.data(company.admin, MATRIX, asked))["policy"]["matrix"]
    cells = {cell["field"]: (cell["shown"], cell["mask"], cell["when"]) for cell in line["cells"]}
    assert line["rows"] == ["region in $assignment.regions"]
    region = "region in $assignment.regions"
    assert cells["email"] == (
        "CONDITIONAL",
        None,
        [f"plain where owner eq $me and {region}", f"masked by email where {region}"],
    )
    for asked in ({"role": "nobody"}, {"resource": "Thing"}):
        assert (await graph.data(company.admin, MATRIX, asked))["policy"]["matrix"] == []


HEAD = """query ($v: Int) { policy(version: $v) { id number status version author basedOn } }"""


async def test_a_draft_is_told_and_compared_and_linted(graph: Asking, company: Company) -> None:
    admin, draft = company.admin, await drafted(graph, company.admin)
    which = {"id": draft["id"]}
    draft = await done(graph, admin, "policyDraftRuleSet", {**which, "role": "finance", "rule": RULE})
    assert (await graph.data(admin, HEAD, {"v": draft["number"]}))["policy"] == {
        **draft,
        "author": "Admin",
        "basedOn": 1,
    }
    query = """query ($v: Int!) {
        policyDiff(a: 1, b: $v) { change role index sentence before after }
        same: policyDiff(a: $v, b: $v) { change }
        policyLint(version: $v) { severity }
        shipped: policyLint(version: 1) { message }
        policyTests(version: $v) { file line who resource visible states because } }"""
    told = await graph.data(admin, query, {"v": draft["number"]})
    [difference] = told["policyDiff"]
    assert (difference["change"], difference["role"], difference["after"], difference["before"]) == (
        "RULE_ADDED",
        "finance",
        RULE,
        None,
    )
    assert difference["sentence"] == "finance: May read PolicyVersion: number."
    assert (told["same"], told["shipped"]) == ([], [])
    assert all(finding["severity"] == "warning" for finding in told["policyLint"])
    assert {case["file"] for case in told["policyTests"]} == {f"tests/{name}" for name in SHIPPED}
    assert any(case["states"].get("email") == "masked" for case in told["policyTests"])


QUERIES: dict[str, Any] = {
    "policyDiff": "{ policyDiff(a: 1, b: 1) { change } }",
    "policyLint": "{ policyLint(version: 1) { message } }",
    "policyTests": "{ policyTests { file } }",
}


@pytest.mark.parametrize("role", ["rep", "finance", "nobody"])
async def test_those_who_do_not_read_documents_are_told_nothing(graph: Asking, company: Company, role: str) -> None:
    for name, query in QUERIES.items():
        assert await graph.data(getattr(company, role), query) == {name: None}


async def test_an_auditor_is_told_all_of_it(graph: Asking, company: Company) -> None:
    for name, query in QUERIES.items():
        assert (await graph.data(company.auditor, query))[name] is not None
