"""A browser that signs in elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg
import httpx2
import pytest

from app.identity.providers.registering import NewProvider, register
from app.main import application
from app.settings import Settings
from tests.graphql_schema.company import Company
from tests.http.asking import Asking
from tests.http.oauth.scene import CHALLENGE, VERIFIER, Client
from tests.http.providers.stray import Stray, straying

HERE = "http://127.0.0.1:8000"
ATTEMPT = "c360-attempt"


@dataclass(frozen=True, repr=False)
class Elsewhere:
    """A browser, our server, and the provider `stray`."""

    graph: Asking
    browser: httpx2.AsyncClient
    stray: Stray
    code: str = "stray"

    async def begin(self, next_: str = "", **more: str) -> dict[str, str]:
        """Begins to sign in; what the browser carries to the provider."""
        sent = await self.browser.get(f"/oauth/sign-in/{self.code}", params={"next": next_, **more})
        assert sent.status_code == 303, sent.text
        asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
        self.stray.nonce = asked["nonce"]
        return asked

    async def back(self, asked: dict[str, str], **more: str) -> httpx2.Response:
        """Comes back with a code."""
        return await self.returned({"code": "theirs", "state": asked["state"], "iss": self.stray.issuer, **more})

    async def returned(self, carried: Any) -> httpx2.Response:
        """Comes back with whatever it is."""
        query = carried if isinstance(carried, str) else urlencode(carried)
        return await self.browser.get(f"/oauth/back/{self.code}?{query}")

    async def sign_in(self, next_: str = "", **more: str) -> httpx2.Response:
        """Signs in as the provider says."""
        return await self.back(await self.begin(next_, **more))

    async def link(self, writer: Any, subject: str, user: Any) -> None:
        """Has somebody there be a user here."""
        await writer.execute(
            "INSERT INTO oidc_links (provider_id, subject, user_id) SELECT id, $1, $2 FROM oidc_providers WHERE code = $3",
            *(subject, user.key, self.code),
        )


def asked_by(client: Client) -> str:
    """The address at which a client's request for authorization goes on."""
    asked = {
        "response_type": "code",
        "client_id": client.code,
        "redirect_uri": client.uri,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "scope": "openid graph",
        "state": "a state",
    }
    return f"/oauth/authorize?{urlencode(asked)}"


async def token_of(graph: Asking, client: Client, code: str) -> str:
    """The access token for a code."""
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.uri, "code_verifier": VERIFIER}
    found = await graph.client.post("/oauth/token", data={**given, **client.proof})
    assert found.status_code == 200, found.text
    access: str = found.json()["access_token"]
    return access


async def provider(graph: Asking, stray: Stray, **about: Any) -> None:
    """A provider that is registered."""
    given = {"code": "stray", "name": "Stray & Co", "issuer": stray.issuer, "client_id": "us", "here": HERE, **about}
    async with graph.database.writing() as connection, connection.begin():
        await register(connection, NewProvider(**given))


@pytest.fixture(scope="module")
def _stray() -> Iterator[Stray]:
    with straying() as found:
        yield found


@pytest.fixture
def stray(_stray: Stray) -> Stray:
    """The provider, which behaves until a test tells it not to."""
    _stray.mend()
    return _stray


@pytest.fixture
async def elsewhere(
    graph: Asking, company: Company, stray: Stray, settings: Settings, writer: asyncpg.Connection
) -> AsyncIterator[Elsewhere]:
    """A browser and a server that know nothing of the provider yet; the representative is linked."""
    if not await writer.fetchval("SELECT count(*) FROM oidc_providers WHERE code = 'stray'"):
        await provider(graph, stray, domains=["example.com"])
    await writer.execute("DELETE FROM oidc_links")
    transport = httpx2.ASGITransport(app=application(settings, graph.database))
    async with httpx2.AsyncClient(transport=transport, base_url=HERE) as browser:
        found = Elsewhere(graph, browser, stray)
        await found.link(writer, "rep-there", company.rep)
        yield found
