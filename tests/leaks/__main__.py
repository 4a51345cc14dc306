"""`python -m tests.leaks`: ask twin databases many operations, and say by which they can be told apart."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from rich.console import Console

from app.settings import Settings
from graphql_schema.schema import SCHEMA
from tests.conftest import TestServer, template_server
from tests.leaks.differences import differences
from tests.leaks.operations.coverage import Coverage
from tests.leaks.operations.generator import Generator
from tests.leaks.pairs import pairs
from tests.leaks.personas import PERSONAS
from tests.leaks.prepared import Prepared, prepared
from tests.leaks.quiet import quiet
from tests.leaks.reporting import smallest, told
from tests.leaks.running import Run

BLOCK, PERSONAS_OF_A_BLOCK = 1_500, 7
"""Operations asked of the same databases, and how many personas have twins among them."""

console = Console(highlight=False, soft_wrap=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.leaks", description=__doc__)
    parser.add_argument("-n", type=int, default=2_000, help="how many operations")
    parser.add_argument("--seed", type=int, default=Random().randrange(10**6), help="which; another each time")
    return parser.parse_args()


def _describe(ready: Prepared) -> None:
    total: Counter[str] = Counter()
    for twin in ready.twins:
        total += differences(ready.world, twin.world, ready.eyes(twin.persona).see(ready.world))
    console.print(
        f"{len(ready.twins)} twins differ in: " + ", ".join(f"{n} {kind}" for kind, n in sorted(total.items()))
    )


async def _ask(ready: Prepared, settings: Settings, generator: Generator, number: int) -> tuple[Run, str]:
    """What a block of operations came to."""
    async with pairs(ready, settings) as found:
        run = Run(found, generator, generator.rng)
        finding = await run.ask(number)
        return run, told(await smallest(finding, ready, settings), ready) if finding else ""


def _run(server: TestServer, settings: Settings, number: int, seed: int) -> bool:
    """Whether nothing was found."""
    rng, coverage = Random(seed), Coverage(SCHEMA._schema)
    console.print(f"seed {seed}")
    generator, outcomes, seconds = Generator(rng, coverage), Counter[str](), 0.0
    while (left := number - outcomes.total()) > 0:
        block = rng.randrange(10**9)
        with prepared(server, block, rng.sample(PERSONAS, PERSONAS_OF_A_BLOCK)) as ready:
            _describe(ready)
            run, example = asyncio.run(_ask(ready, settings, generator, min(BLOCK, left)))
            outcomes += run.outcomes
            seconds += run.seconds
        reached = len(coverage.parts & set(generator.used))
        console.print(
            f"{outcomes.total()} operations, {outcomes.total() / seconds:.1f} a second, "
            f"{reached} of {len(coverage.parts)} parts of the schema: "
            + ", ".join(f"{n} {outcome}" for outcome, n in outcomes.items())
        )
        if example:
            console.print(example, markup=False)
            return False
    return True


def main() -> int:
    """0 where nothing was found."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as made:
        directory = Path(made)
        with quiet(directory), template_server(directory) as server:
            fine = _run(server, Settings(data_dir=directory / "keys"), arguments.n, arguments.seed)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
