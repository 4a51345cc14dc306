"""What there is to reach: the statements of ours, as fixed text, behind Starlette and asyncpg. No GraphQL, no sign-in."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.database import Database
from app.identity.bearer import Bearer
from app.main import engine_of
from benchmarks.caller import Caller
from benchmarks.contenders import SELECTIONS, Bodies, Contender, text_of, write_bodies
from benchmarks.errors import BenchmarkError
from benchmarks.processes import HOST, Program, free_port, running
from benchmarks.volume import Volume
from graphql_schema import requests
from graphql_schema.ids import NodeId, encode
from graphql_schema.types import GRAPH

SERVED = "C360_BENCH_LIMIT"
"""Environment variable: JSON of what is served."""
NAME = "the limit"
SECONDS = 10.0


async def statements_of(database: Database, caller: Caller) -> dict[str, list[tuple[str, tuple[Any, ...]]]]:
    """What ours sends to the database for each selection, when it is asked for the second time."""
    sent: list[tuple[str, tuple[Any, ...]]] = []

    async def read(statement: str, *arguments: Any) -> Any:
        sent.append((statement, arguments))
        return await database.read(statement, *arguments)

    ours = replace(engine_of(database), read=read)
    variables = {"one": {"id": encode(NodeId(GRAPH["Customer"].tag, None, caller.cycle[0]))}, "list": {}}
    found = {}
    for selection in SELECTIONS:
        request = requests.Request(text_of(selection, "ours"), variables[selection])
        for _ in range(2):
            sent.clear()
            await ours.answer(request, Bearer(caller.user))
        found[selection] = list(sent)
    return found


def application() -> Starlette:
    """The server."""
    served = orjson.loads(Path(os.environ[SERVED]).read_bytes())
    statements = served["statements"]

    async def answer(request: Request) -> Response:
        statement = statements[request.path_params["selection"]]
        key = orjson.loads(await request.body())["id"]
        values = [key if place in statement["keys"] else value for place, value in enumerate(statement["values"])]
        row = await request.app.state.pool.fetchrow(statement["text"], *values)
        return Response(row[0], media_type="application/json")

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        database = Database(served["database"], pool_size=served["pool"], statement_timeout=SECONDS)
        await database.open()
        app.state.pool = database.pool
        yield
        await database.close()

    return Starlette(
        routes=[Route("/{selection}", answer, methods=["POST"]), Route("/", lambda _: Response())], lifespan=lifespan
    )


def _fixed(statement: tuple[str, tuple[Any, ...]], key: UUID) -> Mapping[str, Any]:
    text, values = statement
    return {"text": text, "values": values, "keys": [place for place, value in enumerate(values) if value == key]}


@contextmanager
def limit(
    volume: Volume, caller: Caller, pool: int, statements: Mapping[str, list[tuple[str, tuple[Any, ...]]]]
) -> Iterator[Contender]:
    """The limit's server, as long as the block. Raises BenchmarkError where a selection takes more than one statement."""
    if any(len(some) != 1 for some in statements.values()):
        raise BenchmarkError("A selection is answered by one statement, or there is no fixed text to compare with.")
    fixed = {selection: _fixed(some[0], caller.cycle[0]) for selection, some in statements.items()}
    served = volume.folder / "limit.json"
    served.write_bytes(orjson.dumps({"database": volume.address, "pool": pool, "statements": fixed}, default=str))
    bodies: Bodies = {"one": [{"id": key} for key in caller.cycle], "list": [{"id": None}]}
    files = write_bodies(volume.folder, "limit", bodies)
    port = free_port()
    base = f"http://{HOST}:{port}"
    command = [sys.executable, "-m", "uvicorn", "--factory", "benchmarks.limit:application", "--no-access-log"]
    command += ["--host", HOST, "--port", str(port), "--loop", "uvloop", "--http", "httptools"]
    with running(Program(command, {SERVED: str(served)}, volume.folder / "limit.log"), f"{base}/"):
        yield Contender(NAME, {selection: f"{base}/{selection}" for selection in SELECTIONS}, files)
