"""Health, metrics, development mode, and the database going away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from app.identity.tokens import LIFETIME
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.database.proxy import Proxy, proxy_to
from tests.graphql_schema.company import Company
from tests.http.asking import Asking, asking
from tests.http.fixtures import Log
from tests.http.wire import send

READY = {"status": "ok", "database": True, "migrations": True, "policy": True}


async def test_a_process_with_all_it_needs_is_ready(graph: Asking) -> None:
    health, ready = await graph.client.get("/healthz"), await graph.client.get("/readyz")
    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, READY)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_probes_may_ask_with_head_and_nothing_else(graph: Asking, path: str) -> None:
    assert (await graph.client.head(path)).status_code == 200
    for method in ("POST", "PUT", "DELETE"):
        assert (await graph.client.request(method, path)).status_code == 405


async def test_an_empty_database_is_not_ready(
    bare_database: TemporaryDatabase, fresh_database: TemporaryDatabase, settings: Settings
) -> None:
    async with asking(bare_database.dsn, settings) as bare:
        ready = await bare.client.get("/readyz")
        assert (ready.status_code, ready.json()) == (
            503,
            {"status": "unavailable", "database": True, "migrations": False, "policy": False},
        )
    async with asking(fresh_database.dsn, settings) as fresh:
        ready = await fresh.client.get("/readyz")
        assert (ready.status_code, ready.json()) == (
            503,
            {"status": "unavailable", "database": True, "migrations": True, "policy": False},
        )


async def test_a_database_of_another_release_is_not_ready(
    fresh_database: TemporaryDatabase, settings: Settings
) -> None:
    connection = await asyncpg.connect(fresh_database.dsn)
    await connection.execute("UPDATE alembic_version SET version_num = 'later'")
    await connection.close()
    async with asking(fresh_database.dsn, settings) as other:
        ready = await other.client.get("/readyz")
        assert (ready.status_code, ready.json()["migrations"]) == (503, False)


async def test_requests_and_errors_are_counted(graph: Asking, company: Company) -> None:
    async def counted(name: str) -> float:
        text = (await graph.client.get("/metrics")).text
        return next((float(line.split()[-1]) for line in text.splitlines() if line.startswith(name)), 0.0)

    names = ("c360_request_seconds_count", 'c360_request_errors_total{code="BAD_USER_INPUT"}')
    before = [await counted(name) for name in names]
    await graph.post(company.admin, "{ __typename }")
    await graph.post(company.admin, "{ customers(first: 0) { totalCount } }")
    await graph.client.post("/graphql", json={})
    assert [await counted(name) - was for name, was in zip(names, before, strict=True)] == [3, 1]
    text = (await graph.client.get("/metrics")).text
    assert 'c360_request_errors_total{code="UNAUTHENTICATED"}' in text
    assert "admin" not in text


# Development mode


@dataclass(frozen=True)
class Modes:
    """The same database in development and in production."""

    dev: Asking
    production: Asking


@pytest.fixture(scope="module")
async def modes(
    database: TemporaryDatabase, company: Company, settings: Settings, graph: Asking
) -> AsyncIterator[Modes]:
    async with asking(database.dsn, settings.model_copy(update={"dev": True})) as dev:
        yield Modes(dev, graph)


async def test_development_mode_lists_who_there_is_and_gives_tokens(modes: Modes, company: Company) -> None:
    users = (await modes.dev.client.get("/dev/users")).json()
    assert "rep@example.com" in {user["email"] for user in users}
    given = await modes.dev.client.post("/dev/token", json={"email": "Rep@example.com"})
    assert (given.status_code, given.headers["cache-control"]) == (200, "no-store")
    assert given.json()["expiresIn"] == LIFETIME
    headers = {"Authorization": f"Bearer {given.json()['token']}"}
    for mode in (modes.dev, modes.production):
        answer = await mode.client.post("/graphql", json={"query": "{ viewer { displayName } }"}, headers=headers)
        assert answer.json()["data"] == {"viewer": {"displayName": "Rep"}}


@pytest.mark.parametrize(("method", "path"), [("GET", "/dev/users"), ("POST", "/dev/token"), ("GET", "/dev/token")])
async def test_production_has_no_such_thing(modes: Modes, method: str, path: str) -> None:
    response = await modes.production.client.request(method, path, json={"email": "rep@example.com"})
    assert response.status_code == 404


TOKENS = [
    (b'{"email": "nobody-of-that-name@example.com"}', b"application/json", 404),
    (b'{"email": "rep@example.com\\u0000"}', b"application/json", 404),
    (b'{"email": ""}', b"application/json", 404),
    (b'{"email": null}', b"application/json", 400),
    (b'{"email": 1}', b"application/json", 400),
    (b'{"email": ["rep@example.com"]}', b"application/json", 400),
    (b"{}", b"application/json", 400),
    (b"[]", b"application/json", 400),
    (b'"rep@example.com"', b"application/json", 400),
    (b"null", b"application/json", 400),
    (b"", b"application/json", 400),
    (b"\xff", b"application/json", 400),
    (b"[" * 20_000, b"application/json", 400),
    (b'{"email": "rep@example.com"}', b"text/plain", 415),
    (b'{"email": "rep@example.com"}', b"application/x-www-form-urlencoded", 415),
    (b"email=rep@example.com", b"", 415),
    (b'{"email": "' + b"x" * (100_000 - 13) + b'"}', b"application/json", 404),
    (b'{"email": "' + b"x" * (100_001 - 13) + b'"}', b"application/json", 413),
]


@pytest.mark.parametrize(("body", "type_", "status"), TOKENS)
async def test_a_token_is_given_for_a_known_address_in_json(
    modes: Modes, body: bytes, type_: bytes, status: int
) -> None:
    sent = await send(modes.dev.app, path="/dev/token", headers=[(b"content-type", type_)], body=(body,))
    assert sent.status == status
    assert "token" not in sent.json


HOSTS = [
    ("localhost", True),
    ("localhost:8000", True),
    ("127.0.0.1:8000", True),
    ("[::1]:8000", True),
    ("[::1]", True),
    ("example.com", False),
    ("localhost.example.com", False),
    ("127.0.0.1.example.com", False),
    ("", False),
]


@pytest.mark.parametrize(("host", "known"), HOSTS)
async def test_development_mode_answers_under_names_of_this_machine_only(
    modes: Modes, host: str, *, known: bool
) -> None:
    for path in ("/dev/users", "/healthz"):
        response = await modes.dev.client.get(path, headers={"Host": host})
        assert response.status_code == (200 if known else 400)
    assert (await modes.production.client.get("/healthz", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
async def test_no_foreign_page_reads_what_is_answered(modes: Modes, company: Company, origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for mode in (modes.dev, modes.production):
        for path in ("/graphql", "/dev/token", "/dev/users"):
            response = await mode.client.options(path, headers=headers)
            assert not any(name.startswith("access-control") for name in response.headers)
        asked = await mode.client.post(
            "/graphql", json={"query": "{ __typename }"}, headers={**headers, **mode.bearer(company.admin)}
        )
        assert not any(name.startswith("access-control") for name in asked.headers)


# The database goes away


@pytest.fixture
async def far(database: TemporaryDatabase, company: Company, settings: Settings) -> AsyncIterator[tuple[Asking, Proxy]]:
    """A process whose database is behind a network that can be cut."""
    async with proxy_to(database.dsn) as proxy, asking(proxy.dsn, settings.model_copy(update={"dev": True})) as served:
        assert (await served.client.get("/readyz")).status_code == 200
        yield served, proxy


async def _until(served: Asking, status: int) -> None:
    async with asyncio.timeout(5):
        while (await served.client.get("/readyz")).status_code != status:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("how", ["refuse", "swallow"])
async def test_without_a_database_the_service_says_so_and_comes_back(
    far: tuple[Asking, Proxy], company: Company, log: Log, how: str
) -> None:
    served, proxy = far
    query = "{ customers { totalCount } viewer { displayName } }"
    expected = await served.data(company.admin, query)
    getattr(proxy, how)()
    await _until(served, 503)
    ready = (await served.client.get("/readyz")).json()
    assert ready == {"status": "unavailable", "database": False, "migrations": False, "policy": False}
    assert (await served.client.get("/healthz")).status_code == 200
    for asked in (query, "{ __typename }", "{ nonsense }"):
        response = await served.post(company.admin, asked)
        assert response.status_code == 503
        assert response.headers["retry-after"] == "1"
        assert response.json()["errors"][0] == {
            "message": "the service is not available now",
            "extensions": {"code": "INTERNAL", "requestId": response.headers["x-request-id"]},
        }
    for response in (
        await served.client.get("/dev/users"),
        await served.client.post("/dev/token", json={"email": "rep@example.com"}),
    ):
        assert response.status_code == 503
    refused = await served.client.post("/graphql", json={"query": query})
    assert refused.status_code == 401
    reasons = {line.get("reason") for line in log.lines() if line.get("status") == 503}
    assert reasons == {"DatabaseUnavailable"}

    await proxy.mend()
    await _until(served, 200)
    assert await served.data(company.admin, query) == expected
    told = [line["event"] for line in log.lines() if line["event"] != "request"]
    felt = told or how == "swallow"  # what is over within half a second may go unnoticed
    assert told == (["the database is lost", "the database is back"] if felt else [])


@pytest.mark.parametrize("path", ["/healthz/", "/oauth/sign-in/", "//healthz"])
async def test_nobody_is_sent_to_a_host_that_a_request_names(graph: Asking, path: str) -> None:
    sent = await send(graph.app, "GET", path, headers=[(b"x-forwarded-host", b"evil.example")])
    assert (sent.status, "location" in sent.headers) == (404, False)
