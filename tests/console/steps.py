"""What tests of the console do on its pages, by what users read there; and how each page is judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from tests.axe import violations
from tests.graphiql.chromium import Chromium, Page
from tests.http.oauth.scene import PASSWORD
from tests.process import Server

ADMIN = "admin@example.com"
SCREENS = {"a telephone": 360, "a screen": 1280, "a wall": 3840}
TEXT = "((document.querySelector('dialog[open]') ?? document.querySelector('main'))?.innerText ?? '')"


def heading(page: Page, words: str) -> None:
    """Waits for the page of this heading."""
    page.until(f"document.querySelector('h1')?.textContent === '{words}'")


def sign_in(page: Page, server: Server, email: str, place: str = "") -> None:
    """Opens the console and signs in, by keyboard alone."""
    page.open(f"{server.address}/admin{place}")
    page.until("document.querySelector('button.first')")
    page.evaluate("document.querySelector('button.first').focus()")
    page.press("Enter")
    page.until("document.activeElement?.id === 'email'")
    page.type(email)
    page.press("Tab")
    page.type(PASSWORD)
    page.press("Enter")
    page.until("location.pathname.startsWith('/admin') && document.querySelector('nav')")


@contextmanager
def signed_in(browser: Chromium, server: Server, place: str, email: str = ADMIN) -> Iterator[Page]:
    """A page of its own, of somebody who has signed in, at a place."""
    with browser.page() as page:
        sign_in(page, server, email, place)
        yield page


def told(page: Page, text: str) -> None:
    """Waits until this is said to be done."""
    page.until(f"document.querySelector('.done').textContent.includes({json.dumps(text)})")


def refused(page: Page) -> None:
    """Waits until it is said what stands in the way."""
    page.until("document.querySelector('[role=alert] li')")


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
        sign_in(page, server, ADMIN, place)
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
