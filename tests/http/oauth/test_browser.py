"""The pages in a browser: by keyboard alone, for anyone, on any screen, and with nothing from elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr

from app.database.opening import open_database
from app.identity.oauth import passwords
from app.identity.oauth.declaring import NewClient
from app.identity.oauth.registering import register
from app.identity.providers import registering as providers
from app.identity.providers.registering import NewProvider
from app.settings import Settings
from tests.axe import violations
from tests.conftest import TemporaryDatabase
from tests.graphiql.chromium import Chromium, Page, chromium, executable
from tests.graphql_schema.company import Company
from tests.http.oauth.scene import CHALLENGE, PASSWORD
from tests.process import Server, serving

WRONG_PASSWORD = "Failed to load resource: the server responded with a status of 401 (Unauthorized)"
SCREENS = {"a telephone": 360, "a screen": 1280}


@dataclass(frozen=True)
class Site:
    """A server whose pages are looked at, and the address at which a partner's user begins."""

    server: Server
    begin: str


@pytest.fixture(scope="module")
async def site(
    database: TemporaryDatabase, company: Company, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """The server; the representative knows a password, and a partner's client leads back to a page of the server's own."""
    folder = tmp_path_factory.mktemp("served")
    async with serving(folder, database.dsn) as server:
        back = f"{server.address}/healthz"
        partner = NewClient(
            code="partner",
            name="Partner <b>& Söhne</b>",
            grant_types=["authorization_code", "refresh_token"],
            scopes=["openid", "graph"],
            redirect_uris=[back],
            role="partner",
        )
        async with (
            open_database(Settings(data_dir=folder, database_url=SecretStr(database.url))) as opened,
            opened.writing() as connection,
            connection.begin(),
        ):
            await passwords.put(connection, company.rep.key, PASSWORD)
            await register(connection, partner)
            company_account = NewProvider(
                code="company",
                name="Company <i>& Söhne</i>",
                issuer="http://127.0.0.1:9",
                client_id="us",
                here=server.address,
            )
            await providers.register(connection, company_account)
        asked = {
            "response_type": "code",
            "client_id": "partner",
            "redirect_uri": back,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "state": "a state",
            "scope": "openid graph",
        }
        yield Site(server, f"{server.address}/oauth/authorize?{urlencode(asked)}")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Headless Chromium."""
    if executable() is None:
        pytest.skip("Chromium is not installed")
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


def heading(page: Page, words: str) -> None:
    """Waits for the page of this heading."""
    page.until(f"document.readyState === 'complete' && document.querySelector('h1')?.textContent === '{words}'")


def sign_in(page: Page, password: str) -> None:
    """Fills in and sends the form, from the field that has the focus."""
    page.until("document.activeElement.matches('input')")
    if page.evaluate("document.activeElement.id") == "email":
        page.type("rep@example.com")
        page.press("Tab")
    page.type(password)
    page.press("Enter")


def press(page: Page, label: str) -> None:
    """Goes to a button with Tab, and presses it."""
    for _ in range(10):
        if page.evaluate("document.activeElement.textContent") == label:
            page.press("Enter")
            return
        page.press("Tab")
    pytest.fail(f"Tab does not lead to {label}")


async def test_by_keyboard_alone_a_user_signs_in_and_agrees(site: Site, browser: Chromium) -> None:
    with browser.page() as page:
        page.open(site.begin)
        heading(page, "Sign in")
        sign_in(page, "another password")
        page.until("document.querySelector('[role=alert]')")
        page.until("document.activeElement.id === 'password'")
        sign_in(page, PASSWORD)
        heading(page, "Allow access?")
        assert "Partner <b>& Söhne</b>" in page.evaluate("document.querySelector('main').innerText")
        press(page, "Allow")
        page.until("location.pathname === '/healthz'")
        assert "code=" in page.evaluate("location.search")
        assert {address for address in page.requests if not address.startswith(site.server.address)} == set()
        assert page.complaints == [WRONG_PASSWORD]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("screen", SCREENS)
async def test_anyone_can_use_the_pages(site: Site, browser: Chromium, screen: str, language: str) -> None:
    with browser.page(width=SCREENS[screen]) as page:
        page.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})

        def judge(name: str) -> None:
            page.until("document.readyState === 'complete'")
            assert page.evaluate("document.documentElement.lang") == ("zh-CN" if language == "zh-CN" else "en")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
            assert {scheme: violations(page, scheme=scheme) for scheme in ("light", "dark")} == {
                "light": [],
                "dark": [],
            }

        page.open(site.begin.replace("client_id=partner", "client_id=nobody"))
        judge("of a client that is not known")
        page.open(f"{site.server.address}/oauth/back/company?state=foreign")
        judge("of an answer that was not asked for")
        page.open(site.begin)
        assert "Company <i>& Söhne</i>" in page.evaluate("document.querySelector('nav a').textContent")
        judge("to sign in")
        sign_in(page, "another password")
        page.until("document.querySelector('[role=alert]')")
        judge("to sign in again")
        sign_in(page, PASSWORD)
        page.until("document.querySelector('[name=decision]')")
        judge("to agree")
        page.open(f"{site.server.address}/oauth/sign-out")
        page.until("document.querySelector('[action=sign-out]')")
        judge("to sign out")
        page.press("Tab")
        page.press("Enter")
        page.until("document.querySelector('[role=status]')")
        judge("signed out")
