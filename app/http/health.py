"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.database import Database, DatabaseUnavailable
from app.http.requests import Refused
from app.services.policies.store import NoPolicy, active_policy
from app.services.writing import WAITED_TOO_LONG
from migrations import head

T = TypeVar("T")


async def healthz(request: Request) -> Response:
    """GET /healthz: the process lives. Not run in a thread, whose turn comes late under load."""
    return JSONResponse({"status": "ok"})


async def unavailable(request: Request, failure: Exception) -> Response:
    """What is answered beside the graph while the database is away."""
    return JSONResponse({"error": "the database is away"}, status_code=503, headers={"Retry-After": "1"})


async def cancelled(request: Request, failure: Exception) -> Response:
    """What is answered beside the graph where something has to be waited for too long, as for those who write."""
    assert isinstance(failure, DBAPIError)
    if getattr(failure.orig, "sqlstate", None) not in WAITED_TOO_LONG:
        raise failure
    return JSONResponse({"error": "temporarily_unavailable"}, status_code=503, headers={"Retry-After": "1"})


async def refused(request: Request, failure: Exception) -> Response:
    """What is answered beside the graph to who comes while too many wait."""
    assert isinstance(failure, Refused)
    headers = {name.decode(): value.decode() for name, value in failure.headers}
    return JSONResponse({"error": "temporarily_unavailable"}, status_code=failure.status, headers=headers)


AWAY = {"database": False, "migrations": False, "policy": False}


async def _found(database: Database) -> dict[str, bool]:
    """What is as it must be."""
    found = {**AWAY, "database": True}
    try:
        row = await database.read("SELECT version_num FROM alembic_version")
        found["migrations"] = row is not None and row["version_num"] == head()
        await active_policy(database.read)
        found["policy"] = True
    except DatabaseUnavailable:
        return AWAY
    except (NoPolicy, asyncpg.PostgresError):
        pass
    return found


async def _while_steady(database: Database, work: Coroutine[Any, Any, T]) -> T | None:
    """What work comes to; None where the database misses a beat before."""
    tasks = asyncio.create_task(work), asyncio.create_task(database.pulse.missed())
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return None if tasks[1].done() else tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()


def readyz(database: Database, leaving: asyncio.Event) -> Callable[[Request], Awaitable[Response]]:
    """GET /readyz: database, migrations and policy are as they must be, and the process is not about to end."""

    async def ready(request: Request) -> Response:
        found = await _while_steady(database, _found(database)) or AWAY
        ready = all(found.values()) and not leaving.is_set()
        status = "ok" if ready else "leaving" if leaving.is_set() else "unavailable"
        return JSONResponse({"status": status, **found}, status_code=200 if ready else 503)

    return ready
