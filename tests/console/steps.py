"""What tests of the console do on its pages, by what users read there; and how each page is judged."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from tests.axe import violations
from tests.console.test_browser import SCREENS, heading, sign_in
from tests.graphiql.chromium import Chromium, Page
from tests.process import Server

__all__ = [
    "SCREENS",
    "TEXT",
    "address",
    "cells",
    "choose",
    "fill",
    "find",
    "focus",
    "heading",
    "judged",
    "press",
    "reads",
    "sign_in",
]

TEXT = "((document.querySelector('dialog[open]') ?? document.querySelector('main'))?.innerText ?? '')"


def address(place: str, **chosen: str) -> str:
    """A place with what is chosen there."""
    return f"{place}?{urlencode(chosen)}"


def reads(page: Page, *texts: str) -> None:
    """Waits until all of these are to be read on the page, or in what lies over it."""
    for text in texts:
        page.until(f"{TEXT}.includes({json.dumps(text)})")


def press(page: Page, name: str, *, among: str = "button, a, summary, [role=option]") -> None:
    """Presses what is called so, once it is there."""
    found = (
        f"[...document.querySelectorAll({json.dumps(among)})].find((each) => each.offsetParent !== null && !each.disabled &&"
        f" (each.getAttribute('aria-label') ?? each.textContent).trim().startsWith({json.dumps(name)}))"
    )
    page.until(found)
    page.evaluate(f"(each => {{ each.focus(); each.click(); }})({found})")


def focus(page: Page, label: str) -> None:
    """Has a field have the focus, by its label."""
    found = (
        "[...document.querySelectorAll('dialog[open] label, main label')].find((each) =>"
        f" each.textContent.trim().startsWith({json.dumps(label)}))?.control"
    )
    page.until(f"({found})?.offsetParent")
    page.evaluate(f"{found}.focus()")


def fill(page: Page, label: str, text: str) -> None:
    """Types into a field, in place of what it holds."""
    focus(page, label)
    page.evaluate("document.activeElement.select?.()")
    page.type(text)


def find(page: Page, label: str, text: str) -> None:
    """Finds something by its name, by keyboard alone."""
    fill(page, label, text)
    page.until(f"document.querySelector('[role=option]')?.textContent.includes({json.dumps(text)})")
    page.press("Enter")


def choose(page: Page, label: str, name: str) -> None:
    """Chooses from a list."""
    focus(page, label)
    page.until(f"[...document.activeElement.options].some((one) => one.textContent === '{name}')")
    page.evaluate(
        "(each => { Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(each,"
        f" [...each.options].find((one) => one.textContent === '{name}').value);"
        " each.dispatchEvent(new Event('change', { bubbles: true })); })(document.activeElement)"
    )


def cells(page: Page, row: str) -> list[str]:
    """What stands in the cells of a table's row, by how its head begins."""
    of = f"[...document.querySelectorAll('tr')].find((each) => each.cells[0]?.innerText.trim().startsWith({json.dumps(row)}))"
    page.until(of)
    found: list[str] = page.evaluate(
        f"[...{of}.cells].slice(1).map((each) => each.innerText.trim().replace(/\\s+/g, ' '))"
    )
    return found


def judged(browser: Chromium, server: Server, place: str, title: dict[str, str], ready: str, *, screen: str) -> None:
    """Judges a page in both languages and all colours, on a screen: nobody is shut out, and nothing is wider than it."""
    with browser.page(width=SCREENS[screen]) as page:
        sign_in(page, server, "admin@example.com", place)
        for language, name in title.items():
            page.evaluate(f"localStorage['customer360.console.language'] = '{language}'")
            page.open(f"{server.address}/admin{place}")
            heading(page, name)
            page.until(ready)
            page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
            assert page.evaluate("document.documentElement.lang") == language
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (place, screen)
            found = {scheme: violations(page, scheme=scheme) for scheme in ("light", "dark")}
            assert found == {"light": [], "dark": []}, (place, screen)
        assert {each for each in page.requests if not each.startswith((server.address, "data:"))} == set()
        assert page.complaints == []
