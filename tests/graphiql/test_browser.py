"""The page in a browser: who asks, what is loaded from where, and who can use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.graphiql.assets import BUNDLES
from app.graphiql.site import site
from tests.axe import violations
from tests.graphiql.chromium import Chromium, Page
from tests.graphiql.company import Company, serving, with_example

QUERY = "# Who?\nquery Who { viewer { displayName email token } }\n"
RUN = "document.querySelector('[aria-label^=\"Execute query\"]')"
PICKER = "document.querySelector('#demo-user')"
ADA, BO = "Queries now run as Ada King.", "Queries now run as 薄 Bo <b>."
NOT_OURS = {"nested-interactive", "scrollable-region-focusable"}
"""What GraphiQL itself leaves: buttons inside its tabs, and scrolled text whose input stands beside it."""


@contextmanager
def opened(browser: Chromium, company: Company, *, width: int = 1280) -> Iterator[tuple[str, Page]]:
    """The company's origin, and its page once it tells who asks."""
    with serving(company.app()) as origin, browser.page(width=width) as page:
        page.open(f"{origin}/graphql")
        page.until(f"{RUN} && document.querySelector('#status').textContent")
        yield origin, page


def asking(page: Page, words: str) -> None:
    """Wait until the page says who asks and has read the schema as them."""
    page.until(f"document.querySelector('#status')?.textContent === '{words}'")
    page.until("document.querySelector('[aria-label^=\"Re-fetch\"]') && !document.querySelector('.graphiql-spinner')")


def answered(page: Page, words: str) -> None:
    """Wait for an answer that holds these words."""
    page.until(f"document.querySelector('.result-window').textContent.includes('{words}')")


def run(page: Page, words: str) -> None:
    """Press the run button, and wait for an answer that holds these words."""
    page.evaluate(f"{RUN}.click()")
    answered(page, words)


def go_to(page: Page, control: str) -> None:
    """Press Tab until a control, by a JavaScript expression, has the focus."""
    for _ in range(40):
        if page.evaluate(f"document.activeElement === {control}"):
            return
        page.press("Tab")
    pytest.fail(f"Tab does not lead to {control}")


def editor(name: str) -> str:
    """The input of an editor."""
    return f"document.querySelector('textarea[aria-label=\"{name}\"]')"


def test_by_keyboard_alone_two_users_get_their_own_answers_and_nothing_leaves_the_origin(browser: Chromium) -> None:
    company = Company(with_example(site(dev=True), QUERY))
    with opened(browser, company) as (origin, page):
        asking(page, ADA)
        go_to(page, RUN)
        page.press("Enter")
        answered(page, "ada@example.com")
        for name in ("Variables", "Result Window", "Query Editor"):
            go_to(page, editor(name))
        go_to(page, PICKER)
        page.press("ArrowDown")
        asking(page, BO)
        go_to(page, RUN)
        page.press("Enter")
        answered(page, "bo@example.com")
        assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()") == QUERY
        assert company.given == ["ada@example.com", "bo@example.com"]
        assert [address for address in page.requests if not address.startswith((f"{origin}/", "data:"))] == []
        assert page.complaints == []
        assert page.evaluate("JSON.stringify(sessionStorage)") == '{"customer360.demoUser":"bo@example.com"}'
        assert "token-" not in page.evaluate("JSON.stringify(localStorage) + document.cookie")
        page.open(f"{origin}/graphql")
        asking(page, BO)


def test_a_token_serves_until_shortly_before_its_end_or_until_it_is_refused(browser: Chromium) -> None:
    company = Company(with_example(site(dev=True), QUERY))
    with opened(browser, company) as (_, page):
        asking(page, ADA)
        run(page, "token-1")
        company.accepted.clear()
        company.lifetime = 0
        run(page, "token-2")
        run(page, "token-3")
        assert company.given == ["ada@example.com"] * 3


def test_outside_development_a_pasted_token_asks(browser: Chromium) -> None:
    company = Company(with_example(site(dev=False), QUERY))
    company.token("ada@example.com")
    with opened(browser, company) as (_, page):
        run(page, "Sign in, or paste a token to ask with.")
        for pasted, answer in (("unknown", "Who are you?"), (" Bearer token-1 ", "ada@example.com")):
            go_to(page, "document.querySelector('#token')")
            page.type(pasted)
            page.press("Enter")
            asking(page, "Queries now run with the pasted token.")
            run(page, answer)
            assert page.evaluate("document.querySelector('#token').value") == ""
        assert [address for address in page.requests if "/dev/" in address] == []
        assert page.evaluate("sessionStorage.length") == 0
        assert "token-" not in page.evaluate("JSON.stringify(localStorage) + document.cookie")


def test_where_the_demo_users_cannot_be_listed_a_token_can_be_pasted(browser: Chromium) -> None:
    with opened(browser, Company(site(dev=True), lists=False), width=360) as (_, page):
        page.until("document.querySelector('#status').textContent.includes('could not be listed')")
        assert page.evaluate("document.querySelector('#bearer').hidden") is False
        assert faults(page, scheme="dark") == []
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_page_opens_with_the_examples_and_anyone_can_use_it(browser: Chromium) -> None:
    with opened(browser, Company(site(dev=True))) as (_, page):
        asking(page, ADA)
        tabs = page.evaluate("Array.from(document.querySelectorAll('.graphiql-tab-button'), (tab) => tab.title)")
        assert tabs == ["Customer360", "CustomersAtRisk", "OrdersByMonth", "WhoAmI"]
        assert faults(page, scheme="light") == []


def faults(page: Page, *, scheme: str) -> list[list[str]]:
    """What axe finds, but for GraphiQL's own: rule and place."""
    return [fault for fault in violations(page, scheme=scheme) if fault[0] not in NOT_OURS]


def test_without_bundles_the_same_bytes_come_from_the_cdn(
    browser: Chromium, bundles: dict[str, bytes], tmp_path: Path
) -> None:
    company = Company(site(dev=True, installed=tmp_path))
    with serving(company.app()) as origin, browser.page() as page:
        page.serve(bundles)
        page.open(f"{origin}/graphql")
        asking(page, ADA)
        foreign = [address for address in page.requests if not address.startswith((f"{origin}/", "data:"))]
        assert foreign == [bundle.cdn_address for bundle in BUNDLES]
        assert page.complaints == []
        assert "takes it from cdn.jsdelivr.net" in page.evaluate("document.querySelector('aside').innerText")


def test_other_bytes_from_the_cdn_are_not_run(browser: Chromium, bundles: dict[str, bytes], tmp_path: Path) -> None:
    company = Company(site(dev=False, installed=tmp_path))
    with serving(company.app()) as origin, browser.page() as page:
        page.serve({address: body + b" " for address, body in bundles.items()})
        page.open(f"{origin}/graphql")
        page.until("document.querySelector('#status').textContent === 'GraphiQL could not be loaded.'")
        assert page.evaluate("[typeof React, typeof GraphiQL]") == ["undefined", "undefined"]
