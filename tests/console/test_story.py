"""The whole story: an admin changes a rule, a colleague approves it, whom it concerns sees it, and it is taken back."""

from __future__ import annotations

import re

import asyncpg
import pytest
from playwright.async_api import Browser

from tests.console.visiting import Page, expect, visit
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import customer, store
from tests.http.oauth.scene import PASSWORD
from tests.process import Server

EMAIL, MASKED = "ada.lovelace@example.com", "a•••@example.com"
SENTENCE = (
    "May read Customer: email and phone; masked: email (first letter and domain) and phone (first and last digits)."
)

pytestmark = pytest.mark.usefixtures("second")
QUERY = "query Customer360 { customers(first: 1) { nodes { email } } }"


@pytest.fixture(scope="module")
def setting() -> dict[str, str]:
    """With four eyes."""
    return {"four_eyes": "true"}


@pytest.fixture(scope="module", autouse=True)
async def _rows(writer: asyncpg.Connection, company: Company) -> None:
    await store(writer, customer(email=EMAIL))


async def _sees(browser: Browser, server: Server, shown: str) -> None:
    """Whom it concerns signs in at /graphql, and asks."""
    context = await browser.new_context(locale="en")
    page = await context.new_page()
    await page.goto(f"{server.address}/graphql")
    await expect(page.locator("#status")).not_to_be_empty()
    await page.locator("#sign-in button").click()
    await page.fill("#email", "finance@example.com")
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#status")).to_have_text(re.compile("Finance"))
    await page.evaluate(f"document.querySelector('.CodeMirror').CodeMirror.setValue('{QUERY}')")
    await page.locator(".graphiql-execute-button, .execute-button").first.click()
    await expect(page.locator(".result-window")).to_contain_text(shown)
    await context.close()


async def _begin(page: Page) -> str:
    """From the matrix to a draft, in which the rule is changed in the form: of what number it is."""
    cell = page.get_by_role("gridcell")
    await expect(page.get_by_role("heading", name="Matrix")).to_be_visible()
    await page.get_by_role("combobox", name="Type", exact=True).select_option("Customer")
    await page.get_by_role("searchbox", name="Roles").fill("finance")
    await page.get_by_role("searchbox", name="Fields").fill("email")
    await expect(page).to_have_url(re.compile("role=finance&text=email"))
    await cell.filter(has_text="masked").first.click()
    why = page.get_by_role("dialog")
    await expect(why).to_contain_text(SENTENCE)
    await why.get_by_role("link", name="See the rule").last.click()
    await expect(page.locator("li.marked")).to_contain_text(SENTENCE)

    await page.get_by_role("link", name="All versions").click()
    await page.get_by_role("button", name="New draft").click()
    await page.get_by_label("Why a draft is begun").fill("Finance writes to customers")
    await page.get_by_role("button", name="New draft").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Version 2")
    await page.get_by_role("link", name="Rules").click()
    await page.get_by_role("link", name="Finance").click()
    await page.get_by_role("listitem").filter(has_text=SENTENCE).get_by_role("link", name="Change").click()
    await page.get_by_label("As they are").check()
    await expect(page.locator(".sentence")).to_have_text("May read Customer: email and phone.")
    await page.get_by_role("button", name="Save the rule").click()
    await expect(page.locator(".rule-list")).to_contain_text("May read Customer: email and phone.")
    await expect(page.get_by_label("finance.yaml")).not_to_have_value(re.compile("mask:"))
    return "2"


async def _expect_it(page: Page) -> None:
    """The tests still expect a mask; the table says otherwise now."""
    await page.get_by_role("link", name="Tests").click()
    await page.get_by_role("combobox", name="Table", exact=True).select_option("finance.yaml")
    await page.get_by_role("button", name="Run the tests").click()
    await expect(page.locator("tr.said")).to_contain_text(
        "accountant was to find Customer.email masked, and finds it plain."
    )
    line = page.locator("tbody tr").filter(has=page.get_by_role("rowheader", name="2", exact=True))
    await line.get_by_label("Masked").fill("")
    await line.get_by_label("Plain").fill("PUBLIC, BUSINESS, FINANCIAL, taxId, email, phone")
    await line.get_by_label("Plain").press("Enter")
    await page.get_by_role("button", name="Run the tests").click()
    await expect(page.get_by_role("status")).to_contain_text("cases are as expected")


async def test_a_change_is_made_approved_seen_and_taken_back(
    served: Server, chrome: Browser, writer: asyncpg.Connection
) -> None:
    await _sees(chrome, served, MASKED)
    async with visit(chrome, served, "admin@example.com") as page:
        number = await _begin(page)
        await _expect_it(page)
        await page.get_by_role("link", name="Impact").click()
        await expect(page.locator("main")).to_contain_text("1 person would gain 2 fields")
        await page.goto(f"{served.address}/admin/versions/{number}")
        await page.get_by_role("button", name="Submit for approval").click()
        await expect(page.get_by_role("status").first).to_contain_text("A colleague can approve it now.")
        await page.get_by_role("button", name="Approve").click()
        await expect(page.get_by_role("alert")).to_contain_text("You wrote or submitted this yourself")
        await page.get_by_role("button", name="Bring into force").click()
        await expect(page.get_by_role("alert")).to_contain_text("Must be approved first")
        await expect(page.get_by_role("button", name="Bring into force now")).to_be_disabled()

        async with visit(chrome, served, "nobody@example.com", f"/versions/{number}") as colleague:
            await colleague.get_by_role("link", name="Compare").click()
            await expect(colleague.locator(".change")).to_contain_text("Rule changed")
            await colleague.get_by_role("link", name="Overview").click()
            await colleague.get_by_role("button", name="Approve").click()
            await expect(colleague.locator(".outcome")).to_contain_text("is approved")
            await colleague.get_by_role("button", name="Bring into force").first.click()
            await expect(colleague.get_by_text("Nothing stands in the way.")).to_be_visible()
            await colleague.get_by_role("button", name="Bring into force now").click()
            await expect(colleague.locator(".status").first).to_have_text("Active")
        await _sees(chrome, served, EMAIL)

        await page.goto(f"{served.address}/admin/versions/{number}")
        await page.get_by_role("button", name="Undo").click()
        await expect(page.locator(".status").first).to_have_text("Retired")
    await _sees(chrome, served, MASKED)
    found = await writer.fetch("SELECT number, status FROM policy_versions ORDER BY number")
    assert [tuple(row.values()) for row in found] == [(1, "RETIRED"), (2, "RETIRED"), (3, "ACTIVE")]
