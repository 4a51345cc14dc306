"""What a caller may ask in a minute: counted for the user and the client, told in headers, refused early."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx2
import pytest
from starlette.types import Message

from app.database import DatabaseUnavailable
from app.models.ids import uuid7
from app.settings import Settings
from graphql_schema.budgets.counting import Here
from graphql_schema.engine import Engine
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row
from tests.http.asking import Asking, asking
from tests.http.wire import send

CHEAP = "{ viewer { displayName } }"
TEN = "{ customers(first: 10) { nodes { id } } }"


@asynccontextmanager
async def _still(dsn: str, settings: Settings, **given: int) -> AsyncIterator[tuple[Asking, list[float]]]:
    """The graph with such settings, and a clock that stands until it is set."""
    now = [0.0]
    async with asking(dsn, settings.model_copy(update=given)) as served:
        served.engine.budgets.counters = Here(clock=lambda: now[0])
        served.engine.budgets.clock = lambda: now[0]
        yield served, now


def _told(response: httpx2.Response) -> tuple[int, str | None, str | None]:
    return response.status_code, response.headers.get("ratelimit"), response.headers.get("retry-after")


async def _client(writer: asyncpg.Connection, **figures: int | None) -> Any:
    """The key of a client of the house with such figures."""
    key, given = uuid7(), {"requests_per_minute": None, "cost_per_minute": None, **figures}
    await writer.execute(
        "INSERT INTO oauth_clients (id, code, name, is_public, is_own, requests_per_minute, cost_per_minute)"
        " VALUES ($1, $2, 'A client', true, true, $3, $4)",
        key,
        key.hex,
        *given.values(),
    )
    return key


async def _through(graph: Asking, writer: asyncpg.Connection, client: Any, who: Row | None) -> Mapping[str, str]:
    """The header by which a user is known who asks through a client, or the client itself."""
    grant, user = uuid7(), who.key if who else None
    await writer.execute(
        "INSERT INTO oauth_grants (id, client_id, user_id, scopes) VALUES ($1, $2, $3, '{graph}')", grant, client, user
    )
    token = graph.tokens.issue(user or client, client=client.hex, grant=grant, scope="graph")
    return {"Authorization": f"Bearer {token}"}


async def _ask(graph: Asking, headers: Mapping[str, str], query: str = CHEAP) -> httpx2.Response:
    return await graph.client.post("/graphql", json={"query": query}, headers=headers)


async def test_where_no_quota_is_set_nothing_is_counted_and_nothing_told(graph: Asking, company: Company) -> None:
    for _ in range(2):
        response = await graph.post(company.admin, CHEAP)
        assert _told(response) == (200, None, None)
        assert "ratelimit-policy" not in response.headers
    assert not graph.engine.budgets.counters._counted  # type: ignore[attr-defined]


async def test_requests_are_counted_told_and_refused_till_they_fit_again(
    database: TemporaryDatabase, company: Company, settings: Settings
) -> None:
    async with _still(database.dsn, settings, requests_per_minute=3) as (graph, now):
        for left in (2, 1, 0):
            response = await graph.post(company.admin, CHEAP)
            assert response.headers["ratelimit-policy"] == '"user-requests";q=3;w=60'
            assert _told(response) == (200, f'"user-requests";r={left};t=60', None)
        before = graph.engine.statements
        for _ in range(2):
            response = await graph.post(company.admin, CHEAP)
            assert _told(response) == (429, '"user-requests";r=0;t=80', "80")
            assert response.json()["errors"][0]["message"] == "too many requests of late"
            assert response.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert graph.engine.statements == before
        assert _told(await graph.post(company.rep, CHEAP)) == (200, '"user-requests";r=2;t=60', None)
        now[0] = 79.5
        assert _told(await graph.post(company.admin, CHEAP)) == (429, '"user-requests";r=0;t=1', "1")
        now[0] = 80.0
        assert _told(await graph.post(company.admin, CHEAP)) == (200, '"user-requests";r=0;t=40', None)


async def test_of_a_caller_with_too_many_requests_nothing_is_read(
    database: TemporaryDatabase, company: Company, settings: Settings
) -> None:
    async def receive() -> Message:
        raise AssertionError("the body was asked for")

    async def take(message: Message) -> None:
        statuses.append(message.get("status", 0))

    statuses: list[int] = []
    async with _still(database.dsn, settings, requests_per_minute=1) as (graph, _):
        for _ in range(2):
            await graph.post(company.admin, CHEAP)
        token = graph.bearer(company.admin)["Authorization"].encode()
        scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "client": None}
        await graph.app({**scope, "headers": [(b"authorization", token)]}, receive, take)
    assert statuses == [429, 0]


WRONG = [("{ nothing }", 400), ("{ customers(first: 0) { nodes { id } } }", 200), ("{", 400)]


@pytest.mark.parametrize(("query", "status"), WRONG)
async def test_a_request_that_is_wrong_counts_too(
    database: TemporaryDatabase, company: Company, settings: Settings, query: str, status: int
) -> None:
    async with _still(database.dsn, settings, requests_per_minute=3, cost_per_minute=100) as (graph, _):
        token = graph.bearer(company.admin)["Authorization"].encode()
        headers = [(b"authorization", token), (b"content-type", b"application/json")]
        body = b'{"query": "%s"}' % query.encode()
        accept = (b"accept", b"application/graphql-response+json")
        sent = await send(graph.app, headers=[*headers, accept], body=(body,))
        assert (sent.status, sent.headers["ratelimit"].partition(",")[0]) == (status, '"user-requests";r=2;t=60')


async def test_a_user_who_asks_through_a_client_counts_for_both(
    database: TemporaryDatabase, company: Company, settings: Settings, writer: asyncpg.Connection
) -> None:
    client = await _client(writer, requests_per_minute=3)
    async with _still(database.dsn, settings, requests_per_minute=2) as (graph, _):
        admin = await _through(graph, writer, client, company.admin)
        rep = await _through(graph, writer, client, company.rep)
        policy = '"user-requests";q=2;w=60, "client-requests";q=3;w=60'
        for headers, left in ((admin, (1, 2)), (rep, (1, 1)), (admin, (0, 0))):
            response = await _ask(graph, headers)
            user, through = left
            assert response.headers["ratelimit-policy"] == policy
            assert _told(response) == (200, f'"user-requests";r={user};t=60, "client-requests";r={through};t=60', None)
        refused = '"user-requests";r=1;t=60, "client-requests";r=0;t=80'
        assert _told(await _ask(graph, rep)) == (429, refused, "80")
        assert _told(await graph.post(company.rep, CHEAP)) == (200, '"user-requests";r=0;t=60', None)
        assert (await graph.post(company.admin, CHEAP)).status_code == 429


@pytest.mark.parametrize(("own", "most"), [(None, 2), (3, 3), (1, 1)])
async def test_a_client_that_asks_for_itself_has_its_own_figure_or_everyones(
    database: TemporaryDatabase,
    company: Company,
    settings: Settings,
    writer: asyncpg.Connection,
    own: int | None,
    most: int,
) -> None:
    client = await _client(writer, requests_per_minute=own)
    async with _still(database.dsn, settings, requests_per_minute=2) as (graph, _):
        itself = await _through(graph, writer, client, None)
        found = [(await _ask(graph, itself, "{ __typename }")).status_code for _ in range(most + 1)]
    assert found == [200] * most + [429]


async def test_another_figure_of_a_client_holds_from_the_next_request_on(
    database: TemporaryDatabase, company: Company, settings: Settings, writer: asyncpg.Connection
) -> None:
    client = await _client(writer)
    async with _still(database.dsn, settings) as (graph, _):
        rep = await _through(graph, writer, client, company.rep)
        assert _told(await _ask(graph, rep)) == (200, None, None)
        await writer.execute("UPDATE oauth_clients SET cost_per_minute = 15 WHERE id = $1", client)
        await _ask(graph, rep)  # finds out, by its proof
        response = await _ask(graph, rep, TEN)
        assert _told(response) == (200, '"client-cost";r=5;t=60', None)
        assert response.headers["ratelimit-policy"] == '"client-cost";q=15;w=60;qu="points"'
        assert _told(await graph.post(company.rep, TEN)) == (200, None, None)


async def test_the_least_that_is_left_is_told_as_the_budget(
    database: TemporaryDatabase, company: Company, settings: Settings, writer: asyncpg.Connection
) -> None:
    client = await _client(writer, cost_per_minute=120)
    async with _still(database.dsn, settings, cost_per_minute=60) as (graph, _):
        admin = await _through(graph, writer, client, company.admin)
        told = [(await _ask(graph, admin, TEN)).json()["extensions"]["cost"] for _ in range(2)]
        assert told == [
            {"requested": 10, "limit": 60, "budget": 60, "remaining": left, "restoreRate": 1.0} for left in (50, 40)
        ]
        fifty = TEN.replace("10", "50")
        refused = await _ask(graph, admin, fifty)
        assert _told(refused) == (429, '"user-cost";r=40;t=90', "90")
        assert refused.json()["errors"][0]["message"] == "the budget is spent for now"
        rep = await _through(graph, writer, client, company.rep)
        found = await _ask(graph, rep, fifty)
        assert found.json()["extensions"]["cost"]["remaining"] == 10
        assert _told(found) == (200, '"user-cost";r=10;t=60, "client-cost";r=50;t=60', None)
        dear = await _ask(graph, rep, TEN.replace("10", "61"))
        assert dear.json()["errors"][0]["extensions"]["code"] == "COST_EXCEEDED"
        assert dear.json()["errors"][0]["extensions"]["limit"] == 60


async def test_what_it_would_cost_is_told_with_what_is_left_and_takes_nothing(
    database: TemporaryDatabase, company: Company, settings: Settings
) -> None:
    async with _still(database.dsn, settings, cost_per_minute=100) as (graph, _):
        for _ in range(2):
            answer = await graph.ask(company.admin, TEN, extensions={"explainCost": True})
            assert answer["extensions"]["cost"]["remaining"] == 100


async def test_points_are_given_back_where_the_database_is_away(
    database: TemporaryDatabase, company: Company, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(self: Engine, *arguments: object) -> None:
        raise DatabaseUnavailable

    async with _still(database.dsn, settings, cost_per_minute=100) as (graph, _):
        assert (await graph.ask(company.admin, TEN))["extensions"]["cost"]["remaining"] == 90
        with monkeypatch.context() as patched:
            patched.setattr(Engine, "run", away)
            assert (await graph.post(company.admin, TEN)).status_code == 503
        assert (await graph.ask(company.admin, TEN))["extensions"]["cost"]["remaining"] == 80
