"""How long hostile requests take: `python -m benchmarks.hostile` [--write].

Each request is sent to a server over the demo company, one after another, with a text that the server has not seen.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from itertools import count
from statistics import median

import orjson
from rich.console import Console

from app.database import Database
from app.postgres.signals import exiting_on_termination
from app.settings import read_settings
from benchmarks.asking import Asker, asking
from benchmarks.caller import Caller, find_caller
from benchmarks.errors import BenchmarkError
from benchmarks.hostile.requests import REQUESTS, Hostile
from benchmarks.machine import Machine, describe
from benchmarks.ours import ours
from benchmarks.policy import ADMINISTRATOR
from benchmarks.processes import ROOT, output_of
from benchmarks.report import described, write_figures
from benchmarks.volume import Volume, volume

REFUSED_WITHIN = 20.0
"""Milliseconds."""
_texts = count(1)


def _body(hostile: Hostile) -> bytes:
    new = f"{hostile.query} #{next(_texts)}"
    return json.dumps({"query": new, "variables": hostile.variables}).encode()


def _milliseconds(asker: Asker, hostile: Hostile) -> float:
    body = _body(hostile)
    started = time.perf_counter()
    answer = asker.ask("POST", body)
    seconds = time.perf_counter() - started
    errors = orjson.loads(answer.body).get("errors", ())
    if {error["extensions"]["code"] for error in errors} != ({hostile.code} if hostile.code else set()):
        raise BenchmarkError(f"{hostile.query[:60]} … was answered in another way: {errors}")
    return seconds * 1_000


def _measured(asker: Asker, rounds: int) -> Mapping[str, float]:
    """By request, the median of some rounds; none of them is the first."""
    for hostile in REQUESTS.values():
        _milliseconds(asker, hostile)
    times: dict[str, list[float]] = {kind: [] for kind in REQUESTS}
    for _ in range(rounds):
        for kind, hostile in REQUESTS.items():
            times[kind].append(_milliseconds(asker, hostile))
    return {kind: median(found) for kind, found in times.items()}


def _table(found: Mapping[str, float]) -> Iterator[str]:
    yield "| request | bytes | answered with | ms |"
    yield "| --- | --: | --- | --: |"
    for kind, milliseconds in found.items():
        hostile = REQUESTS[kind]
        yield f"| {kind} | {len(_body(hostile)):,} | {hostile.code or 'data'} | {milliseconds:.1f} |"
    refused = [milliseconds for kind, milliseconds in found.items() if REQUESTS[kind].code]
    late = sum(milliseconds > REFUSED_WITHIN for milliseconds in refused)
    yield ""
    yield (
        f"{len(refused)} of {len(found)} are refused: the median of the medians is {median(refused):.1f} ms, the slowest"
        f" takes {max(refused):.1f} ms, {late} take more than {REFUSED_WITHIN:.0f} ms."
    )


async def _asked(place: Volume) -> tuple[Machine, Caller, str]:
    """The machine, the server's caller, and the e-mail address of one to whom nothing is refused for lack of rights."""
    database = Database(place.address, pool_size=1, statement_timeout=10)
    try:
        await database.open()
        row = await database.read(ADMINISTRATOR)
        if row is None or row["email"] is None:
            raise BenchmarkError("No user of the demo company is an administrator.")
        return await describe(database), await find_caller(database), row["email"]
    finally:
        await database.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    arguments = parser.parse_args()
    with exiting_on_termination(), volume(read_settings(), arguments.customers) as place:
        machine, caller, email = asyncio.run(_asked(place))
        token = output_of(place.c360("token", email, "--minutes", "60")).strip()
        with ours(place, caller) as served:
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            with asking(served.urls["list"], headers) as asker:
                found = _measured(asker, arguments.rounds)
    lines = [*_table(found), f"{described(machine)}"]
    Console(highlight=False).print("\n".join(lines), markup=False)
    if arguments.write:
        write_figures(ROOT / "docs" / "performance.md", "\n".join(lines), "hostile")


if __name__ == "__main__":
    main()
