"""Answers that take long: they end when nobody waits for them, and keep nobody else from being answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import orjson
import pytest
import uvicorn
from starlette.types import ASGIApp

from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row
from tests.http.asking import Asking, asking
from tests.http.fixtures import Log

PATIENCE = 10
"""Seconds in which all that is waited for must happen."""
LONG = 60
"""Seconds that the slow table takes, and that a statement may."""
SLOW = "{ surveys { nodes { id } } }"
FAST = "{ viewer { displayName } }"
RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"


@pytest.fixture(scope="module")
async def slow(writer: asyncpg.Connection, company: Company) -> asyncpg.Connection:
    """A database in which reading surveys takes a minute."""
    await writer.execute(f"""
        ALTER TABLE surveys RENAME TO kept;
        CREATE FUNCTION slowly() RETURNS SETOF kept LANGUAGE sql VOLATILE
            AS 'SELECT pg_sleep({LONG}); SELECT * FROM kept';
        CREATE VIEW surveys AS SELECT * FROM slowly();
    """)
    return writer


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await asyncio.sleep(0.01)


async def _running(slow: asyncpg.Connection, statements: int) -> None:
    """Waits until so many statements read surveys."""

    async def so_many() -> bool:
        found: int = await slow.fetchval(RUNNING)
        return found == statements

    await _until(so_many)


@asynccontextmanager
async def _serving(app: ASGIApp) -> AsyncIterator[int]:
    """A server on a port of its own."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", ws="none", log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


def _written(graph: Asking, who: Row) -> bytes:
    body = orjson.dumps({"query": SLOW})
    head = (
        "POST /graphql HTTP/1.1",
        "host: localhost",
        f"authorization: {graph.bearer(who)['Authorization']}",
        "content-type: application/json",
        f"content-length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body


@pytest.mark.parametrize("known", [False, True], ids=["a new plan", "a known plan"])
async def test_a_client_that_leaves_takes_its_statement_along(
    database: TemporaryDatabase,
    slow: asyncpg.Connection,
    company: Company,
    settings: Settings,
    log: Log,
    *,
    known: bool,
) -> None:
    async with asking(database.dsn, settings, statement_timeout=LONG) as graph:
        if known:
            await slow.execute("CREATE OR REPLACE VIEW surveys AS SELECT * FROM kept")
            await graph.data(company.admin, SLOW)
            await slow.execute("CREATE OR REPLACE VIEW surveys AS SELECT * FROM slowly()")
        async with _serving(graph.app) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_written(graph, company.admin))
            await _running(slow, 1)
            writer.close()
            await _running(slow, 0)

            async def noted() -> bool:
                return bool(log.lines()) and log.lines()[-1]["status"] == 499

            await _until(noted)
        assert (await graph.data(company.admin, FAST))["viewer"] == {"displayName": "Admin"}


@pytest.mark.parametrize(("statement", "answer"), [(1, LONG), (LONG, 2)])
async def test_an_answer_that_takes_too_long_is_a_timeout_and_so_is_its_statement(
    database: TemporaryDatabase,
    slow: asyncpg.Connection,
    company: Company,
    settings: Settings,
    statement: float,
    answer: float,
) -> None:
    given = settings.model_copy(update={"answer_timeout": answer})
    async with asking(database.dsn, given, statement_timeout=statement) as graph:
        await graph.data(company.admin, FAST)
        response = await graph.post(company.admin, SLOW)
        assert response.status_code == 504
        assert response.json()["errors"] == [
            {
                "message": "the answer took too long",
                "extensions": {"code": "TIMEOUT", "requestId": response.headers["x-request-id"]},
            }
        ]
        await _running(slow, 0)
        assert (await graph.data(company.admin, FAST))["viewer"] == {"displayName": "Admin"}


async def test_a_lock_that_is_held_too_long_is_a_timeout(
    database: TemporaryDatabase, slow: asyncpg.Connection, company: Company, settings: Settings
) -> None:
    async with asking(database.dsn, settings, statement_timeout=LONG) as graph, slow.transaction():
        await slow.execute("LOCK TABLE products")
        response = await graph.post(company.admin, "{ products { nodes { id } } }")
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (504, "TIMEOUT")


@asynccontextmanager
async def _asked(graph: Asking, who: Row, times: int) -> AsyncIterator[None]:
    """Somebody asks for surveys again and again, and leaves in the end."""
    tasks: list[asyncio.Task[Any]] = [asyncio.create_task(graph.post(who, SLOW)) for _ in range(times)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_a_caller_with_many_requests_waits_and_nobody_else(
    database: TemporaryDatabase, slow: asyncpg.Connection, company: Company, settings: Settings
) -> None:
    async with asking(database.dsn, settings, pool_size=settings.pool_size, statement_timeout=LONG) as graph:
        async with _asked(graph, company.admin, settings.most_requests_per_caller):
            await _running(slow, settings.most_requests_per_caller)
            for query in (SLOW, FAST, "{"):
                response = await graph.post(company.admin, query)
                assert (response.status_code, response.headers["retry-after"]) == (429, "1")
                assert response.json()["errors"][0]["extensions"] == {
                    "code": "RATE_LIMITED",
                    "requestId": response.headers["x-request-id"],
                }
            for _ in range(20):
                assert (await graph.data(company.rep, FAST))["viewer"] == {"displayName": "Rep"}
        await _running(slow, 0)
        assert (await graph.data(company.admin, FAST))["viewer"] == {"displayName": "Admin"}


async def test_slow_answers_of_two_callers_leave_a_connection_to_others(
    database: TemporaryDatabase, slow: asyncpg.Connection, company: Company, settings: Settings
) -> None:
    async with asking(database.dsn, settings, pool_size=settings.pool_size, statement_timeout=LONG) as graph:
        async with _asked(graph, company.admin, 8), _asked(graph, company.auditor, 8):
            await _running(slow, 9)
            for _ in range(20):
                assert (await graph.data(company.rep, FAST))["viewer"] == {"displayName": "Rep"}
                assert (await graph.client.get("/readyz")).status_code == 200
            await _running(slow, 9)
        await _running(slow, 0)


async def test_many_requests_of_many_callers_are_too_many(
    database: TemporaryDatabase, slow: asyncpg.Connection, company: Company, settings: Settings
) -> None:
    given = settings.model_copy(update={"most_requests": 3})
    async with asking(database.dsn, given, pool_size=4, statement_timeout=LONG) as graph:
        async with _asked(graph, company.admin, 2), _asked(graph, company.auditor, 1):
            await _running(slow, 3)
            response = await graph.post(company.rep, FAST)
            assert (response.status_code, response.headers["retry-after"]) == (503, "1")
            assert response.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert (await graph.data(company.rep, FAST))["viewer"] == {"displayName": "Rep"}
