"""Versions in the console: their whole life, what stands in the way, and what two admins do at once."""

from __future__ import annotations

import re
from typing import Any

import asyncpg
import pytest
from playwright.async_api import Browser

from policies.loading import DEFAULT_RULES, read_folder
from tests.console.visiting import expect, visit
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.asking import RULE, done, drafted
from tests.http.asking import Asking
from tests.process import Server

pytestmark = pytest.mark.usefixtures("second")

SHIPPED = read_folder(DEFAULT_RULES)
LOCKED = {"deny": ["update"], "on": "PolicyVersion"}


@pytest.fixture
async def draft(graph: Asking, company: Company) -> Any:
    """A draft of an admin."""
    return await drafted(graph, company.admin, note="A trial")


async def _document(writer: asyncpg.Connection, draft: Any, name: str) -> str:
    found: str = await writer.fetchval(
        "SELECT document -> 'files' ->> $2 FROM policy_versions WHERE number = $1", draft["number"], name
    )
    return found


async def test_all_that_stands_in_the_way_is_told_at_once_and_leads_there(
    served: Server, chrome: Browser, graph: Asking, company: Company, draft: Any
) -> None:
    which = {"id": draft["id"]}
    await done(graph, company.admin, "policyDraftRuleSet", {**which, "role": "admin", "rule": LOCKED})
    case = {"as": "admin", "on": "PolicyVersion", "may": ["update"]}
    await done(graph, company.admin, "policyDraftTestsSet", {**which, "name": "admin.yaml", "case": case})
    async with visit(chrome, served, "admin@example.com", f"/versions/{draft['number']}") as page:
        await page.get_by_role("button", name="Bring into force").click()
        told = page.get_by_role("alert").filter(has_text="This stands in the way")
        await expect(told).to_contain_text("Would take from you the right to administer the policy.")
        await expect(told).to_contain_text("admin, PolicyVersion.update: expected permitted, got refused")
        await expect(page.get_by_role("button", name="Bring into force now")).to_be_disabled()
        await told.get_by_role("link", name="Go there").first.click()
        await expect(page).to_have_url(re.compile(r"/tests\?file=admin\.yaml&line=\d+$"))
        await expect(page.locator("tr.missed")).to_contain_text("PolicyVersion")


async def test_a_draft_whose_base_is_gone_is_begun_anew_with_its_changes(
    served: Server, chrome: Browser, graph: Asking, company: Company, writer: asyncpg.Connection, draft: Any
) -> None:
    await done(graph, company.admin, "policyDraftRuleSet", {"id": draft["id"], "role": "finance", "rule": RULE})
    other = await drafted(graph, company.admin)
    await done(graph, company.admin, "policyDraftRoleSet", {"id": other["id"], "role": "finance", "name": "Accounts"})
    await done(graph, company.admin, "policyActivate", {"id": other["id"]})
    async with visit(chrome, served, "admin@example.com", f"/versions/{draft['number']}") as page:
        await page.get_by_role("button", name="Bring into force").click()
        await expect(page.get_by_role("alert")).to_contain_text(f"that is number {other['number']}")
        await page.get_by_role("button", name="New draft with its changes").click()
        await page.get_by_role("button", name="New draft with its changes").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(f"Version {other['number'] + 1}")
        text = await _document(writer, {"number": other["number"] + 1}, "finance.yaml")
        assert text.startswith(SHIPPED["finance.yaml"].replace("name: Finance", "name: Accounts"))
        assert "on: PolicyVersion" in text
        await page.get_by_role("link", name="Compare").click()
        await expect(page.locator(".change")).to_contain_text("May read PolicyVersion: number.")
        await expect(page.locator("pre.lines ins")).to_contain_text("+   - allow: [read]")


async def test_a_draft_is_turned_down_with_a_word_and_another_discarded(
    served: Server, chrome: Browser, graph: Asking, company: Company, draft: Any
) -> None:
    await done(graph, company.admin, "policySubmit", {"id": draft["id"]})
    other = await drafted(graph, company.admin)
    async with visit(chrome, served, "nobody@example.com", f"/versions/{draft['number']}") as page:
        await page.get_by_role("button", name="Reject …").click()
        await page.get_by_label("Why it is turned down").fill("Too wide")
        await page.reload()
        await page.get_by_role("button", name="Reject …").click()
        await expect(page.get_by_label("Why it is turned down")).to_have_value("Too wide")
        await page.locator("form").get_by_role("button", name="Reject …").click()
        await expect(page.locator(".status")).to_have_text("Rejected")
        await expect(page.locator(".facts")).to_contain_text("Too wide")
        await page.goto(f"{served.address}/admin/versions/{other['number']}")
        await page.get_by_role("button", name="Discard").click()
        await expect(page.locator(".status")).to_have_text("Discarded")
        await expect(page.locator(".outcome")).to_contain_text("is discarded")


async def test_who_may_not_read_policies_is_told_who_helps(served: Server, chrome: Browser) -> None:
    async with visit(chrome, served, "rep@example.com", "/versions/1/rules/finance") as page:
        await expect(page.locator("main")).to_contain_text("Whoever administers the policies can give you the right")
        await page.goto(f"{served.address}/admin/matrix")
        await expect(page.locator("main")).to_contain_text("Whoever administers the policies can give you the right")
