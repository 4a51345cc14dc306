"""`python -m benchmarks`: measure, print the table, and on demand write JSON and docs/performance.md."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from rich.console import Console

from app.database import Database, DatabaseUnavailable
from app.postgres import PostgresError
from app.postgres.signals import exiting_on_termination
from app.settings import Settings, SettingsError, read_settings
from benchmarks.caller import Caller, find_caller
from benchmarks.comparison import compared
from benchmarks.contenders import SELECTIONS, Contender
from benchmarks.errors import BenchmarkError
from benchmarks.figures import Run
from benchmarks.limit import limit, statements_of
from benchmarks.machine import Machine, describe
from benchmarks.ours import ours
from benchmarks.peer import peer, version
from benchmarks.processes import ROOT
from benchmarks.report import Measured, Report, write_figures
from benchmarks.volume import Volume, volume
from benchmarks.wrk import Load, find_wrk, press

DOCUMENT = ROOT / "docs" / "performance.md"
WARM_UP = 2
"""Seconds of load on each contender before the first round."""
SECONDS = 10.0
WIDTH = 110
"""Columns that the table needs."""

console = Console(stderr=True)

Statements = dict[str, list[tuple[str, tuple[Any, ...]]]]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000, help="volume of the demo company")
    parser.add_argument("--seconds", type=int, default=5, help="length of a run")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each contender")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--only", choices=SELECTIONS, action="append", help="a selection; without it, all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--write", action="store_true", help=f"write the table into {DOCUMENT.relative_to(ROOT)}")
    return parser.parse_args()


async def _prepared(settings: Settings, place: Volume) -> tuple[Machine, Caller, Statements]:
    database = Database(place.address, pool_size=1, statement_timeout=SECONDS)
    try:
        await database.open()
        caller = await find_caller(database)
        return await describe(database), caller, await statements_of(database, caller)
    finally:
        await database.close()


def _rounds(contenders: list[Contender], selection: str, load: Load, rounds: int) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
    for contender in contenders:
        press(contender, selection, Load(load.connections, WARM_UP))
    for number in range(rounds):
        for contender in contenders:
            console.print(f"{selection}, round {number + 1} of {rounds}: {contender.name}", style="dim")
            found[contender.name].append(press(contender, selection, load))
    return found


def _measured(
    contenders: list[Contender], selection: str, statements: Statements, arguments: argparse.Namespace
) -> Measured:
    mine, other = contenders[0], contenders[1]
    same = compared(mine, other, selection)
    load = Load(arguments.connections, arguments.seconds)
    return Measured(
        selection=selection,
        runs=_rounds(contenders, selection, load, arguments.rounds),
        sizes={mine.name: round(same.ours / same.answers), other.name: round(same.theirs / same.answers)},
        statements=len(statements[selection]),
        same={verdict.value: count for verdict, count in same.verdicts.items()},
    )


def _report(settings: Settings, arguments: argparse.Namespace) -> Report:
    find_wrk()
    with ExitStack() as stack:
        console.print(f"Making or finding {arguments.customers:,} customers", style="dim")
        place = stack.enter_context(volume(settings, arguments.customers))
        machine, caller, statements = asyncio.run(_prepared(settings, place))
        console.print(f"{caller.email} sees {len(caller.customers):,} customers", style="dim")
        if machine.is_busy:
            console.print(f"The machine is busy (load {machine.load}): figures will be unsteady.", style="yellow")
        contenders = [
            stack.enter_context(ours(place, caller)),
            stack.enter_context(peer(place, caller, settings.pool_size)),
            stack.enter_context(limit(place, caller, settings.pool_size, statements)),
        ]
        measured = [_measured(contenders, name, statements, arguments) for name in arguments.only or SELECTIONS]
        versions = {"PostGraphile": version("postgraphile")}
    load = Load(arguments.connections, arguments.seconds)
    return Report(machine, load, arguments.rounds, arguments.customers, versions, measured)


def _show(report: Report) -> None:
    shown = Console(highlight=False)
    shown.width = max(shown.width, WIDTH)
    shown.print(report.table(), *report.notes(), sep="\n")


def main() -> None:
    """The command."""
    arguments = _arguments()
    try:
        with exiting_on_termination():
            report = _report(read_settings(), arguments)
    except (BenchmarkError, PostgresError, DatabaseUnavailable, SettingsError) as failure:
        console.print(str(failure), style="red", markup=False)
        sys.exit(1)
    except (OSError, asyncpg.PostgresError) as failure:
        console.print(f"The database cannot be used: {failure}", style="red", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    _show(report)
    if arguments.json:
        arguments.json.write_bytes(orjson.dumps(report.json(), option=orjson.OPT_INDENT_2))
    if arguments.write:
        write_figures(DOCUMENT, report.markdown())


if __name__ == "__main__":
    main()
