"""What it costs to look as somebody: the same operations by a sales representative, and by an administrator as the representative.

In turn, of one engine within this process, and of a server over HTTP on one connection, as a caller waits for them. The last
operation is what the console asks where it shows a customer as somebody.
"""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any, TypeAlias
from uuid import UUID

import orjson

from app.database import Database
from benchmarks.caller import Caller
from benchmarks.contenders import text_of
from benchmarks.errors import BenchmarkError
from benchmarks.growth import PAGES, Asked
from benchmarks.processes import HOST, ROOT, free_port, output_of, running
from benchmarks.volume import Volume
from graphql_schema.engine import Engine
from graphql_schema.ids import NodeId, encode
from graphql_schema.types import GRAPH

TIMES, WARM = 200, 5
EMAIL = "SELECT email FROM users WHERE id = $1"
SIMULATE = """query ($as: ID!, $operation: String!, $variables: JSON) {
    policySimulate(as: $as, operation: $operation, variables: $variables)
}"""
Variables: TypeAlias = Mapping[str, Any]
Operations: TypeAlias = Mapping[str, tuple[str, Variables]]
"""By title, operations with their variables."""


def id_of(type_: str, key: UUID, customer: UUID | None = None) -> str:
    """An id of the graph."""
    return encode(NodeId(GRAPH[type_].tag, customer, key))


def operations(caller: Caller) -> Operations:
    """Those that are asked."""
    customer = {"id": id_of("Customer", caller.cycle[0])}
    return {
        **{title: (text, {}) for title, text in PAGES.items()},
        "`one`: a customer from all sides, seven relations": (text_of("one", "ours"), customer),
        "`list`: fifty customers and six relations": (text_of("list", "ours"), {}),
        "*View as*: all around a customer, as the console shows it": (_around(), {**customer, "rows": 10}),
    }


def _around() -> str:
    """The operation of the console's page."""
    source = (ROOT / "app/console/src/pages/view-as/operation.ts").read_text("utf-8")
    return source.split("graphql(`")[1].split("`")[0]


@dataclass(frozen=True)
class Line:
    """A connection to a server, on which one user asks."""

    connection: http.client.HTTPConnection
    headers: Mapping[str, str]

    def ask(self, body: bytes) -> float:
        """How long an answer takes. Raises BenchmarkError for one with errors."""
        started = time.perf_counter()
        self.connection.request("POST", "/graphql", body, dict(self.headers))
        told = self.connection.getresponse().read()
        seconds = time.perf_counter() - started
        if b'"errors":' in told:
            raise BenchmarkError(told.decode()[:500])
        return seconds


@dataclass(frozen=True)
class Pair:
    """The times of an operation by itself and as somebody."""

    plain: list[float] = field(default_factory=list)
    looked: list[float] = field(default_factory=list)

    @property
    def cells(self) -> str:
        """Both medians, and that of the ratios, the first answers left out."""
        sides = (median(side[WARM:]) * 1_000 for side in (self.plain, self.looked))
        ratios = [one / other for one, other in zip(self.looked[WARM:], self.plain[WARM:], strict=True)]
        return " | ".join([*(f"{side:.2f} ms" for side in sides), f"{median(ratios):.2f}"])


async def _within(engine: Engine, admin: UUID, user: UUID, text: str, variables: Variables) -> Pair:
    """Of an engine in this process."""
    plain = Asked(engine, user, text, variables)
    looked = Asked(engine, admin, SIMULATE, _looked(user, text, variables))
    for _ in range(TIMES):
        await plain.ask()
        await looked.ask()
    return Pair(plain.seconds, looked.seconds)


def _looked(user: UUID, text: str, variables: Variables) -> Variables:
    return {"as": id_of("User", user), "operation": text, "variables": variables}


def _over_http(lines: Sequence[Line], user: UUID, text: str, variables: Variables) -> Pair:
    """Of a server."""
    one, other = lines
    body = orjson.dumps({"query": text, "variables": variables})
    looked = orjson.dumps({"query": SIMULATE, "variables": _looked(user, text, variables)})
    found = Pair()
    for _ in range(TIMES):
        found.plain.append(one.ask(body))
        found.looked.append(other.ask(looked))
    return found


@contextmanager
def _lines(place: Volume, *emails: str) -> Iterator[list[Line]]:
    """Connections of some users to a server of their own."""
    port = free_port()
    tokens = [output_of(place.c360("token", email)).strip() for email in emails]
    with ExitStack() as stack:
        stack.enter_context(running(place.c360("serve", host=HOST, port=port), f"http://{HOST}:{port}/readyz"))
        found = []
        for token in tokens:
            connection = http.client.HTTPConnection(HOST, port)
            stack.callback(connection.close)
            found.append(Line(connection, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}))
        yield found


async def looking(place: Volume, database: Database, engine: Engine, admin: UUID, caller: Caller) -> list[str]:
    """The lines of the table."""
    row = await database.read(EMAIL, admin)
    assert row is not None
    asked = operations(caller)
    within = {title: await _within(engine, admin, caller.user, *each) for title, each in asked.items()}
    await engine.looks.settle()
    over = await asyncio.to_thread(_all_over_http, place, row["email"], caller, asked)
    head = [
        "| operation | by itself | as somebody | ratio | over HTTP | as somebody | ratio |",
        f"| --- |{' --: |' * 6}",
    ]
    return [*head, *(f"| {title} | {within[title].cells} | {over[title].cells} |" for title in asked)]


def _all_over_http(place: Volume, admin: str, caller: Caller, asked: Operations) -> dict[str, Pair]:
    with _lines(place, caller.email, admin) as lines:
        return {title: _over_http(lines, caller.user, *each) for title, each in asked.items()}
