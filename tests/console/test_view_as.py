"""View as: a customer as two people see it, side by side, and why."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import asyncpg
import pytest

from tests.console.steps import SCREENS, TEXT, address, cells, find, focus, heading, judged, press, reads, signed_in
from tests.graphiql.chromium import Chromium
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, order, store
from tests.process import Server

TITLES = {"en": "View as", "zh-CN": "模拟查看"}


@pytest.fixture(scope="module")
async def works(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer of the representative in Germany, with a contact and an order."""
    of: dict[str, Any] = {"owner": company.rep, "region": company.germany, "department": company.sales}
    found = customer("Ada Works", email="info@ada.example", phone="+4930123456", tax_id="DE123456789", **of)
    await store(writer, found, contact(found, email="bo@ada.example"), order(found, number="O-1"))
    return found


def beside(works: Row, a: Row, b: Row) -> str:
    return address("/view-as", customer=works.node, a=a.node, b=b.node)


async def test_two_people_are_found_and_seen_side_by_side(
    served: Server, browser: Chromium, company: Company, works: Row
) -> None:
    with signed_in(browser, served, "/view-as") as page:
        heading(page, "View as")
        find(page, "Customer", "Ada Works")
        find(page, "Person", "Rep")
        find(page, "Another person", "Finance")
        reads(page, "Legal name")
        assert cells(page, "Email ≠") == ["info@ada.example", "Masked •••"]
        assert cells(page, "Phone ≠") == ["+4930123456", "Masked +49•••56"]
        assert cells(page, "Tax ID ≠") == ["Withheld ••••••", "DE123456789"]
        assert cells(page, "Display name") == ["Ada Works", "Ada Works"]
        reads(page, "Rep sees 1 of the 1 that you see · Finance sees 0 of the 1 that you see")
        focus(page, "Only what differs")
        page.evaluate("document.activeElement.click()")
        page.until("location.search.includes('differences=yes')")
        reads(page, "Bo Berg")
        assert "Display name" not in page.evaluate(TEXT)
        assert page.complaints == []


async def test_a_cell_says_why_and_who_else_sees_it(
    served: Server, browser: Chromium, company: Company, works: Row
) -> None:
    with signed_in(browser, served, beside(works, company.colleague, company.finance)) as page:
        reads(page, "Row not seen")
        press(page, "Why Colleague sees this row, or does not")
        reads(page, "Colleague does not see this row.", "Region is one of the regions that the role is held for")
        reads(page, "Role Sales representative would give the row", "(here: De; compared with: Fr)")
        page.press("Escape")
        page.until("!document.querySelector('dialog') && document.activeElement.classList.contains('cell')")
        page.evaluate("[...document.querySelectorAll('td.masked button')].at(0).click()")
        reads(page, "Why does Finance see this so?", "Finance sees it masked.", "it masked (email)")
        press(page, "Who can see this")
        reads(page, "Rep through Sales representative", "Admin through Administrator")
        assert "Colleague" not in page.evaluate(TEXT)
        page.evaluate("history.back()")
        page.until("!document.querySelector('dialog')")


async def test_who_has_a_schema_of_their_own_is_asked_what_that_holds(
    served: Server, browser: Chromium, company: Company, works: Row
) -> None:
    with signed_in(browser, served, beside(works, company.partner, company.rep)) as page:
        reads(page, "The schema of Partner holds only what Partner can ever see.", "Legal name")
        assert cells(page, "Email ≠") == ["Withheld ••••••", "info@ada.example"]
        assert cells(page, "Display name") == ["Ada Works", "Ada Works"]


async def test_who_may_not_look_as_anybody_is_told_so(
    served: Server, browser: Chromium, company: Company, works: Row
) -> None:
    with signed_in(browser, served, beside(works, company.rep, company.finance), "rep@example.com") as page:
        reads(page, "You may not look as this person")
        assert "info@ada.example" not in page.evaluate(TEXT)


@pytest.mark.parametrize("screen", SCREENS)
async def test_anyone_can_use_it(served: Server, browser: Chromium, company: Company, works: Row, screen: str) -> None:
    place = beside(works, company.rep, company.finance)
    judged(browser, served, place, TITLES, "document.querySelector('table.seen')", screen=screen)
    judged(
        browser,
        served,
        f"{place}&row={works.node.replace('+', '%2B')}&who=a",
        TITLES,
        "document.querySelector('.rules')",
        screen=screen,
    )


async def test_who_saw_it_at_a_moment_is_told_by_the_policy_of_then(
    served: Server, browser: Chromium, company: Company, works: Row
) -> None:
    place = f"{beside(works, company.rep, company.finance)}&row={quote(works.node, safe='')}&field=email&who=b"
    with signed_in(browser, served, f"{place}&at=2020-01-01T00:00") as page:
        reads(page, "No policy was in force then: nobody saw it.")
        now = page.evaluate("new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 19)")
        page.open(f"{served.address}/admin{place}&at={now}")
        reads(page, "By version 1, which was in force then.", "Rep through Sales representative")
