"""Shadow: a draft is asked beside what is in force; what would be otherwise is counted and told."""

from __future__ import annotations

import asyncpg
import pytest

from tests.console.conftest import LESS
from tests.console.steps import SCREENS, cells, fill, heading, judged, press, reads, signed_in
from tests.graphiql.chromium import Chromium, Page
from tests.graphql_schema.rows import customer, store
from tests.process import Server

TITLES = {"en": "Shadow of version 2", "zh-CN": "版本 2 的影子运行"}
STANDS = "SELECT shadow_share, shadow_until > now() AS runs FROM policy_versions WHERE number = 2"


@pytest.fixture(scope="module")
def more() -> dict[str, str]:
    """Administrators see no key customers."""
    return {"admin.yaml": LESS}


@pytest.fixture(scope="module", autouse=True)
async def works(writer: asyncpg.Connection, draft: None) -> None:
    """Two key customers, and another."""
    await store(writer, *(customer(f"Works {n}", tier="KEY") for n in range(2)), customer("Basic", tier="BASIC"))


async def stands(writer: asyncpg.Connection) -> tuple[int | None, bool | None]:
    row = await writer.fetchrow(STANDS)
    assert row is not None
    return None if row["shadow_share"] is None else int(row["shadow_share"]), row["runs"]


def asked(page: Page, served: Server, place: str, row: str) -> list[str]:
    """Asks for customers until a row of a page tells of it: a server compares while it has nothing else to do."""
    for _ in range(20):
        page.open(f"{served.address}/admin/view-as")
        page.until("document.querySelector('input[role=combobox]')")
        page.evaluate("document.querySelector('input[role=combobox]').click()")
        page.until("document.querySelectorAll('[role=option]').length === 3")
        page.open(f"{served.address}/admin{place}")
        page.until("document.querySelector('.answer')")
        if page.evaluate(f"[...document.querySelectorAll('tbody th')].some((each) => each.innerText === '{row}')"):
            return cells(page, row)
    raise AssertionError(page.evaluate("document.body.innerText"))


async def test_reads_are_asked_of_a_draft_too_and_what_would_be_otherwise_is_told(
    served: Server, browser: Chromium, writer: asyncpg.Connection
) -> None:
    with signed_in(browser, served, "/versions/2/shadow") as page:
        heading(page, "Shadow of version 2")
        reads(page, "No read is asked of it now.", "Nothing was counted yet.")
        fill(page, "Per cent of all reads", "100")
        press(page, "Begin")
        reads(page, "100 % of all reads are asked of it until")
        assert await stands(writer) == (100, True)
        operation, *figures = asked(page, served, "/versions/2/shadow", "customers")
        assert operation in ("admin", "Administrator") and int(figures[1]) >= 1
        reads(page, "Administrator", "100 % of all reads", "would be answered otherwise.")
        gained, lost = asked(page, served, "/versions/2/shadow?by=entity", "Customer")
        assert (gained, int(lost) % 2) == ("0", 0) and int(lost) >= 2
        press(page, "End")
        reads(page, "No read is asked of it now.")
        assert (await stands(writer))[1] is not True
        press(page, "Undo")
        reads(page, "100 % of all reads are asked of it until")
        assert await stands(writer) == (100, True)
        assert page.complaints == []


async def test_who_may_not_look_as_anybody_is_told_nothing(served: Server, browser: Chromium) -> None:
    with signed_in(browser, served, "/versions/2/shadow", "rep@example.com") as page:
        reads(page, "There is no such version in your view")


@pytest.mark.parametrize("screen", SCREENS)
async def test_anyone_can_use_it(served: Server, browser: Chromium, screen: str) -> None:
    ready = "document.querySelector('.answer')"
    judged(browser, served, "/versions/2/shadow", TITLES, ready, screen=screen)
