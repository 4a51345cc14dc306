"""Clients, a user with a password, and a browser that keeps cookies."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import httpx2
import pytest

from app.identity.oauth import passwords, sessions
from app.identity.oauth.declaring import NewClient
from app.identity.oauth.registering import register
from tests.graphql_schema.company import Company
from tests.http.asking import Asking

PASSWORD = "correct horse battery"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@dataclass(frozen=True, repr=False)
class Client:
    """A client and its secret."""

    code: str
    secret: str | None
    uri: str = "https://app.example/back"

    @property
    def proof(self) -> dict[str, str]:
        """How it proves who it is."""
        return {"client_id": self.code, **({"client_secret": self.secret} if self.secret else {})}


@dataclass(frozen=True, repr=False)
class Signing:
    """A server that signs people in, seen from a browser."""

    graph: Asking
    browser: httpx2.AsyncClient
    user: UUID

    async def enter(self, user: UUID | None = None) -> None:
        """Has a user signed in already: the representative, unless another is named."""
        async with self.graph.database.writing() as connection, connection.begin():
            self.browser.cookies.set("c360-session", await sessions.begin(connection, user or self.user))

    async def post(self, path: str, **fields: str) -> httpx2.Response:
        """The response to a form of our own page."""
        return await self.browser.post(path, data=fields, headers={"Origin": "http://127.0.0.1:8000"})

    async def sign_in(self, email: str = "rep@example.com", password: str = PASSWORD) -> httpx2.Response:
        """Signs a user in."""
        return await self.post("/oauth/sign-in", email=email, password=password, next="")

    def asked(self, client: Client, **more: str) -> dict[str, str]:
        """The parameters of a sound request for authorization."""
        return {
            "response_type": "code",
            "client_id": client.code,
            "redirect_uri": client.uri,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "state": "a state",
            **more,
        }

    async def code(self, client: Client, **more: str) -> str:
        """A code for a client, to which the user agrees."""
        allowed = await self.post("/oauth/authorize", decision="allow", **self.asked(client, **more))
        return back(allowed)["code"]

    async def token(self, **fields: str) -> httpx2.Response:
        """The response of the token endpoint."""
        return await self.graph.client.post("/oauth/token", data=fields)

    async def exchange(self, client: Client, code: str, **more: str) -> httpx2.Response:
        """The tokens for a code."""
        given = {"code": code, "redirect_uri": client.uri, "code_verifier": VERIFIER, **client.proof}
        return await self.token(grant_type="authorization_code", **{**given, **more})

    async def tokens(self, client: Client, **more: str) -> dict[str, Any]:
        """The tokens that a user's consent comes to."""
        found = await self.exchange(client, await self.code(client, **more))
        assert found.status_code == 200, found.text
        answer: dict[str, Any] = found.json()
        return answer

    async def asks(
        self, access: str, query: str = "{ viewer { displayName roles } }", variables: Any = None
    ) -> httpx2.Response:
        """The response of the graph to the holder of an access token."""
        headers = {"Authorization": f"Bearer {access}"}
        return await self.graph.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


def back(response: httpx2.Response) -> Mapping[str, str]:
    """What a browser carries to the client."""
    assert response.status_code == 302, response.text
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


async def made(graph: Asking, **about: Any) -> Client:
    """A client that is registered."""
    async with graph.database.writing() as connection, connection.begin():
        secret = await register(connection, NewClient(**about))
    return Client(about["code"], secret)


FOR_USERS = {"grant_types": ["authorization_code", "refresh_token"], "redirect_uris": ["https://app.example/back"]}


@pytest.fixture(scope="module")
async def front(graph: Asking) -> Client:
    """The house's own front end, in the browser."""
    scopes = ["openid", "profile", "email", "graph"]
    return await made(graph, code="front", name="Front", scopes=scopes, is_public=True, is_own=True, **FOR_USERS)


@pytest.fixture(scope="module")
async def partner(graph: Asking, company: Company) -> Client:
    """A partner's system, which acts for users and for itself."""
    grants = [*FOR_USERS["grant_types"], "client_credentials"]
    about = {**FOR_USERS, "grant_types": grants, "role": "partner", "region": "DE"}
    return await made(graph, code="partner", name="Partner", scopes=["openid", "graph"], **about)


@pytest.fixture(scope="module")
async def marketing(graph: Asking, company: Company) -> Client:
    """A tool of the marketers', which acts for users."""
    return await made(graph, code="tool", name="Tool", scopes=["graph"], role="marketer", **FOR_USERS)


@pytest.fixture(scope="module")
async def rival(graph: Asking, company: Company) -> Client:
    """Another partner's."""
    about = {**FOR_USERS, "role": "partner", "region": "FR"}
    return await made(graph, code="rival", name="Rival", scopes=["openid", "graph"], **about)


@pytest.fixture(scope="module")
async def _password(graph: Asking, company: Company) -> None:
    async with graph.database.writing() as connection, connection.begin():
        await passwords.put(connection, company.rep.key, PASSWORD)


@pytest.fixture
async def signing(graph: Asking, company: Company, _password: None) -> AsyncIterator[Signing]:
    """The representative can sign in, and has not yet."""
    transport = httpx2.ASGITransport(app=graph.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as browser:
        yield Signing(graph, browser, company.rep.key)
