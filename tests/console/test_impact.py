"""Impact: what a draft would change, in sentences and by person, roles, type and field."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.console.conftest import LESS
from tests.console.steps import SCREENS, TEXT, cells, heading, judged, press, reads, signed_in
from tests.graphiql.chromium import Chromium
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import customer, store
from tests.process import Server

MORE = "\n  - allow: [read]\n    on: Customer\n    when: {owner: {eq: $me}}\n    fields: {names: [taxId, birthDate]}\n"
WHOLE = "document.querySelector('tbody tr') && !document.querySelector('progress')"
TITLES = {"en": "Impact of version 2", "zh-CN": "版本 2 的影响"}


@pytest.fixture(scope="module")
def more() -> dict[str, str]:
    """Representatives see more of their own customers, and finance no key customers."""
    return {"sales_rep.yaml": MORE, "finance.yaml": LESS}


@pytest.fixture(scope="module", autouse=True)
async def works(writer: asyncpg.Connection, company: Company, draft: None) -> None:
    """Four customers of the representative's."""
    of: dict[str, Any] = {"owner": company.rep, "region": company.germany, "department": company.sales}
    await store(writer, *(customer(f"Works {n}", tier="KEY" if n else "BASIC", **of) for n in range(4)))


async def test_what_a_draft_would_change_is_said_in_sentences(served: Server, browser: Chromium) -> None:
    with signed_in(browser, served, "/versions/2/impact") as page:
        heading(page, "Impact of version 2")
        reads(page, "1 person would gain 2 fields on up to 4 records of “Customer”.")
        reads(page, "on up to 3 records of “Customer”; up to 3 of these would not be seen at all.")
        reads(page, "No trusted document would break.", "Counted for all")
        page.until("!document.querySelector('progress')")
        reads(page, "Birth date, Tax ID")
        assert cells(page, "Rep") == ["Customer", "0", "0", "Birth date, Tax ID"]
        assert cells(page, "Finance")[:3] == ["Customer", "0", "3"]
        press(page, "Rep")
        page.until("location.pathname.endsWith('/people/person')")
        assert page.complaints == []


async def test_it_is_told_by_roles_type_and_field(served: Server, browser: Chromium) -> None:
    with signed_in(browser, served, "/versions/2/impact?by=role") as page:
        reads(page, "Sales representative")
        page.until("!document.querySelector('progress')")
        assert cells(page, "Finance") == ["1 of 1 counted", "Customer", "0", "3", cells(page, "Finance")[-1]]
        page.open(f"{served.address}/admin/versions/2/impact?by=entity")
        page.until(WHOLE)
        assert cells(page, "Customer")[:2] == ["0", "3"]
        page.open(f"{served.address}/admin/versions/2/impact?by=field&sample=100")
        page.until(WHOLE)
        reads(page, "Tax ID")
        lines = page.evaluate(
            "[...document.querySelectorAll('tbody tr')].map((each) => [...each.cells].map((cell) => cell.innerText))"
        )
        assert ["Customer", "Birth date", "4", "0", "0"] in lines
        assert ["Customer", "Tax ID", "4", "0", "3"] in lines


async def test_of_what_is_not_there_nothing_is_told(served: Server, browser: Chromium) -> None:
    with signed_in(browser, served, "/versions/99/impact") as page:
        reads(page, "There is no such version in your view")
        page.open(f"{served.address}/admin/versions/1/impact")
        reads(page, "Nothing changes for anybody.")


async def test_who_may_not_look_is_told_nothing(served: Server, browser: Chromium) -> None:
    with signed_in(browser, served, "/versions/2/impact", "rep@example.com") as page:
        reads(page, "There is no such version in your view")
        assert "would gain" not in page.evaluate(TEXT)


@pytest.mark.parametrize("screen", SCREENS)
async def test_anyone_can_use_it(served: Server, browser: Chromium, screen: str) -> None:
    judged(browser, served, "/versions/2/impact", TITLES, WHOLE, screen=screen)
