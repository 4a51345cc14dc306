"""The console's scripts: each place's are loaded when it is opened, and the rest stands where they cannot be."""

from __future__ import annotations

import re

from tests.console.steps import heading, press, reads, sign_in, signed_in
from tests.graphiql.chromium import Chromium, Page
from tests.process import Server

OFFLINE = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


def scripts(page: Page, server: Server) -> set[str]:
    """The scripts that were asked for until now."""
    return {
        found[1] for each in page.requests if (found := re.fullmatch(f"{server.address}(/admin/assets/.+[.]js)", each))
    }


async def test_a_place_is_loaded_when_it_is_opened(served: Server, browser: Chromium) -> None:
    with browser.page() as page:
        page.open(f"{served.address}/admin")
        heading(page, "Policies")
        first = scripts(page, served)
        assert first == set(
            re.findall(r"/admin/assets/[^\"]+[.]js", page.evaluate("document.documentElement.outerHTML"))
        )
        sign_in(page, served, "admin@example.com", "/versions")
        heading(page, "Versions")
        versions = scripts(page, served)
        assert versions > first
        press(page, "Audit")
        heading(page, "Audit")
        assert scripts(page, served) > versions
        assert page.evaluate("document.activeElement.textContent") == "Audit"
        assert page.evaluate("document.title") == "Customer 360 · Policies"
        assert {each for each in page.requests if not each.startswith((served.address, "data:"))} == set()
        assert page.complaints == []


async def test_where_a_place_cannot_be_loaded_it_is_said_and_others_still_open(
    served: Server, browser: Chromium
) -> None:
    with signed_in(browser, served, "/versions") as page:
        heading(page, "Versions")
        page.call("Network.emulateNetworkConditions", offline=True, **OFFLINE)
        press(page, "Audit")
        reads(page, "The server cannot be reached.")
        press(page, "Versions")
        heading(page, "Versions")
        press(page, "Audit")
        reads(page, "The server cannot be reached.")
        page.call("Network.emulateNetworkConditions", offline=False, **OFFLINE)
        press(page, "Try again")
        heading(page, "Audit")
