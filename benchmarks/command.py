"""What benchmarks over the demo company in one process have in common: the command, who asks, and where figures go."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID

import uvloop
from rich.console import Console

from app.database import Database
from app.postgres.signals import exiting_on_termination
from app.settings import read_settings
from benchmarks.errors import BenchmarkError
from benchmarks.machine import Machine, describe
from benchmarks.policy import ADMINISTRATOR
from benchmarks.processes import ROOT
from benchmarks.report import described, write_figures
from benchmarks.volume import Volume, volume

Measure: TypeAlias = Callable[[Volume, Database], Awaitable[list[str]]]
"""Gives the lines of the figures."""


async def administrator(database: Database) -> UUID:
    """The administrator of the demo company. Raises BenchmarkError where there is none."""
    row = await database.read(f"SELECT id FROM users WHERE email = ({ADMINISTRATOR})")
    if row is None:
        raise BenchmarkError("No user of the demo company is an administrator.")
    found: UUID = row["id"]
    return found


async def _measured(measure: Measure, place: Volume, pool_size: int) -> tuple[Machine, list[str]]:
    database = Database(place.address, pool_size=pool_size, statement_timeout=60)
    try:
        await database.open()
        return await describe(database), await measure(place, database)
    finally:
        await database.close()


def run(name: str, about: str, measure: Measure, pool_size: int = 1) -> None:
    """The command of a benchmark, whose figures have its name in docs/performance.md."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=about)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    arguments = parser.parse_args()
    with exiting_on_termination(), volume(read_settings(), arguments.customers) as place:
        machine, lines = uvloop.run(_measured(measure, place, pool_size))
    figures = "\n".join([*lines, f"- {described(machine)}"])
    Console(highlight=False, soft_wrap=True).print(figures, markup=False)
    if arguments.write:
        write_figures(ROOT / "docs" / "performance.md", figures, name)
