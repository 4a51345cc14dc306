"""How the cost grows: `python -m benchmarks.growth` [--write].

volume       the same pages of a company and of one with ten times the customers, asked in turn
depth        page 1 and page 1,000 of one list, by cursor, asked in turn
connections  requests per second of one process and of two, by 1, 4, 16 and 64 connections
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any
from uuid import UUID

import orjson
from rich.console import Console

from app.database import Database
from app.identity.bearer import Bearer
from app.main import engine_of
from app.postgres.signals import exiting_on_termination
from app.settings import read_settings
from benchmarks.caller import find_caller
from benchmarks.contenders import Contender
from benchmarks.errors import BenchmarkError
from benchmarks.figures import Run
from benchmarks.machine import Machine, describe
from benchmarks.ours import ours
from benchmarks.processes import ROOT
from benchmarks.report import described, write_figures
from benchmarks.volume import NAME, Volume, volume
from benchmarks.wrk import Load, press
from graphql_schema.engine import Engine
from graphql_schema.requests import Request

PAGES = {
    "customers, by key": "{ customers(first: 20) { nodes { id displayName tier email } } }",
    "customers, by name": "{ customers(first: 20, orderBy: {field: DISPLAY_NAME}) { nodes { id displayName tier } } }",
    "orders, newest first": """{
        orders(first: 20, orderBy: {field: ORDERED_AT, direction: DESC}) { nodes { id number orderedAt status } }
    }""",
    "interactions, newest first, with their customers": """{
        interactions(first: 20, orderBy: {field: OCCURRED_AT, direction: DESC}) {
            nodes { id kind subject customer { id displayName } }
        }
    }""",
    "customers with their latest orders": """{
        customers(first: 20) {
            nodes { id displayName orders(first: 5, orderBy: {field: ORDERED_AT, direction: DESC}) { nodes { number } } }
        }
    }""",
}
"""Lists on indexed columns that are plain on the rows' own grounds."""
LIST = """query($after: String, $first: Int = 20) {
    orders(first: $first, after: $after, orderBy: {field: ORDERED_AT, direction: DESC}) {
        pageInfo { endCursor hasNextPage } nodes { id number orderedAt status }
    }
}"""
DEEP, PAGE, STRIDE = 1_000, 20, 100
CONNECTIONS = (1, 4, 16, 64)
TIMES = 60

console = Console(stderr=True)


@dataclass(frozen=True)
class Asked:
    """A request to one of several engines, and the seconds that its answers took."""

    engine: Engine
    user: UUID
    text: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    async def ask(self) -> Any:
        """Asks once. Raises BenchmarkError for an answer with errors."""
        started = time.perf_counter()
        answer = await self.engine.answer(Request(self.text, self.variables), Bearer(self.user))
        self.seconds.append(time.perf_counter() - started)
        found = orjson.loads(answer.body) if answer else {"errors": "nobody is allowed to ask"}
        if "errors" in found:
            raise BenchmarkError(str(found["errors"]))
        return found["data"]

    @property
    def milliseconds(self) -> float:
        """The median, the first answers left out."""
        return median(self.seconds[5:]) * 1_000


async def _in_turn(*several: Asked) -> None:
    for _ in range(TIMES):
        for asked in several:
            await asked.ask()


async def _opened(place: Volume) -> tuple[Database, Engine, UUID]:
    database = Database(place.address, pool_size=1, statement_timeout=10)
    await database.open()
    caller = await find_caller(database)
    return database, engine_of(database), caller.user


async def _by_volume(few: Volume, many: Volume, customers: int) -> tuple[Machine, list[str]]:
    """The machine, and a line for each page."""
    sizes = [await _opened(place) for place in (few, many)]
    lines = [f"| page | {customers // 10:,} customers | {customers:,} customers | ratio |", "| --- | --: | --: | --: |"]
    for title, text in PAGES.items():
        small, large = (Asked(engine, user, text) for _, engine, user in sizes)
        await _in_turn(small, large)
        lines.append(_line(title, small, large))
    machine = await describe(sizes[1][0])
    deep = await _by_depth(*sizes[1][1:])
    for database, _, _ in sizes:
        await database.close()
    return machine, [*lines, "", *deep]


def _line(title: str, one: Asked, other: Asked) -> str:
    ratio = other.milliseconds / one.milliseconds
    return f"| {title} | {one.milliseconds:.2f} ms | {other.milliseconds:.2f} ms | {ratio:.2f} |"


async def _by_depth(engine: Engine, user: UUID) -> list[str]:
    cursor = None
    for _ in range((DEEP - 1) * PAGE // STRIDE):
        page = (await Asked(engine, user, LIST, {"after": cursor, "first": STRIDE}).ask())["orders"]["pageInfo"]
        if not page["hasNextPage"]:
            raise BenchmarkError(f"There are no {DEEP} pages of orders in view.")
        cursor = page["endCursor"]
    for _ in range((DEEP - 1) * PAGE % STRIDE // PAGE):
        cursor = (await Asked(engine, user, LIST, {"after": cursor}).ask())["orders"]["pageInfo"]["endCursor"]
    first, last = Asked(engine, user, LIST, {"after": None}), Asked(engine, user, LIST, {"after": cursor})
    await _in_turn(first, last)
    head = [f"| list | page 1 | page {DEEP:,} | ratio |", "| --- | --: | --: | --: |"]
    return [*head, _line("orders, newest first, by cursor", first, last)]


def _pressed(contenders: Sequence[Contender], connections: int, seconds: int) -> Run:
    """One run of load, its connections shared evenly by the processes. Times are the worse of theirs."""
    load = Load(max(1, connections // len(contenders)), seconds)
    with ThreadPoolExecutor() as threads:
        runs = list(threads.map(lambda contender: press(contender, "one", load), contenders))
    return replace(
        runs[0],
        requests=sum(run.requests for run in runs),
        p50=max(run.p50 for run in runs),
        p99=max(run.p99 for run in runs),
    )


def _by_connections(stack: ExitStack, place: Volume, seconds: int, rounds: int) -> list[str]:
    caller = asyncio.run(_caller(place))
    at_once = max(CONNECTIONS)  # all connections are one caller's
    servers = [stack.enter_context(ours(place, caller, most_requests_per_caller=at_once)) for _ in range(2)]
    settings = [(servers[:processes], n) for n in CONNECTIONS for processes in (1, 2) if n >= processes]
    runs: dict[tuple[int, int], list[Run]] = {(len(some), n): [] for some, n in settings}
    for _ in range(rounds):
        for some, connections in settings:
            console.print(f"{len(some)} of our processes, {connections} connections", style="dim")
            runs[len(some), connections].append(_pressed(some, connections, seconds))
    lines = ["| connections | processes | requests/s | p50 ms | p99 ms |", "| --: | --: | --: | --: | --: |"]
    for (processes, connections), found in runs.items():
        rate = median(run.per_second for run in found)
        p50, p99 = (median(getattr(run, name) for run in found) / 1_000 for name in ("p50", "p99"))
        lines.append(f"| {connections} | {processes} | {rate:,.0f} | {p50:.1f} | {p99:.1f} |")
    return lines


async def _caller(place: Volume) -> Any:
    database = Database(place.address, pool_size=1, statement_timeout=10)
    try:
        await database.open()
        return await find_caller(database)
    finally:
        await database.close()


def measured(customers: int, seconds: int, rounds: int) -> str:
    """The tables."""
    settings = read_settings()
    with ExitStack() as stack:
        few = stack.enter_context(volume(settings, customers // 10, f"{NAME}_tenth"))
        many = stack.enter_context(volume(settings, customers))
        machine, lines = asyncio.run(_by_volume(few, many, customers))
        lines += ["", *_by_connections(stack, many, seconds, rounds)]
    return "\n".join([*lines, "", f"- {described(machine)}"])


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    arguments = parser.parse_args()
    with exiting_on_termination():
        figures = measured(arguments.customers, arguments.seconds, arguments.rounds)
    Console(highlight=False).print(figures)
    if arguments.write:
        write_figures(ROOT / "docs" / "performance.md", figures, "growth")


if __name__ == "__main__":
    main()
