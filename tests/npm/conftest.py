"""A company served by a process of its own, to which programs of Node sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest
from pydantic import SecretStr

from app.database import Database
from app.database.opening import open_database
from app.identity.oauth import passwords
from app.identity.oauth.declaring import NewClient
from app.identity.oauth.registering import register
from app.identity.tokens import Tokens
from app.main import tokens_of
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, store
from tests.http.fixtures import company, writer
from tests.process import Server, serving

__all__ = ["company", "writer"]
PASSWORD = "correct horse battery"
BACK = "https://app.example/back"
FOR_USERS = ["authorization_code", "refresh_token"]


@dataclass(frozen=True, repr=False)
class Served:
    """The server, its tokens, and two customers: Alpha, who is the representative's own, and Beta of Germany."""

    server: Server
    tokens: Tokens
    alpha: Row
    beta: Row
    secret: str
    """Of the partner's client."""

    def who(self, user: Row, **more: str) -> dict[str, str]:
        """Where the server is and who asks, for a program."""
        return {"ADDRESS": self.server.address, "TOKEN": self.tokens.issue(user.key), **more}


@pytest.fixture(scope="module")
async def served(
    database: TemporaryDatabase, company: Company, writer: asyncpg.Connection, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """The company, served."""
    alpha = customer("Alpha", owner=company.rep, region=company.germany)
    beta = customer("Beta", owner=company.rep, region=company.germany)
    await store(writer, alpha, beta)
    folder = tmp_path_factory.mktemp("served")
    settings = Settings(data_dir=folder, database_url=SecretStr(database.url))
    async with open_database(settings) as opened:
        secret = await _registered(opened, company)
    async with serving(folder, database.dsn) as server:
        yield Served(server, tokens_of(settings), alpha, beta, secret)


async def _registered(database: Database, company: Company) -> str:
    """The secret of the partner's client; there is a front end of the house as well, and the representative's password."""
    front = NewClient(
        code="front",
        name="Front",
        grant_types=FOR_USERS,
        scopes=["openid", "profile", "email", "graph"],
        redirect_uris=[BACK],
        is_public=True,
        is_own=True,
    )
    partner = NewClient(
        code="partner",
        name="Partner",
        grant_types=[*FOR_USERS, "client_credentials"],
        scopes=["openid", "graph"],
        redirect_uris=[BACK],
        role="partner",
        region="DE",
    )
    async with database.writing() as connection, connection.begin():
        await passwords.put(connection, company.rep.key, PASSWORD)
        await register(connection, front)
        return await register(connection, partner) or ""
