"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.database import Database, DatabaseUnavailable
from app.services.policy_store import NoPolicy, active_policy
from migrations import head


def healthz(request: Request) -> Response:
    """GET /healthz: the process lives."""
    return JSONResponse({"status": "ok"})


def unavailable(request: Request, failure: Exception) -> Response:
    """What is answered beside the graph while the database is away."""
    return JSONResponse({"error": "the database is away"}, status_code=503, headers={"Retry-After": "1"})


def readyz(database: Database, leaving: asyncio.Event) -> Callable[[Request], Awaitable[Response]]:
    """GET /readyz: database, migrations and policy are as they must be, and the process is not about to end."""

    async def ready(request: Request) -> Response:
        found = {"database": database.pulse.is_steady, "migrations": False, "policy": False}
        try:
            if found["database"]:
                row = await database.read("SELECT version_num FROM alembic_version")
                found["migrations"] = row is not None and row["version_num"] == head()
                await active_policy(database.read)
                found["policy"] = True
        except DatabaseUnavailable:
            found["database"] = False
        except (NoPolicy, asyncpg.PostgresError):
            pass
        ready = all(found.values()) and not leaving.is_set()
        status = "ok" if ready else "leaving" if leaving.is_set() else "unavailable"
        return JSONResponse({"status": status, **found}, status_code=200 if ready else 503)

    return ready
