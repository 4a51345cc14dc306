"""The console as it was built, served over a small company whose admin and representative know a password."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr

from app.console.site import installed_site
from app.database.opening import open_database
from app.identity.oauth import built_in, passwords
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphiql.chromium import Chromium, chromium, executable
from tests.graphql_schema.company import Company
from tests.http.fixtures import company, writer
from tests.http.oauth.scene import PASSWORD
from tests.process import Server, serving

__all__ = ["company", "writer"]


@pytest.fixture(scope="module")
async def served(
    database: TemporaryDatabase, company: Company, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    """The server."""
    if installed_site() is None:
        pytest.skip("The console is not built: make console")
    folder = tmp_path_factory.mktemp("served")
    async with serving(folder, database.dsn) as server:
        async with (
            open_database(Settings(data_dir=folder, database_url=SecretStr(database.url))) as opened,
            opened.writing() as connection,
            connection.begin(),
        ):
            await built_in.ensure(connection, server.address)
            for who in (company.admin, company.rep):
                await passwords.put(connection, who.key, PASSWORD)
        yield server


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Headless Chromium."""
    if executable() is None:
        pytest.skip("Chromium is not installed")
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser
