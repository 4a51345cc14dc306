"""A process that asks the graph without a pause, and writes down each answer with what the database said meanwhile.

    python -m tests.concurrency.asker DSN DIRECTORY

It takes orders on stdin, one JSON object a line: {"asked": [[user, query] …], "hole": name or null, "exactly": bool} to
begin, in a service newly started; anything else to stop. On stdout each answer is a line of JSON, [number of the question,
what was told, moment before, moment after], and what was stopped an empty line.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx2
import structlog
import uvloop

from app.settings import Settings
from tests.concurrency.holes import hole
from tests.concurrency.witness import AT_ONCE, Witness
from tests.http.asking import Asking, asking

FIELD = "taxId"
"""The field that introspection is asked for."""
AWAY = "503"
ASKERS = 4
CONNECTIONS = 3
"""Fewer than those who ask, so that they take turns on each."""


def told(response: httpx2.Response) -> str:
    """What an answer says: the status if it is none, the code of an error, the customers seen, whether a field is."""
    if response.status_code != 200:
        return str(response.status_code)
    found: dict[str, Any] = response.json()
    if "errors" in found:
        return str(found["errors"][0]["extensions"]["code"])
    data = found["data"]
    if "nodes" in data.get("customers", {}):
        return " ".join(sorted(node["displayName"] for node in data["customers"]["nodes"]))
    if "__type" in data:
        return "shown" if FIELD in {field["name"] for field in data["__type"]["fields"]} else "not shown"
    return "answered"


@dataclass(frozen=True)
class Client:
    """Asks a service, and writes down what it tells.

    Beside each answer stands what the database said before the question and after the answer; or, where a witness
    hears it, what it said of the very statement that was answered from; of all, where none could be.
    """

    served: Asking
    dsn: str
    witness: Witness | None

    async def ask(self, requests: Sequence[httpx2.Request], first: int) -> None:
        """Asks the questions in turn, for ever."""
        looking = await asyncpg.connect(self.dsn)
        try:
            for number in islice(cycle(range(len(requests))), first, None):
                said, answer = await self._between(looking, requests[number])
                _say([number, answer, *said])
        finally:
            looking.terminate()

    async def _between(self, looking: asyncpg.Connection, request: httpx2.Request) -> tuple[list[Any], str]:
        if self.witness is not None:
            self.witness.begin()
            answer = told(await self.served.client.send(request))
            first, last = self.witness.first_and_last
            return [first if answer == AWAY else last, last], answer
        before = await looking.fetchrow(AT_ONCE)
        answer = told(await self.served.client.send(request))
        return [[*before], [*await looking.fetchrow(AT_ONCE)]], answer


def _witness(served: Asking) -> Witness:
    """Hears all statements of a service."""
    witness, engine = Witness(served.database), served.engine
    engine.read, engine.authority.read = witness.read_columns, witness.read
    return witness


def _request(served: Asking, user: str, query: str) -> httpx2.Request:
    bearer = {"Authorization": f"Bearer {served.tokens.issue(UUID(user))}"}
    return served.client.build_request("POST", "/graphql", json={"query": query}, headers=bearer)


def _say(found: Any) -> None:
    sys.stdout.write(f"{json.dumps(found) if found else ''}\n")
    sys.stdout.flush()


async def _serve(dsn: str, settings: Settings, order: dict[str, Any]) -> None:
    with hole(order["hole"]):
        async with asking(dsn, settings, pool_size=CONNECTIONS) as served, asyncio.TaskGroup() as askers:
            requests = [_request(served, *asked) for asked in order["asked"]]
            client = Client(served, dsn, _witness(served) if order["exactly"] else None)
            for i in range(ASKERS):
                askers.create_task(client.ask(requests, i * len(requests) // ASKERS))


async def _orders() -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=2**20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def main(dsn: str, directory: str) -> None:
    """Follows orders until there are no more."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings, orders = Settings(data_dir=Path(directory)), await _orders()
    while line := await orders.readline():
        serving = asyncio.create_task(_serve(dsn, settings, json.loads(line)))
        stopping = asyncio.create_task(orders.readline())
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        await stopping
        _say(None)


if __name__ == "__main__":
    os.set_blocking(sys.stdout.fileno(), True)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(*sys.argv[1:]))
