"""What is told of versions: roles and rules, the matrix, what differs, what lint says, and tests; to those who read documents."""

from __future__ import annotations

from typing import Any

import pytest

from app.models.catalogue import CATALOGUE
from policies.catalogue import DataClass
from policies.loading import DEFAULT_RULES, read_folder
from policies.testing import FOLDER
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.asking import RULE, done, drafted, refused
from tests.http.asking import Asking

SHIPPED, SHIPPED_TESTS = read_folder(DEFAULT_RULES), read_folder(DEFAULT_RULES / FOLDER)
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


MATRIX = """query ($roles: [String!], $resources: [String!]) { policy(version: 1) { matrix(roles: $roles, resources: $resources) {
    role resource rows cells { field shown mask when } } } }"""


async def test_the_matrix_tells_what_a_role_alone_is_shown(graph: Asking, company: Company) -> None:
    asked = {"roles": ["auditor"], "resources": ["Customer"]}
    [line] = (await graph.data(company.admin, MATRIX, asked))["policy"]["matrix"]
    cells = {cell["field"]: (cell["shown"], cell["mask"], cell["when"]) for cell in line["cells"]}
    assert (line["role"], line["resource"], line["rows"]) == ("auditor", "Customer", ["always"])
    assert cells["displayName"] == ("PLAIN", None, [])
    assert cells["email"] == ("MASKED", "email", [])
    asked = {"roles": ["sales_rep"], "resources": ["Customer"]}
    [line] = (await graph.data(company.admin, MATRIX, asked))["policy"]["matrix"]
    cells = {cell["field"]: (cell["shown"], cell["mask"], cell["when"]) for cell in line["cells"]}
    assert line["rows"] == ["region in $assignment.regions"]
    region = "region in $assignment.regions"
    assert cells["email"] == (
        "CONDITIONAL",
        None,
        [f"plain where owner eq $me and {region}", f"masked by email where {region}"],
    )
    for nothing in ({"roles": ["nobody"]}, {"resources": ["Thing"]}, {"roles": list[str]()}):
        assert (await graph.data(company.admin, MATRIX, nothing))["policy"]["matrix"] == []


async def test_only_the_roles_that_are_asked_for_are_told(graph: Asking, company: Company) -> None:
    query = '{ policy(version: 1) { roles(codes: ["finance", "nobody", "admin"]) { code rules { index } } } }'
    told = (await graph.data(company.admin, query))["policy"]["roles"]
    assert [role["code"] for role in told] == ["admin", "finance"]
    asked = {"roles": ["finance", "auditor"], "resources": ["Order", "Customer"]}
    lines = (await graph.data(company.admin, MATRIX, asked))["policy"]["matrix"]
    assert [(line["role"], line["resource"]) for line in lines] == [
        ("auditor", "Customer"),
        ("auditor", "Order"),
        ("finance", "Customer"),
        ("finance", "Order"),
    ]


async def test_it_is_told_what_rules_may_speak_of(graph: Asking, company: Company) -> None:
    terms = (await graph.data(company.admin, "{ policyTerms }"))["policyTerms"]
    types = {each["name"]: each for each in terms["types"]}
    assert set(types) == {each.name for each in CATALOGUE}
    fields = {each["name"]: each for each in types["Customer"]["fields"]}
    assert set(fields) == set(CATALOGUE["Customer"].fields)
    email, owner = fields["email"], fields["owner"]
    assert (email["class"], email["kind"]) == ("CONTACT", "TEXT")
    assert email["masks"] == ["email", "domain", "last4", "initial", "hash", "redact"]
    assert (owner["kind"], owner["keysOf"]) == ("ID", "User")
    assert "KEY" in fields["tier"]["values"]
    assert {"name": "orders", "to": "Order", "many": True} in types["Customer"]["relations"]
    assert types["Customer"]["key"] == ["id"]
    assert terms["operators"]["BOOLEAN"] == ["eq", "isNull"]
    me = {"name": "$me", "kind": "ID", "many": False, "keysOf": "User", "listed": False}
    assert me in terms["attributes"]


async def test_tables_of_tests_are_told_and_changed_case_by_case(graph: Asking, company: Company) -> None:
    admin, draft = company.admin, await drafted(graph, company.admin)
    which, file = {"id": draft["id"], "name": "finance.yaml"}, SHIPPED_TESTS["finance.yaml"]
    query = "query ($v: Int) { policy(version: $v) { tables tests { name text } } }"

    async def told() -> tuple[Any, str]:
        found = (await graph.data(admin, query, {"v": draft["number"]}))["policy"]
        [text] = [each["text"] for each in found["tests"] if each["name"] == "finance.yaml"]
        return found["tables"]["finance.yaml"], text

    table, text = await told()
    assert (table["people"], text) == ({"accountant": {"role": "finance"}}, file)
    lines = file.splitlines()
    assert all("as: accountant" in lines[each["line"] - 1] for each in table["cases"])
    last = table["cases"][-1]["case"]
    assert last == {
        "as": "accountant",
        "on": "Campaign",
        "withheld": ["FINANCIAL"],
        "because": "budgets are marketing's",
    }

    await done(graph, admin, "policyDraftTestsSet", {**which, "index": 3, "case": {**last, "plain": "PUBLIC"}})
    assert (await told())[1] == file.replace("marketing's}", "marketing's, plain: PUBLIC}")
    await done(graph, admin, "policyDraftTestsSet", {**which, "text": file})
    assert await told() == (table, file)
    more = {"as": "accountant", "on": "Customer", "row": {"birthDate": "1990-05-17"}, "withheld": ["birthDate"]}
    await done(graph, admin, "policyDraftTestsSet", {**which, "case": more})
    new, text = await told()
    assert (new["cases"][-1]["case"], text.startswith(file)) == (more, True)
    assert "row: {birthDate: 1990-05-17}" in text
    await done(graph, admin, "policyDraftTestsSet", {**which, "index": 4, "case": None})
    assert (await told())[1] == file
    wrong = {"as": "nobody", "on": "Thing"}
    found = await refused(graph, admin, "policyDraftTestsSet", {**which, "index": 0, "case": wrong})
    assert [code for code, _, _ in found] == ["INVALID", "INVALID"]
    for given in ({"index": 9, "case": last}, {"index": 9, "case": None}, {"case": None}, {"case": 7}):
        assert await refused(graph, admin, "policyDraftTestsSet", {**which, **given}) != []
    assert (await told())[1] == file


LINT = """query ($with: JSON) { policyLint(version: 1, with: $with) { check severity file line column message } }"""


async def test_lint_tells_of_what_is_not_set_yet(graph: Asking, company: Company) -> None:
    async def lint(**change: Any) -> Any:
        return (await graph.data(company.admin, LINT, {"with": change}))["policyLint"]

    classes = {"classes": [each.value for each in DataClass]}
    found = await lint(role="finance", rule={"deny": ["read"], "on": "Customer", "fields": classes})
    assert [each["severity"] for each in found if each["check"] == "every-class"] == ["error"]
    [fault] = await lint(role="finance", rule={**RULE, "fields": {"names": ["nothing"]}})
    assert (fault["check"], fault["file"], fault["message"]) == ("fault", "finance.yaml", "unknown field 'nothing'")
    broken = await lint(name="finance.yaml", text="role: finance\nrules:\n  - allow: [reed]\n    on: Thing\n  - 7\n")
    assert [(each["line"], each["severity"]) for each in broken] == [(3, "error"), (4, "error"), (5, "error")]
    assert await lint(name="finance.yaml", text=SHIPPED["finance.yaml"]) == []
    for change in ({"role": "nobody", "rule": RULE}, {"rule": RULE}, {"role": "finance", "rule": 7}, 7):
        answer = await graph.ask(company.admin, LINT, {"with": change})
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert (await graph.data(company.admin, LINT, {"with": None}))["policyLint"] == []


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
    "policyTerms": "{ policyTerms }",
}


@pytest.mark.parametrize("role", ["rep", "finance", "nobody"])
async def test_those_who_do_not_read_documents_are_told_nothing(graph: Asking, company: Company, role: str) -> None:
    for name, query in QUERIES.items():
        assert await graph.data(getattr(company, role), query) == {name: None}


async def test_an_auditor_is_told_all_of_it(graph: Asking, company: Company) -> None:
    for name, query in QUERIES.items():
        assert (await graph.data(company.auditor, query))[name] is not None


@pytest.mark.parametrize(("language", "told"), [("zh-CN", "可读取 "), ("de, en;q=0.5", "May read ")])
async def test_rules_are_put_into_the_words_of_the_callers_language(
    graph: Asking, company: Company, language: str, told: str
) -> None:
    body = {
        "query": """query ($as: ID!) { effectiveAccess(as: $as) { resources { rules { when } } }
            policy { roles(codes: ["sales_rep"]) { rules { sentence } } matrix(roles: ["sales_rep"]) { rows cells { when } } } }""",
        "variables": {"as": company.rep.node},
    }
    headers = {**graph.bearer(company.admin), "Accept-Language": language}
    data = (await graph.client.post("/graphql", json=body, headers=headers)).json()["data"]
    [role] = data["policy"]["roles"]
    assert role["rules"][0]["sentence"].startswith(told)
    rows = {each for line in data["policy"]["matrix"] for each in line["rows"]}
    whens = {rule["when"] for each in data["effectiveAccess"]["resources"] for rule in each["rules"]}
    always = {"zh-CN": "始终"}.get(language, "always")
    assert always in rows
    assert always in whens
