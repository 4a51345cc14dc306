"""What GraphiQL tells whoever administers the policy: what others see, and of each field who sees it; examples by audience."""

from __future__ import annotations

import pytest

from tests.graphiql.chromium import Chromium, Page
from tests.graphiql.test_browser import PICKER, RUN, asking, faults, run
from tests.graphiql.test_sign_in import company, served
from tests.process import Server

__all__ = ["company", "served"]

QUERY = "query Customer360 { viewer { user { displayName } } customers { nodes { displayName taxId access { withheld } } } }"
EDITOR = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
ANSWER = "document.querySelector('.result-window').textContent"
PERSON = "document.querySelector('#person')"
SEEN_BY_REP = "Queries now show what Rep would see, as far as you see it."


def _open(page: Page, server: Server, email: str, name: str) -> None:
    page.open(f"{server.address}/graphql")
    page.until(f"{RUN} && {PICKER}.options.length > 1")
    page.evaluate(f"{PICKER}.value = '{email}'; {PICKER}.dispatchEvent(new Event('change'))")
    asking(page, f"Queries now run as {name}.")


def _documented(page: Page) -> str:
    """What the documentation says of `Customer.taxId`."""
    page.evaluate("document.querySelector('[aria-label=\"Show Documentation Explorer\"]')?.click()")
    page.until("document.querySelector('.graphiql-doc-explorer-search input')")
    page.evaluate("document.querySelector('.graphiql-doc-explorer-search input').focus()")
    page.type("taxId")
    option = "[...document.querySelectorAll('[role=option]')].find((each) => each.textContent === 'Customer.taxId')"
    page.until(option)
    while not page.evaluate(f"{option}.dataset.headlessuiState.includes('active')"):
        page.press("ArrowDown")
    page.press("Enter")
    page.until("document.querySelector('.graphiql-doc-explorer-title')?.textContent === 'taxId'")
    said = page.evaluate("document.querySelector('.graphiql-doc-explorer-content').innerText")
    assert isinstance(said, str)
    return said


async def test_who_may_looks_as_somebody_else_and_stops(browser: Chromium, served: Server) -> None:
    with browser.page() as page:
        _open(page, served, "admin@example.com", "Admin")
        page.until("!document.querySelector('#view-as').hidden")
        page.evaluate(f"{EDITOR}.setValue('{QUERY}')")
        run(page, '"Admin"')
        page.evaluate(f"{PERSON}.focus()")
        page.type("rep@")
        page.until("document.querySelector('#people').options.length === 1")
        assert page.evaluate("document.querySelector('#people').options[0].value") == "Rep · rep@example.com"
        page.press("Enter")
        asking(page, SEEN_BY_REP)
        run(page, '"Rep"')
        assert faults(page, scheme="light") == faults(page, scheme="dark") == []
        page.evaluate("document.querySelector('#view-as button[value=self]').click()")
        asking(page, "Queries now run as Admin.")
        run(page, '"Admin"')
        assert page.complaints == []


async def test_nobody_is_looked_as_who_was_not_chosen(browser: Chromium, served: Server) -> None:
    with browser.page() as page:
        _open(page, served, "admin@example.com", "Admin")
        page.until("!document.querySelector('#view-as').hidden")
        page.evaluate(f"{PERSON}.focus()")
        page.type("nobody of this name")
        page.press("Enter")
        page.until(f"{PERSON}.validationMessage === 'Choose somebody from the list.'")
        assert page.evaluate("document.querySelector('#status').textContent") == "Queries now run as Admin."


async def test_a_field_is_documented_with_its_class_and_who_sees_it(browser: Chromium, served: Server) -> None:
    with browser.page() as page:
        _open(page, served, "admin@example.com", "Admin")
        assert "Data class: IDENTITY. Plain for admin" in _documented(page)


async def test_who_reads_no_policy_is_offered_no_looking_and_told_nothing_of_it(
    browser: Chromium, served: Server
) -> None:
    with browser.page() as page:
        _open(page, served, "rep@example.com", "Rep")
        assert page.evaluate("document.querySelector('#view-as').hidden") is True
        assert "Data class" not in _documented(page)


@pytest.mark.parametrize(("audience", "example"), [("For front ends", "CustomerList"), ("For policy admins", "Audit")])
async def test_examples_are_offered_by_audience(browser: Chromium, served: Server, audience: str, example: str) -> None:
    with browser.page() as page:
        _open(page, served, "admin@example.com", "Admin")
        offered = page.evaluate(
            "Object.fromEntries([...document.querySelectorAll('#example optgroup')].map((group) =>"
            " [group.label, [...group.children].map((each) => each.text)]))"
        )
        assert example in offered[audience]
        page.evaluate(
            f"list = document.querySelector('#example');"
            f" list.selectedIndex = [...list.options].findIndex((each) => each.text === '{example}');"
            f" list.dispatchEvent(new Event('change'))"
        )
        page.until(f"{EDITOR}.getValue().includes('query {example}')")
        tabs = "Array.from(document.querySelectorAll('.graphiql-tab-button'), (tab) => tab.title)"
        page.until(f"{tabs}.includes('{example}')")
        assert page.evaluate(tabs)[:4] == ["Customer360", "CustomersAtRisk", "OrdersByMonth", "WhoAmI"]
        run(page, '"data"')
        assert '"errors"' not in page.evaluate(ANSWER)
