"""How fast is written: `python -m benchmarks.writing` [--write].

call     interactionCreate, with what was written read back
change   customerUpdate of a field that changes, with the customer read back
bulk     interactionBulkUpsert of 200 rows, without reading back
merge    customerMerge of two customers with all that is theirs, with the one that is left read back
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from rich.console import Console

from app.database import Database, connect
from app.postgres.signals import exiting_on_termination
from app.settings import read_settings
from benchmarks.contenders import Contender, write_bodies
from benchmarks.errors import BenchmarkError
from benchmarks.figures import Run
from benchmarks.machine import Machine, describe
from benchmarks.processes import HOST, ROOT, free_port, output_of, running
from benchmarks.report import described, write_figures
from benchmarks.volume import NAME, Volume, volume
from benchmarks.wrk import Load, press
from graphql_schema.ids import NodeId, encode
from graphql_schema.types import GRAPH

ADMIN = "admin@example.com"
ROWS = 200
CALL = """mutation ($input: InteractionCreateInput!) { interactionCreate(input: $input) {
    interaction { id kind subject occurredAt customer { id displayName lastInteractionAt } owner { displayName } }
    userErrors { code field message } } }"""
CHANGE = """mutation ($input: CustomerUpdateInput!) { customerUpdate(input: $input) {
    customer { id displayName tier version updatedAt owner { displayName } region { name } }
    userErrors { code field message } } }"""
BULK = """mutation ($input: InteractionBulkUpsertInput!) { interactionBulkUpsert(input: $input) {
    results { created userErrors { code field } } userErrors { code field message } } }"""
MERGE = """mutation ($input: CustomerMergeInput!) { customerMerge(input: $input) {
    customer { id displayName version } userErrors { code field message } } }"""
LOADS = {"call": 8, "change": 8, "bulk": 2, "merge": 4}
"""Connections, by what is written."""
MERGED = 3
"""Of so many customers one is there to be merged, and nothing else."""
EVENTS = "SELECT count(*) FROM change_events"
KEYS = """
    SELECT array_agg(id ORDER BY md5(id::text)) AS keys FROM customers WHERE deleted_at IS NULL GROUP BY kind ORDER BY kind"""


@dataclass(frozen=True, slots=True)
class _Customers:
    """Customers to write about, and pairs to be merged."""

    written: Sequence[str]
    pairs: Sequence[tuple[str, str]]


def _bodies(given: _Customers, turn: int, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Bodies of a round, in which each change is one."""
    customers = given.written
    calls = [{"customer": each, "kind": "CALL", "subject": "A call"} for each in customers]
    changes = [{"id": each, "displayName": f"{turn} {n}"} for n in range(9) for each in customers]
    merges = [{"id": left, "merged": [gone]} for left, gone in given.pairs[turn::rounds]]
    bulks = [calls[i : i + ROWS] for i in range(0, len(calls) - ROWS + 1, ROWS)]
    return {
        "call": [{"query": CALL, "variables": {"input": each}} for each in calls],
        "change": [{"query": CHANGE, "variables": {"input": each}} for each in changes],
        "bulk": [{"query": BULK, "variables": {"input": {"inputs": each}}} for each in bulks],
        "merge": [{"query": MERGE, "variables": {"input": each}} for each in merges],
    }


@contextmanager
def _served(place: Volume) -> Iterator[Contender]:
    """Our server over a volume, and what is written there."""
    token = output_of(place.c360("token", ADMIN, "--minutes", "60")).strip()
    base = f"http://{HOST}:{(port := free_port())}"
    with running(place.c360("serve", host=HOST, port=port, most_requests_per_caller=64), f"{base}/readyz"):
        urls = dict.fromkeys(LOADS, f"{base}/graphql")
        yield Contender("Customer 360", urls, {}, {"Authorization": f"Bearer {token}"})


async def _customers(place: Volume) -> _Customers:
    connection = await connect(place.address)
    try:
        kinds = [row["keys"] for row in await connection.fetch(KEYS)]
    finally:
        await connection.close()
    written, pairs = [], []
    for keys in kinds:
        ids = [encode(NodeId(GRAPH["Customer"].tag, None, key)) for key in keys]
        apart = ids[::MERGED]
        written += [each for place, each in enumerate(ids) if place % MERGED]
        pairs += list(zip(apart[::2], apart[1::2], strict=False))
    return _Customers(written, pairs)


async def _events(place: Volume) -> int:
    connection = await connect(place.address)
    try:
        return int(await connection.fetchval(EVENTS))
    finally:
        await connection.close()


def _run(place: Volume, contender: Contender, kind: str, seconds: int) -> Run:
    """One run of load, of which each request has left its events: a merge one of each customer. Raises BenchmarkError."""
    before = asyncio.run(_events(place))
    found = press(contender, kind, Load(LOADS[kind], seconds))
    written = asyncio.run(_events(place)) - before
    if written < found.requests * {"bulk": ROWS, "merge": 2}.get(kind, 1):
        raise BenchmarkError(f"{found.requests} requests of {kind} left {written} events.")
    return found


async def _machine(place: Volume) -> Machine:
    database = Database(place.address, pool_size=1, statement_timeout=10)
    await database.open()
    try:
        return await describe(database)
    finally:
        await database.close()


def measured(customers: int, seconds: int, rounds: int) -> str:
    """The table."""
    with volume(read_settings(), customers, f"{NAME}_written") as place, _served(place) as contender:
        machine = asyncio.run(_machine(place))
        keys = asyncio.run(_customers(place))
        runs: dict[str, list[Run]] = {kind: [] for kind in LOADS}
        for turn in range(rounds):
            files = write_bodies(place.folder, "writing", _bodies(keys, turn, rounds))
            for kind, found in runs.items():
                found.append(_run(place, replace(contender, bodies=files), kind, seconds))
    lines = [
        "| written | connections | requests/s | rows/s | p50 ms | p99 ms |",
        "| --- | --: | --: | --: | --: | --: |",
    ]
    for kind, found in runs.items():
        rate = median(run.per_second for run in found)
        rows = rate * (ROWS if kind == "bulk" else 1)
        p50, p99 = (median(getattr(run, name) for run in found) / 1_000 for name in ("p50", "p99"))
        lines.append(f"| {kind} | {LOADS[kind]} | {rate:,.0f} | {rows:,.0f} | {p50:.1f} | {p99:.1f} |")
    return "\n".join([*lines, "", f"- {customers:,} customers; medians of {rounds} runs.", f"- {described(machine)}"])


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.writing", description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    arguments = parser.parse_args()
    with exiting_on_termination():
        figures = measured(arguments.customers, arguments.seconds, arguments.rounds)
    Console(highlight=False, width=120).print(figures)
    if arguments.write:
        write_figures(ROOT / "docs" / "performance.md", figures, "writing")


if __name__ == "__main__":
    main()
