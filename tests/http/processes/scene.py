"""Two processes of ours over one database, and a third, over another, with which their users sign in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import asyncpg
import httpx2
import pytest

from app.database import Database
from app.identity.oauth import passwords
from app.identity.oauth.declaring import NewClient
from app.identity.oauth.registering import register
from app.identity.providers import registering
from app.identity.providers.registering import NewProvider
from tests.conftest import TemporaryDatabase, TestServer
from tests.graphql_schema.company import Company, found
from tests.graphql_schema.rows import Row
from tests.http.oauth.scene import PASSWORD, VERIFIER, Client
from tests.http.providers.scene import asked_by
from tests.process import Server

FOR_USERS = ["authorization_code", "refresh_token"]
BACK = "https://app.example/back"


@dataclass(frozen=True)
class Three:
    """The processes: `here` and `there` are one server to the world, `provider` is another."""

    here: Server
    there: Server
    provider: Server
    at_provider: Company
    folder: Path
    """Where the provider keeps its keys."""


@dataclass(frozen=True, repr=False)
class Office:
    """What an operator does, and what users see of it."""

    three: Three
    database: Database
    front: Client
    partner: Client

    async def do(self, work: Any) -> Any:
        """A piece of an operator's work."""
        async with self.database.writing() as connection, connection.begin():
            return await work(connection)

    async def token(self, browser: httpx2.AsyncClient, client: Client) -> dict[str, Any]:
        """The tokens for what a signed-in browser allows, asked of the first process."""
        sent = await browser.get(asked_by(client))
        if sent.status_code == 200:
            asked = {**dict(parse_qsl(urlsplit(asked_by(client)).query)), "decision": "allow"}
            sent = await browser.post("/oauth/authorize", data=asked, headers={"Origin": self.three.here.address})
        code = dict(parse_qsl(urlsplit(sent.headers["location"]).query))["code"]
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.uri, **client.proof}
        answer = await browser.post("/oauth/token", data={**given, "code_verifier": VERIFIER})
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    async def asks(self, server: Server, access: str) -> tuple[int, list[str]]:
        """Status, and roles of the viewer, as a process answers."""
        async with httpx2.AsyncClient(base_url=server.address) as asker:
            headers = {"Authorization": f"Bearer {access}"}
            sent = await asker.post("/graphql", json={"query": "{ viewer { roles } }"}, headers=headers)
        return sent.status_code, sent.json()["data"]["viewer"]["roles"] if sent.status_code == 200 else []


def _database(dsn: str) -> Database:
    return Database(dsn, pool_size=1, statement_timeout=5)


async def _user(database: Database, user: Row) -> None:
    async with database.writing() as connection, connection.begin():
        await passwords.put(connection, user.key, PASSWORD)


@pytest.fixture(scope="module")
def other(server: TestServer) -> Iterator[TemporaryDatabase]:
    """The provider's database."""
    with server.database(server.template) as clone:
        yield clone


@pytest.fixture(scope="module")
async def three(
    database: TemporaryDatabase, other: TemporaryDatabase, company: Company, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Three]:
    """The processes."""
    folders = [tmp_path_factory.mktemp(name) for name in ("here", "there", "provider")]
    shared = {"C360_DATABASE_URL": database.dsn, "C360_DATA_DIR": str(folders[0])}
    here = Server(folders[0], shared)
    there = Server(folders[1], {**shared, "C360_ISSUER": here.address})
    provider = Server(folders[2], {"C360_DATABASE_URL": other.dsn})
    connection = await asyncpg.connect(other.dsn)
    at_provider = await found(connection)
    await connection.close()
    async with AsyncExitStack() as stack:
        for each in (here, there, provider):
            stack.push_async_callback(each.stop)
        await asyncio.gather(here.start(), there.start(), provider.start())
        yield Three(here, there, provider, at_provider, folders[2])


@pytest.fixture(scope="module")
async def office(
    three: Three, database: TemporaryDatabase, other: TemporaryDatabase, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    """Clients, a user with a password at the provider, and the provider known to us."""
    ours, theirs = _database(database.dsn), _database(other.dsn)
    async with AsyncExitStack() as stack:
        for each in (ours, theirs):
            await each.open()
            stack.push_async_callback(each.close)
        await _user(theirs, three.at_provider.rep)
        back = f"{three.here.address}/oauth/back/company"
        scopes = ["openid", "profile", "email"]
        about: dict[str, Any] = {"grant_types": FOR_USERS, "is_own": True}
        async with theirs.writing() as connection, connection.begin():
            new = NewClient(code="crm", name="CRM", scopes=scopes, redirect_uris=[back], **about)
            secret = await register(connection, new)
        place = tmp_path_factory.mktemp("secret") / "secret"
        place.write_text(str(secret))
        async with ours.writing() as connection, connection.begin():
            for code, more in (
                ("front", about | {"is_public": True}),
                ("partner", {"grant_types": FOR_USERS, "role": "admin"}),
            ):
                new = NewClient(code=code, name=code, scopes=["openid", "graph"], redirect_uris=[BACK], **more)
                found_secret = await register(connection, new)
            about = {"issuer": three.provider.address, "client_id": "crm", "here": three.here.address}
            new_provider = NewProvider(code="company", name="Company", secret=f"file:{place}", **about)
            await registering.register(connection, new_provider)
        yield Office(three, ours, Client("front", None), Client("partner", found_secret))
