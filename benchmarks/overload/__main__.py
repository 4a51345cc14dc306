"""What a server does with four times the load that it sustains: `python -m benchmarks.overload` [--write].

The server and its embedded PostgreSQL run on one core, whoever asks on another. First callers ask as many at a time as the
server answers in the most requests a second; then, without waiting for answers, four times as many a second are asked, while one
more caller asks a little and health is looked at.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import UUID

import orjson
import uvloop
from rich.console import Console

from app.database import Database
from app.main import tokens_of
from app.postgres.signals import exiting_on_termination
from app.settings import read_settings
from benchmarks.errors import BenchmarkError
from benchmarks.machine import Machine, describe
from benchmarks.overload.asking import Caller, written
from benchmarks.overload.pressing import lag, pour, press, probe
from benchmarks.overload.verdict import TIMES, Overload
from benchmarks.processes import HOST, ROOT, free_port, running
from benchmarks.report import described, write_figures
from benchmarks.volume import Volume, volume

HEAVY = """{ customers(first: 70) { nodes {
    id displayName tier owner { displayName } region { name }
    contacts(first: 5) { nodes { displayName jobTitle } }
    opportunities(first: 5) { nodes { name stage { name } amount { amount currency } } }
    orders(first: 5) { nodes { number orderedAt total { amount } lines(first: 3) { nodes { quantity product { name } } } } } } } }"""
LITTLE = "{ viewer { displayName } customers(first: 3) { nodes { displayName } } }"
USERS = """
SELECT array_agg(id) AS users FROM (
    SELECT u.id FROM users u JOIN role_assignments a ON a.user_id = u.id AND a.deleted_at IS NULL
    JOIN roles r ON r.id = a.role_id
    WHERE u.status = 'ACTIVE' AND u.deleted_at IS NULL AND r.code <> 'partner'
    GROUP BY u.id ORDER BY u.id LIMIT $1
) AS found
"""
CALLERS = 12
AT_A_TIME = 2
"""Requests of each caller while the most that is sustained is looked for."""
ROUNDS = 3
PROBES = 40
"""Requests of the light caller before and after."""
LIGHT_EVERY, HEALTH_EVERY = 0.05, 0.1
MOMENT = 0.02
"""Seconds between two looks at whether answers are as fast as before."""
MARGIN = 1.2
"""So that the load is as many times as asked for, also where more is sustained afterwards than before."""
AS_BEFORE = 3
"""Times the median without load that is as fast as before."""

console = Console(stderr=True)


@dataclass(frozen=True)
class Scene:
    """A server, and all who ask."""

    process: int
    heavy: Sequence[Caller]
    light: Caller
    health: Caller

    @property
    def resident(self) -> int:
        """Bytes of memory that the server has."""
        pages = int(Path(f"/proc/{self.process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def close(self) -> None:
        """Ends all connections."""
        for caller in (*self.heavy, self.light, self.health):
            caller.close()


def pin(core: int) -> None:
    """Has this process, and all that it starts from here on, run on one core; where there is no other, or it cannot be, on any."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(os.getpid()) | CORES)
        os.sched_setaffinity(0, {cores[core % len(cores)]})


CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()


@contextmanager
def served(place: Volume, users: Sequence[UUID]) -> Iterator[Scene]:
    """Our server, as long as the block; the last of the users asks little."""
    port = free_port()
    tokens = tokens_of(read_settings().model_copy(update={"data_dir": place.folder, "token_key": None}))
    with running(place.c360("serve", host=HOST, port=port), f"http://{HOST}:{port}/readyz") as process:

        def caller(user: UUID, query: str) -> Caller:
            headers = {"authorization": f"Bearer {tokens.issue(user, 3600)}", "content-type": "application/json"}
            return Caller(HOST, port, written("POST", "/graphql", headers, orjson.dumps({"query": query})))

        heavy = [caller(user, HEAVY) for user in users[:-1]]
        health = Caller(HOST, port, written("GET", "/healthz", {}))
        yield Scene(process.pid, heavy, caller(users[-1], LITTLE), health)


async def measured(scene: Scene, seconds: float) -> Overload:
    """One time under load."""
    await press(scene.heavy, 1, 1)
    _all_good(scene.heavy)
    idle = await _idle(scene.light)
    rates = await _sustained(scene, seconds)
    for caller in scene.heavy:
        await caller.open()
    memory = [scene.resident]
    lags: list[float] = []
    await asyncio.gather(_overload(scene, MARGIN * TIMES * median(rates), seconds, memory), lag(lags, seconds))
    heavy = [answer for caller in scene.heavy for answer in caller.taken()]
    unsent = sum(caller.unsent for caller in scene.heavy)
    light, alive = scene.light.taken(), scene.health.taken()
    back = await _back(scene.light, idle * AS_BEFORE)
    rates += await _sustained(scene, seconds)
    return Overload(median(rates), seconds, heavy, light, alive, unsent, idle, back, memory, lags)


async def _sustained(scene: Scene, seconds: float) -> list[float]:
    """Answers a second where nobody asks more than is answered, in some rounds."""
    rates = []
    for _ in range(ROUNDS):
        await press(scene.heavy, AT_A_TIME, seconds / 6)
        rates.append(_all_good(scene.heavy) / (seconds / 6))
    return rates


async def _overload(scene: Scene, per_second: float, seconds: float, memory: list[int]) -> None:
    async def look() -> None:
        await asyncio.sleep(seconds / 3)
        memory.append(scene.resident)
        await asyncio.sleep(seconds * 2 / 3 - 0.1)
        memory.append(scene.resident)

    await asyncio.gather(
        pour(scene.heavy, per_second, seconds),
        probe(scene.light, LIGHT_EVERY, seconds),
        probe(scene.health, HEALTH_EVERY, seconds),
        look(),
    )


def _all_good(callers: Sequence[Caller]) -> int:
    """How many answers there are. Raises BenchmarkError where one is no answer."""
    found = [answer for caller in callers for answer in caller.taken()]
    bad = [answer for answer in found if not answer.is_good]
    if bad or not found:
        told = ", ".join(f"{answer.status} after {answer.seconds:.3f} s" for answer in bad[:10])
        raise BenchmarkError(f"{len(found)} requests without overload, of which {len(bad)} not answered: {told}.")
    return len(found)


async def _idle(caller: Caller) -> float:
    for _ in range(PROBES):
        await caller.ask()
    return median(answer.seconds for answer in caller.taken()[PROBES // 4 :])


async def _back(caller: Caller, as_before: float) -> float:
    """Seconds until ten answers in a row have a median as before."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while (passed := loop.time() - begun) < SLOW:
        for _ in range(10):
            await caller.ask()
        if median(answer.seconds for answer in caller.taken()) <= as_before:
            return passed
        await asyncio.sleep(MOMENT)
    return passed


SLOW = 10.0
"""Seconds after which it is not waited any longer."""


async def _asked(place: Volume) -> tuple[Machine, list[UUID]]:
    database = Database(place.address, pool_size=1, statement_timeout=10)
    try:
        await database.open()
        row = await database.read(USERS, CALLERS + 1)
        users = list(row["users"] or ()) if row else []
        if len(users) <= CALLERS:
            raise BenchmarkError(f"The demo company has {len(users)} users who ask, not {CALLERS + 1}.")
        return await describe(database), users
    finally:
        await database.close()


async def _run(scene: Scene, seconds: float) -> Overload:
    try:
        return await measured(scene, seconds)
    finally:
        scene.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.overload", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    arguments = parser.parse_args()
    pin(0)
    with exiting_on_termination(), volume(read_settings(), arguments.customers) as place:
        machine, users = asyncio.run(_asked(place))
        with served(place, users) as scene:
            pin(1)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                found = runner.run(_run(scene, arguments.seconds))
            pin(0)
    callers = f"- {CALLERS} heavy callers and a light one; {arguments.customers:,} customers."
    figures = "\n".join([*found.table(), callers, f"- {described(machine)}"])
    Console(highlight=False, width=140).print(figures, markup=False)
    if arguments.write:
        write_figures(ROOT / "docs" / "performance.md", figures, "overload")


if __name__ == "__main__":
    main()
