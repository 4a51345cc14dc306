"""The rule editor: a form typed by the schema, the text beside it, and what two admins do with one draft at once."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from playwright.async_api import Browser

from policies.loading import DEFAULT_RULES, read_folder
from tests.console.visiting import Page, expect, visit
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.asking import RULE, done, drafted
from tests.http.asking import Asking
from tests.process import Server

pytestmark = pytest.mark.usefixtures("second")

SHIPPED = read_folder(DEFAULT_RULES)
FINANCE = SHIPPED["finance.yaml"]


@pytest.fixture
async def draft(graph: Asking, company: Company) -> Any:
    """A draft of an admin."""
    return await drafted(graph, company.admin)


async def _document(writer: asyncpg.Connection, draft: Any) -> str:
    sql = "SELECT document -> 'files' ->> 'finance.yaml' FROM policy_versions WHERE number = $1"
    found: str = await writer.fetchval(sql, draft["number"])
    return found


def _place(draft: Any, rest: str = "") -> str:
    return f"/versions/{draft['number']}/rules/finance{rest}"


async def test_a_rule_is_put_together_in_the_form(
    served: Server, chrome: Browser, writer: asyncpg.Connection, draft: Any
) -> None:
    async with visit(chrome, served, "admin@example.com", _place(draft, "/new")) as page:
        await page.locator("form.rule").get_by_label("Find").first.fill("oppor")
        await page.get_by_label("Opportunity", exact=True).check()
        await page.get_by_role("button", name="Only on some").click()
        await page.get_by_role("combobox", name="Field").select_option("customer")
        await page.get_by_role("combobox", name="Field").select_option("→ customer")
        inner = page.locator(".related")
        await inner.get_by_role("combobox", name="Field").select_option("tier")
        await inner.get_by_role("combobox", name="Comparison").select_option("in")
        await inner.get_by_label("KEY").check()
        await page.get_by_role("button", name="Add a comparison").last.click()
        second = page.locator(".group > ul > li").last
        await second.get_by_role("combobox", name="Field").select_option("createdAt")
        await second.get_by_role("combobox", name="Comparison").select_option("gte")
        await second.get_by_label("Value (UTC)").fill("2026-01-31T12:00")
        await page.get_by_role("group", name="Data classes").get_by_label("public").check()
        await expect(page.locator(".sentence")).to_have_text(
            "May read Opportunity where its customer has: tier is one of KEY"
            " and createdAt is at least 2026-01-31T12:00:00Z: public data."
        )
        await page.get_by_role("button", name="Save the rule").click()
        await expect(page.locator(".rule-list li")).to_have_count(4)
    added = "  - allow: [read]\n    on: Opportunity\n    when: {createdAt: {gte: 2026-01-31T12:00:00+00:00}, customer: {tier: {in: [KEY]}}}\n"
    assert await _document(writer, draft) == FINANCE + added + "    fields: {classes: [PUBLIC]}\n"


async def test_what_is_typed_outlives_the_page_and_what_is_saved_is_taken_back_in_one_press(
    served: Server, chrome: Browser, writer: asyncpg.Connection, draft: Any
) -> None:
    async with visit(chrome, served, "admin@example.com", _place(draft, "/1")) as page:
        await page.get_by_label("denies, whatever else allows it").check()
        await page.reload()
        await expect(page.get_by_text("Not saved yet.")).to_be_visible()
        await expect(page.get_by_label("denies, whatever else allows it")).to_be_checked()
        await page.get_by_role("button", name="Save the rule").click()
        await expect(page.locator(".rule-list li.deny")).to_have_count(1)
        assert await _document(writer, draft) == FINANCE.replace(
            "  - allow: [read]\n    on: Customer\n    fields: {names: [taxId]}",
            "  - deny: [read]\n    on: Customer\n    fields: {names: [taxId]}",
        )
        await page.get_by_role("button", name="Undo").click()
        await expect(page.locator(".rule-list li.deny")).to_have_count(0)
    assert await _document(writer, draft) == FINANCE


async def test_a_broken_paste_shows_every_fault_with_its_place_and_loses_nothing(
    served: Server, chrome: Browser, writer: asyncpg.Connection, draft: Any
) -> None:
    broken = "role: finance\nrules:\n  - allow: [reed]\n    on: Thing\n  - 7\n"
    async with visit(chrome, served, "admin@example.com", _place(draft)) as page:
        area = page.get_by_role("textbox", name="finance.yaml")
        await area.fill(broken)
        faults = page.locator(".editor li")
        await expect(faults).to_have_count(3)
        for line in ("Line 3", "Line 4", "Line 5"):
            await expect(page.get_by_role("button", name=line)).to_be_visible()
        await page.get_by_role("button", name="Line 4").click()
        chosen = "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
        assert (await page.evaluate(chosen)).strip() in "on: Thing"
        await page.get_by_role("button", name="Save").click()
        await page.reload()
        await expect(area).to_have_value(broken)
        assert await _document(writer, draft) == FINANCE
        await page.get_by_role("button", name="As it was").click()
        await expect(area).to_have_value(FINANCE)
        await area.fill(FINANCE + "  - {allow: [read], on: PolicyVersion, fields: {names: [number]}}\n")
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator(".rule-list li")).to_have_count(4)


async def _deny(page: Page) -> None:
    await page.get_by_label("denies, whatever else allows it").check()


async def test_the_second_of_two_admins_is_shown_what_the_first_did_and_takes_both(
    served: Server, chrome: Browser, graph: Asking, company: Company, writer: asyncpg.Connection, draft: Any
) -> None:
    async with visit(chrome, served, "admin@example.com", _place(draft, "/1")) as page:
        await _deny(page)
        given = {"id": draft["id"], "role": "finance"}
        await done(graph, company.nobody, "policyDraftRuleSet", {**given, "rule": RULE})
        await page.get_by_role("button", name="Save the rule").click()
        told = page.get_by_role("alert")
        await expect(told).to_contain_text("Nobody changed the draft while you worked on it")
        await expect(told).to_contain_text("Now: May read PolicyVersion: number.")
        assert "deny" not in await _document(writer, draft)
        await page.get_by_role("button", name="Take both").click()
        await expect(page.locator(".rule-list li")).to_have_count(4)
        text = await _document(writer, draft)
        assert "  - deny: [read]\n    on: Customer\n    fields: {names: [taxId]}" in text
        assert "on: PolicyVersion" in text


@pytest.mark.parametrize(
    ("press", "names"),
    [("Take both", ["taxId", "displayName"]), ("Take mine", ["taxId"]), ("Take theirs", ["taxId", "displayName"])],
)
async def test_where_both_changed_one_rule_each_may_be_kept(
    served: Server, chrome: Browser, graph: Asking, company: Company, writer: asyncpg.Connection, draft: Any,
    press: str, names: list[str],
) -> None:  # fmt: skip
    theirs = {"allow": ["read"], "on": "Customer", "fields": {"names": ["taxId", "displayName"]}}
    async with visit(chrome, served, "admin@example.com", _place(draft, "/1")) as page:
        await page.get_by_label("export").check()
        given = {"id": draft["id"], "role": "finance", "index": 1}
        await done(graph, company.nobody, "policyDraftRuleSet", {**given, "rule": theirs})
        await page.get_by_role("button", name="Save the rule").click()
        await expect(page.get_by_role("alert")).to_contain_text("May read Customer: taxId and displayName.")
        await page.get_by_role("button", name=press).click()
        await expect(page.locator(".rule-list li")).to_have_count(3)
        text = await _document(writer, draft)
        assert f"fields: {{names: [{', '.join(names)}]}}" in text
        assert ("allow: [read, export]" in text) is (press != "Take theirs")


async def test_two_texts_are_put_together_line_by_line(
    served: Server, chrome: Browser, graph: Asking, company: Company, writer: asyncpg.Connection, draft: Any
) -> None:
    async with visit(chrome, served, "admin@example.com", _place(draft)) as page:
        area = page.get_by_role("textbox", name="finance.yaml")
        await area.fill(FINANCE.replace("taxId", "taxId, displayName"))
        await done(graph, company.nobody, "policyDraftRoleSet", {"id": draft["id"], "role": "finance", "name": "Money"})
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("alert").locator("ins").first).to_contain_text("name: Money")
        await page.get_by_role("button", name="Take both").click()
        await expect(page.locator(".of-role h2")).to_have_text("Money")
    expected = FINANCE.replace("taxId", "taxId, displayName").replace("name: Finance", "name: Money")
    assert await _document(writer, draft) == expected
