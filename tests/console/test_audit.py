"""Audit: filtered, verified against a noted head, and given as files."""

from __future__ import annotations

import csv
import io
import json

import asyncpg
import pytest

from tests.console.steps import SCREENS, TEXT, fill, find, heading, judged, press, reads, sign_in, signed_in
from tests.graphiql.chromium import Chromium, Page
from tests.graphql_schema.company import Company
from tests.process import Server

TITLES = {"en": "Audit", "zh-CN": "审计"}
EVENT = "INSERT INTO audit_events (kind, actor, user_id, subject, details) VALUES ($1, $2, $3, $4, $5::text::jsonb)"
KEEP = """(() => { window.saved = []; const made = URL.createObjectURL;
  URL.createObjectURL = (blob) => { blob.text().then((text) => window.saved.push(text)); return made(blob); }; })()"""


@pytest.fixture(scope="module", autouse=True)
async def events(served: Server, writer: asyncpg.Connection, company: Company) -> None:
    """A role given by the admin, and 120 fields unmasked by the representative for a reason that is a formula."""
    admin, rep = company.admin.key, company.rep.key
    role = json.dumps({"region": str(company.germany.key), "changed": ["region", "validTo"]})
    await writer.execute(EVENT, "ASSIGNMENT_CHANGED", admin, admin, str(rep), role)
    for n in range(120):
        told = json.dumps({"field": "phone", "reason": f"=cmd|{n}"})
        await writer.execute(EVENT, "UNMASKED", rep, rep, "R" if n else "=R", told)


def opened(page: Page, served: Server, place: str = "/audit") -> None:
    sign_in(page, served, "admin@example.com", place)
    heading(page, "Audit")
    page.until("document.querySelector('tbody tr')")


async def test_events_are_drawn_readable_and_found_by_what_they_are(served: Server, browser: Chromium) -> None:
    with browser.page() as page:
        opened(page, served)
        reads(page, "events")
        page.evaluate(
            "(each => { Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(each, 'ASSIGNMENT_CHANGED');"
            " each.dispatchEvent(new Event('change', { bubbles: true })); })(document.querySelector('main select'))"
        )
        reads(page, "1 event\n", "\nDe\n")
        [line] = page.evaluate("[...document.querySelectorAll('tbody tr')].map((each) => each.innerText)")
        assert "Role assignment changed" in line and "Admin" in line and "Rep" in line
        assert "region, validTo" in line
        page.evaluate("history.back()")
        reads(page, "Field unmasked")
        find(page, "Who did it", "Rep")
        reads(page, "120 events")
        fill(page, "Key, version number", "=R")
        page.press("Enter")
        reads(page, "1 event\n")
        page.until("location.search.includes('subject=%3DR')")
        assert page.complaints == []


async def test_pages_lead_on_and_back(served: Server, browser: Chromium) -> None:
    with browser.page() as page:
        opened(page, served, "/audit?kind=UNMASKED")
        first = page.evaluate("document.querySelector('tbody th').textContent")
        press(page, "Next page")
        page.until(f"document.querySelector('tbody th').textContent === '{int(first) - 50}'")
        press(page, "Next page")
        page.until("document.querySelectorAll('tbody tr').length === 20")
        press(page, "Previous page")
        page.until(f"document.querySelector('tbody th').textContent === '{int(first) - 50}'")
        page.evaluate("history.back()")
        page.until("document.querySelectorAll('tbody tr').length === 20")


async def test_all_that_is_filtered_is_given_as_a_file_that_holds_no_formula(served: Server, browser: Chromium) -> None:
    with browser.page() as page:
        opened(page, served, "/audit?kind=UNMASKED")
        page.evaluate(KEEP)
        press(page, "Export as CSV")
        page.until("window.saved.length === 1")
        press(page, "Export as JSON")
        page.until("window.saved.length === 2")
        text, told = page.evaluate("window.saved")
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    events = json.loads(told)
    assert len(lines) == len(events) == 120
    assert (lines[-1]["subject"], events[-1]["subject"]) == ("'=R", "=R")
    assert json.loads(lines[0]["details"]) == events[0]["details"] == {"field": "phone", "reason": "=cmd|119"}
    assert all(not value.startswith(("=", "+", "-", "@")) for line in lines for value in line.values())


async def test_the_trail_is_verified_against_the_head_that_was_noted(
    served: Server, browser: Chromium, writer: asyncpg.Connection
) -> None:
    with browser.page() as page:
        opened(page, served)
        press(page, "Verify")
        reads(page, "Is the trail whole?")
        press(page, "Verify", among="dialog button")
        head = await writer.fetchval("SELECT hash FROM audit_events ORDER BY seq DESC LIMIT 1")
        reads(page, "and all are as they were", "No head was compared", head)
        press(page, "Note it in this browser")
        reads(page, "Noted.")
        press(page, "Close", among="dialog button")
        press(page, "Verify")
        page.until(f"document.querySelector('dialog input').value === '{head}'")
        press(page, "Verify", among="dialog button")
        reads(page, "The head that was noted is among them.")
        fill(page, "Head that was noted", "0" * 64)
        press(page, "Verify", among="dialog button")
        reads(page, "The event of the head that was noted is not there.")


async def test_who_reads_no_event_is_shown_none(served: Server, browser: Chromium) -> None:
    with signed_in(browser, served, "/audit", "rep@example.com") as page:
        reads(page, "none is in your view")
        press(page, "Verify")
        press(page, "Verify", among="dialog button")
        reads(page, "You do not read all events")
        assert "Field unmasked" not in page.evaluate(TEXT)


@pytest.mark.parametrize("screen", SCREENS)
async def test_anyone_can_use_it(served: Server, browser: Chromium, screen: str) -> None:
    judged(
        browser, served, "/audit?kind=ASSIGNMENT_CHANGED", TITLES, "document.querySelector('tbody tr')", screen=screen
    )
