"""The console as it was built, served over a small company whose admin and representative know a password."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
from playwright.async_api import Browser, async_playwright
from pydantic import SecretStr

from app.console.site import installed_site
from app.database.opening import open_database
from app.identity.oauth import built_in, passwords
from app.settings import Settings
from policies.loading import DEFAULT_RULES, read_folder
from tests.conftest import TemporaryDatabase
from tests.graphiql.chromium import Chromium, chromium, executable
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import assign
from tests.http.fixtures import company, graph, writer
from tests.http.oauth.scene import PASSWORD
from tests.process import Server, serving

__all__ = ["company", "graph", "writer"]

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def setting() -> dict[str, str]:
    """Settings of the server; a module may have its own."""
    return {}


@pytest.fixture(scope="module")
async def served(
    database: TemporaryDatabase,
    company: Company,
    setting: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Server]:
    """The server."""
    if installed_site() is None:
        pytest.skip("The console is not built: make console")
    folder = tmp_path_factory.mktemp("served")
    async with serving(folder, database.dsn, **setting) as server:
        async with (
            open_database(Settings(data_dir=folder, database_url=SecretStr(database.url))) as opened,
            opened.writing() as connection,
            connection.begin(),
        ):
            await built_in.ensure(connection, server.address)
            for who in (company.admin, company.rep, company.finance, company.nobody):
                await passwords.put(connection, who.key, PASSWORD)
        yield server


@pytest.fixture(scope="module")
async def second(company: Company, writer: asyncpg.Connection) -> None:
    """`nobody` is a second administrator."""
    await assign(writer, company.nobody, "admin")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Headless Chromium."""
    if executable() is None:
        pytest.skip("Chromium is not installed")
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
async def chrome() -> AsyncIterator[Browser]:
    """The same browser, led by Playwright."""
    found = executable()
    if found is None:
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield browser
        await browser.close()


LESS = "\n  - deny: [read]\n    on: Customer\n    when: {tier: {eq: KEY}}\n"
"""More of a document: no key customer is read."""

DRAFT = (
    "INSERT INTO policy_versions (id, number, status, document) VALUES (gen_random_uuid(), 2, 'DRAFT', $1::text::jsonb)"
)


@pytest.fixture(scope="module")
async def draft(writer: asyncpg.Connection, company: Company, more: dict[str, str]) -> None:
    """Version 2, of the default documents with more in some; `more` is the module's own."""
    rules = read_folder(DEFAULT_RULES)
    files = rules | {name: rules[name] + text for name, text in more.items()}
    await writer.execute(DRAFT, json.dumps({"files": files}))
