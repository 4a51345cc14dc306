"""The console in a browser: signed in through the product's own pages, for anyone, on any screen, with nothing from elsewhere."""

from __future__ import annotations

import pytest

from policies.loading import DEFAULT_RULES, read_folder
from tests.axe import violations
from tests.console.steps import SCREENS, heading, sign_in
from tests.graphiql.chromium import Chromium
from tests.process import Server

ROWS = "document.querySelectorAll('tbody tr').length"


async def test_an_admin_reads_what_the_policy_says(served: Server, browser: Chromium) -> None:
    with browser.page() as page:
        sign_in(page, served, "admin@example.com", "/versions")
        heading(page, "Versions")
        page.until(f"{ROWS} === 1")
        assert page.evaluate("document.querySelector('tbody tr .status').textContent") == "Active"
        page.evaluate("document.querySelector('tbody tr a').click()")
        heading(page, "Version 1")
        page.until("document.querySelector('pre')")
        shown = page.evaluate(
            "Object.fromEntries([...document.querySelectorAll('section.documents details')].map((each) =>"
            " [each.querySelector('summary').textContent, each.querySelector('pre').textContent]))"
        )
        assert shown == read_folder(DEFAULT_RULES)
        assert {address for address in page.requests if not address.startswith((served.address, "data:"))} == set()
        assert page.complaints == []


async def test_who_reads_no_policy_is_shown_none(served: Server, browser: Chromium) -> None:
    with browser.page() as page:
        sign_in(page, served, "rep@example.com", "/versions/1")
        heading(page, "Version 1")
        page.until("document.querySelector('main').innerText.includes('not in your view')")
        assert page.evaluate("document.querySelector('pre')") is None


async def test_whoever_loads_the_page_anew_is_still_signed_in_and_where_they_were(
    served: Server, browser: Chromium
) -> None:
    with browser.page() as page:
        sign_in(page, served, "admin@example.com", "/versions/1")
        heading(page, "Version 1")
        page.open(f"{served.address}/admin/versions/1")
        heading(page, "Version 1")
        page.until("document.querySelector('pre')")
        page.evaluate("[...document.querySelectorAll('header button')].at(-1).click()")
        page.until("location.pathname.startsWith('/oauth/sign-out') || document.querySelector('button.first')")
        kept = page.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")
        assert "token" not in kept and "signedIn" not in kept


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("screen", SCREENS)
async def test_anyone_can_use_it(served: Server, browser: Chromium, screen: str, language: str) -> None:
    titles = {"en": ("Policies", "Versions"), "zh-CN": ("权限策略", "版本")}[language]
    with browser.page(width=SCREENS[screen]) as page:
        page.call("Emulation.setLocaleOverride", locale=language)

        def judge(name: str) -> None:
            assert page.evaluate("document.documentElement.lang") == language
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
            found = {scheme: violations(page, scheme=scheme) for scheme in ("light", "dark")}
            assert found == {"light": [], "dark": []}, name

        page.call(
            "Page.addScriptToEvaluateOnNewDocument",
            source=f"localStorage['customer360.console.language'] = '{language}'",
        )
        page.open(f"{served.address}/admin")
        heading(page, titles[0])
        judge("signed out")
        sign_in(page, served, "admin@example.com", "/versions")
        heading(page, titles[1])
        page.until(f"{ROWS} === 1")
        judge("versions")
        page.evaluate("document.querySelector('tbody tr a').click()")
        page.until("document.querySelector('pre')")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        judge("a version")
        page.evaluate("[...document.querySelectorAll('header button')].at(-1).click()")
