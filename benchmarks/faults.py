"""What callers feel of faults between the server and PostgreSQL: `python -m benchmarks.faults` [--write].

Eight callers ask a list again and again, another asks whether the server is ready; meanwhile the network between the server
and its database does harm for some seconds, and is mended.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx2
from rich.console import Console

from app.database import Database
from app.main import tokens_of
from app.postgres.signals import exiting_on_termination
from app.settings import Settings, read_settings
from benchmarks.caller import Caller, find_caller
from benchmarks.contenders import text_of
from benchmarks.machine import Machine, describe
from benchmarks.processes import ROOT
from benchmarks.report import described, write_figures
from benchmarks.volume import volume
from tests.database.proxy import Proxy, proxy_to
from tests.process import serving

CALLERS = 8
WARM = 1.0
"""Seconds before the harm, and after the callers are well again."""
LOOK = 0.01
"""Seconds between two questions whether the server is ready."""
OK = 200


@dataclass(frozen=True)
class Fault:
    """What happens, for how many seconds."""

    happens: Callable[[Proxy], None]
    seconds: float


FAULTS = {
    "connections break": Fault(Proxy.reset, 1),
    "refused": Fault(Proxy.refuse, 3),
    "black hole": Fault(Proxy.swallow, 8),
    "300 ms late": Fault(lambda proxy: proxy.slow_down(0.3), 4),
    "cut in mid-answer": Fault(lambda proxy: proxy.cut(300), 3),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """When it was asked and answered, and with which status."""

    asked: float
    answered: float
    status: int


@dataclass
class Felt:
    """All answers to callers, and what readiness told, around one fault."""

    began: float = 0
    mended: float = 0
    answers: list[Answer] = field(default_factory=list)
    readiness: list[Answer] = field(default_factory=list)

    def meanwhile(self) -> list[Answer]:
        """Answers to what was asked before the end of the fault, and not answered before its beginning."""
        return [answer for answer in self.answers if answer.answered >= self.began and answer.asked < self.mended]

    @property
    def slowest(self) -> float:
        """Seconds of the slowest answer meanwhile."""
        return max(answer.answered - answer.asked for answer in self.meanwhile())

    @property
    def told(self) -> float | None:
        """Seconds after which the server said that it was not ready; None where it always was."""
        return _first(self.began, (each for each in self.readiness if each.status != OK and each.asked < self.mended))

    @property
    def well(self) -> float:
        """Seconds after the mending from which on each request was answered."""
        failed = [answer.answered for answer in self.answers if answer.status != OK and answer.asked > self.began]
        return max(0.0, max(failed, default=self.mended) - self.mended)


def _first(since: float, answers: Iterator[Answer]) -> float | None:
    found = next((answer.answered for answer in answers if answer.answered >= since), None)
    return None if found is None else found - since


@dataclass(frozen=True)
class _Load:
    """The callers."""

    client: httpx2.AsyncClient
    query: str
    over: asyncio.Event

    async def ask(self, felt: Felt) -> None:
        """Asks until it is over."""
        while not self.over.is_set():
            asked = time.monotonic()
            response = await self.client.post("/graphql", json={"query": self.query})
            felt.answers.append(Answer(asked, time.monotonic(), response.status_code))
            if response.status_code != OK:
                await asyncio.sleep(LOOK)

    async def look(self, felt: Felt) -> None:
        """Asks whether the server is ready, until it is over."""
        while not self.over.is_set():
            asked = time.monotonic()
            response = await self.client.get("/readyz")
            felt.readiness.append(Answer(asked, time.monotonic(), response.status_code))
            await asyncio.sleep(LOOK)


async def _felt(client: httpx2.AsyncClient, proxy: Proxy, fault: Fault) -> Felt:
    felt, load = Felt(), _Load(client, text_of("list", "ours"), asyncio.Event())
    async with asyncio.TaskGroup() as tasks:
        for _ in range(CALLERS):
            tasks.create_task(load.ask(felt))
        tasks.create_task(load.look(felt))
        await asyncio.sleep(WARM)
        felt.began = time.monotonic()
        fault.happens(proxy)
        await asyncio.sleep(fault.seconds)
        felt.mended = time.monotonic()
        await proxy.mend()
        await asyncio.sleep(3 * WARM)
        load.over.set()
    return felt


async def _rounds(address: str, folder: Path, rounds: int) -> tuple[Machine, dict[str, list[Felt]]]:
    machine, caller = await _described(address)
    token = tokens_of(Settings(data_dir=folder)).issue(caller.user)
    found: dict[str, list[Felt]] = {name: [] for name in FAULTS}
    async with (
        proxy_to(address) as proxy,
        serving(folder, proxy.dsn, most_requests_per_caller="100") as server,
        httpx2.AsyncClient(base_url=server.address, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client,
    ):
        for _ in range(rounds):
            for name, fault in FAULTS.items():
                found[name].append(await _felt(client, proxy, fault))
    return machine, found


async def _described(address: str) -> tuple[Machine, Caller]:
    database = Database(address, pool_size=1, statement_timeout=10)
    await database.open()
    try:
        return await describe(database), await find_caller(database)
    finally:
        await database.close()


def _table(found: dict[str, list[Felt]]) -> Iterator[str]:
    yield "| fault | seconds | answered meanwhile | slowest s | not ready after s | all well after s |"
    yield "| --- | --: | --- | --: | --: | --: |"
    for name, felts in found.items():
        counted = Counter(answer.status for felt in felts for answer in felt.meanwhile())
        statuses = ", ".join(f"{count:,} × {status}" for status, count in sorted(counted.items()))
        told = [felt.told for felt in felts if felt.told is not None]
        ready = f"{median(told):.2f}" if told else "stays"
        slowest, well = _worst([felt.slowest for felt in felts]), _worst([felt.well for felt in felts])
        yield f"| {name} | {FAULTS[name].seconds:.0f} | {statuses} | {slowest} | {ready} | {well} |"


def _worst(seconds: Sequence[float]) -> str:
    return f"{max(seconds):.2f}"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    arguments = parser.parse_args()
    with (
        exiting_on_termination(),
        volume(read_settings(), arguments.customers) as place,
        TemporaryDirectory() as folder,
    ):
        machine, found = asyncio.run(_rounds(place.address, Path(folder), arguments.rounds))
    lines = [*_table(found), "", f"- The worst of {arguments.rounds} rounds each.", f"- {described(machine)}"]
    Console(highlight=False, width=140).print("\n".join(lines), markup=False)
    if arguments.write:
        write_figures(ROOT / "docs" / "performance.md", "\n".join(lines), "faults")


if __name__ == "__main__":
    main()
