"""The end of a process: what is being answered is answered, and nothing else is begun."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import httpx2

from app.main import tokens_of
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.http.gated import GATED, PATIENCE, WAITING, gate, shut, until
from tests.process import HOST, Server, serving

__all__ = ["gate"]


async def _refuses(server: Server) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, server.port)
    except OSError:
        return True
    writer.close()
    return False


@asynccontextmanager
async def _asked(
    server: Server, gate: asyncpg.Connection, company: Company, settings: Settings, times: int
) -> AsyncIterator[list[asyncio.Task[httpx2.Response]]]:
    """Requests that are being answered, and wait at the gate."""
    headers = {"Authorization": f"Bearer {tokens_of(settings).issue(company.admin.key)}"}
    async with httpx2.AsyncClient(base_url=server.address, headers=headers, timeout=PATIENCE) as client:
        asked = [asyncio.create_task(client.post("/graphql", json={"query": GATED})) for _ in range(times)]

        async def all_wait() -> bool:
            found: int = await gate.fetchval(WAITING)
            return found == times

        await until(all_wait)
        yield asked


def _told(server: Server) -> list[str]:
    return [json.loads(line)["event"] for line in server.log.splitlines() if line.startswith("{")]


async def test_what_is_being_answered_is_answered_and_nothing_is_begun(
    tmp_path: Path, database: TemporaryDatabase, gate: asyncpg.Connection, company: Company, settings: Settings
) -> None:
    given = {"data_dir": str(settings.data_dir), "issuer": "https://c360.example"}
    async with serving(tmp_path, database.dsn, **given) as server:
        idle, writer = await asyncio.open_connection(HOST, server.port)
        async with shut(gate), _asked(server, gate, company, settings, 3) as asked:
            server.tell_to_end()
            await until(lambda: _refuses(server))
            async with asyncio.timeout(PATIENCE):
                assert await idle.read() == b""
            assert not any(task.done() for task in asked)
            await gate.execute("SELECT pg_advisory_unlock(1)")
            for response in await asyncio.gather(*asked):
                assert (response.status_code, response.headers["connection"]) == (200, "close")
                assert response.headers["strict-transport-security"] == "max-age=63072000"
                assert response.json()["data"] == {"surveys": {"nodes": []}}
        assert await server.code() == 0
        writer.close()
        told = _told(server)
    assert [event for event in told if event != "request"] == ["leaving"]
    assert told.count("request") == 3


async def test_a_process_that_leaves_says_so_and_is_told_twice_to_end_at_once(
    tmp_path: Path, database: TemporaryDatabase, gate: asyncpg.Connection, company: Company, settings: Settings
) -> None:
    async with serving(tmp_path, database.dsn, data_dir=str(settings.data_dir), notice="60") as server:
        async with httpx2.AsyncClient(base_url=server.address) as client:
            server.tell_to_end()

            async def is_leaving() -> bool:
                return (await client.get("/readyz")).status_code == 503

            await until(is_leaving)
            assert (await client.get("/readyz")).json()["status"] == "leaving"
            assert (await client.get("/healthz")).status_code == 200
        async with shut(gate), _asked(server, gate, company, settings, 1) as asked:
            server.tell_to_end()
            async with asyncio.timeout(PATIENCE):
                assert await server.code() == 1
                with suppress(httpx2.TransportError):
                    assert (await asked[0]).status_code == 503
        assert _told(server)[:2] == ["leaving", "ending at once"]
