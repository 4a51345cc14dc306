"""Signing in to GraphiQL, in a browser, at a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import asyncpg
import pytest

from app.database import Database
from app.identity.oauth import passwords
from tests.conftest import TemporaryDatabase
from tests.graphiql.chromium import Chromium, Page
from tests.graphiql.test_browser import RUN, asking, faults, go_to, run
from tests.graphql_schema.company import Company, found
from tests.process import Server

PASSWORD = "correct horse battery"
QUERY = "query Customer360 { viewer { displayName } }"
REP = "Queries now run as Rep."
SIGN_IN, SIGN_OUT = ("document.querySelector('#sign-in button')", "document.querySelector('#sign-out button')")


@pytest.fixture(scope="module")
async def company(database: TemporaryDatabase) -> Company:
    """A company whose representative knows a password."""
    connection = await asyncpg.connect(database.dsn)
    company = await found(connection)
    await connection.close()
    opened = Database(database.dsn, pool_size=1, statement_timeout=5)
    await opened.open()
    async with opened.writing() as writing, writing.begin():
        await passwords.put(writing, company.rep.key, PASSWORD)
    await opened.close()
    return company


@pytest.fixture(scope="module")
async def served(
    database: TemporaryDatabase, company: Company, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    """The server, in development, where the page has a picker of users besides, and the log lists them."""
    server = Server(tmp_path_factory.mktemp("served"), {"C360_DATABASE_URL": database.dsn, "C360_DEV": "true"})
    try:
        await server.start()
        yield server
    finally:
        await server.kill()


def _is_to_sign_in(page: Page) -> None:
    page.until(f"{RUN} && document.querySelector('#status')?.textContent")
    assert page.evaluate("document.querySelector('#sign-in').hidden") is False
    assert page.evaluate("document.querySelector('#sign-out').hidden") is True


def _sign_in(page: Page) -> None:
    """By keyboard alone."""
    go_to(page, SIGN_IN)
    page.press("Enter")
    page.until("location.pathname === '/oauth/sign-in' && document.querySelector('#password')")
    go_to(page, "document.querySelector('#email')")
    page.type("rep@example.com")
    go_to(page, "document.querySelector('#password')")
    page.type(PASSWORD)
    page.press("Enter")
    page.until("location.pathname === '/graphql'")
    asking(page, REP)


def _ask(page: Page, words: str) -> None:
    page.evaluate(f"document.querySelector('.CodeMirror').CodeMirror.setValue('{QUERY}')")
    run(page, words)


@contextmanager
def _later(page: Page, minutes: int) -> Iterator[None]:
    """As the page's clock tells after so many minutes."""
    page.evaluate(f"window.now = Date.now; Date.now = () => window.now() + {minutes * 60_000}; 0")
    yield
    page.evaluate("Date.now = window.now; 0")


def _told(page: Page, path: str) -> int:
    return sum(path in address for address in page.requests)


async def test_a_person_signs_in_asks_comes_back_and_signs_out(browser: Chromium, served: Server) -> None:
    with browser.page() as page:
        page.open(f"{served.address}/graphql")
        _is_to_sign_in(page)
        _sign_in(page)
        assert page.evaluate("location.href") == f"{served.address}/graphql"
        shown = (
            "Array.from(document.querySelectorAll('header form')).filter((form) => !form.hidden).map((form) => form.id)"
        )
        assert page.evaluate(shown) == ["sign-out", "examples"]
        _ask(page, "Rep")
        assert page.evaluate("Object.keys(sessionStorage).sort()") == ["customer360.demoUser", "customer360.signedIn"]
        assert "eyJ" not in page.evaluate("JSON.stringify([sessionStorage, localStorage]) + document.cookie")
        assert faults(page, scheme="light") == []

        with _later(page, minutes=14):
            assert _told(page, "/oauth/token") == 1
            _ask(page, "Rep")
            assert _told(page, "/oauth/token") == 2

        page.open(f"{served.address}/graphql")
        asking(page, REP)
        assert _told(page, "prompt=none") == 1
        _ask(page, "Rep")

        go_to(page, SIGN_OUT)
        page.press("Enter")
        page.until("location.pathname === '/oauth/sign-out' && document.querySelector('button')")
        assert _told(page, "/oauth/revoke") == 1
        page.evaluate("document.querySelector('button').click()")
        page.until("location.pathname === '/graphql'")
        _is_to_sign_in(page)
        assert page.evaluate("sessionStorage.getItem('customer360.signedIn')") is None
        assert [address for address in page.requests if not address.startswith((f"{served.address}/", "data:"))] == []
        assert page.complaints == []


async def test_an_answer_that_was_not_asked_for_signs_nobody_in(browser: Chromium, served: Server) -> None:
    with browser.page() as page:
        page.open(f"{served.address}/graphql?code=theirs&state=theirs&iss={served.address}")
        _is_to_sign_in(page)
        assert _told(page, "/oauth/token") == 0
        assert page.evaluate("location.search") == ""
        page.evaluate("sessionStorage.setItem('customer360.signedIn', 'yes')")
        page.open(f"{served.address}/graphql")
        _is_to_sign_in(page)
        assert _told(page, "prompt=none") == 1


async def test_the_client_comes_back_to_the_page_by_both_names_of_this_machine(
    served: Server, database: TemporaryDatabase
) -> None:
    connection = await asyncpg.connect(database.dsn)
    try:
        uris = await connection.fetchval("SELECT redirect_uris FROM oauth_clients WHERE code = 'graphiql'")
    finally:
        await connection.close()
    assert set(uris) == {f"http://{name}:{served.port}/graphql" for name in ("127.0.0.1", "localhost")}
