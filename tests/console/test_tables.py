"""The tests of a draft, typed into a table, case by case; what is not changed keeps every byte."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from playwright.async_api import Browser, Locator

from policies.loading import DEFAULT_RULES, read_folder
from policies.testing import FOLDER
from tests.console.visiting import Page, expect, visit
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.asking import done, drafted
from tests.http.asking import Asking
from tests.process import Server

pytestmark = pytest.mark.usefixtures("second")

FINANCE = read_folder(DEFAULT_RULES / FOLDER)["finance.yaml"]


def _case(page: Page, name: str) -> Locator:
    """The line of a case, by what stands at its head."""
    return page.locator("tbody tr").filter(has=page.get_by_role("rowheader", name=name, exact=True))


def _table(draft: Any) -> str:
    return f"/versions/{draft['number']}/tests?file=finance.yaml"


async def _document(writer: asyncpg.Connection, draft: Any, name: str = "finance.yaml") -> str | None:
    sql = "SELECT document -> 'tests' ->> $2 FROM policy_versions WHERE number = $1"
    found: str | None = await writer.fetchval(sql, draft["number"], name)
    return found


async def test_cases_are_typed_run_explained_and_taken_back(
    served: Server, chrome: Browser, graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    draft = await drafted(graph, company.admin)
    async with visit(chrome, served, "admin@example.com", _table(draft)) as page:
        fourth = _case(page, "4")
        await fourth.get_by_label("Withheld").fill("FINANCIAL, name: [")
        await fourth.get_by_label("Withheld").press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("This line cannot be read.")
        await fourth.get_by_label("Withheld").fill("FINANCIAL, nothing")
        await fourth.get_by_label("Withheld").press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text(
            "'nothing' is neither a field of Campaign nor a data class"
        )
        assert await _document(writer, draft) == FINANCE
        await page.reload()
        await expect(fourth.get_by_label("Withheld")).to_have_value("FINANCIAL, nothing")
        await fourth.get_by_label("Withheld").fill("FINANCIAL, BUSINESS")
        await fourth.get_by_label("Because").click()
        await page.get_by_role("heading", level=1).click()
        await expect(page.locator("tr.said")).to_have_count(0)
        changed = FINANCE.replace("withheld: [FINANCIAL]", "withheld: [FINANCIAL, BUSINESS]")
        assert await _document(writer, draft) == changed

        new = _case(page, "+")
        await new.get_by_label("Who").fill("accountant")
        await new.get_by_label("Type").fill("Customer")
        await new.get_by_label("Record").fill("birthDate: 1990-05-17")
        await new.get_by_label("Plain").fill("birthDate")
        await new.get_by_label("Plain").press("Enter")
        await expect(page.get_by_role("rowheader", name="5", exact=True)).to_be_visible()
        more = "  - {as: accountant, on: Customer, row: {birthDate: 1990-05-17}, plain: birthDate}\n"
        text = await _document(writer, draft) or ""
        assert text.startswith(changed) and "row: {birthDate: 1990-05-17}" in text, more

        await page.get_by_role("button", name="Run the tests").click()
        missed = page.locator("tr.said")
        await expect(missed).to_contain_text("accountant was to find Customer.birthDate plain, and finds it withheld.")
        await missed.get_by_role("link", name="Why?").click()
        await expect(page.get_by_role("dialog")).to_contain_text("No rule speaks of it")
        await page.go_back()
        await page.get_by_role("button", name="Undo").click()
        await expect(page.get_by_role("rowheader", name="5", exact=True)).to_have_count(0)
        assert await _document(writer, draft) == changed


async def test_the_second_who_types_is_shown_what_the_first_did(
    served: Server, chrome: Browser, graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    draft = await drafted(graph, company.admin)
    async with visit(chrome, served, "admin@example.com", _table(draft)) as page:
        third = _case(page, "3")
        await third.get_by_label("Because").fill("of sales alone")
        given = {"id": draft["id"], "name": "finance.yaml", "index": 0, "case": None}
        await done(graph, company.nobody, "policyDraftTestsSet", given)
        await third.get_by_label("Because").press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("Nobody changed the draft while you worked on it")
        await page.get_by_role("button", name="Take both").click()
        await expect(page.get_by_role("rowheader", name="4", exact=True)).to_have_count(0)
        text = await _document(writer, draft) or ""
        assert "expect: hidden, because: of sales alone}" in text
        assert "QuoteLine, Contract" not in text
