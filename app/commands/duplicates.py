"""c360 duplicates: customers of which two rows may be one."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.common import AsJson, console, print_json, ready_address, run
from app.commands.data import progress_bar
from app.services.duplicates import THRESHOLD, DuplicatesReport, find_duplicates
from app.settings import Settings

commands = typer.Typer(no_args_is_help=True, help="Find customers of which two rows may be one.")


@commands.callback()
def duplicates() -> None:
    """Find customers of which two rows may be one."""


@commands.command()
def find(
    threshold: Annotated[
        int, typer.Option(min=1, max=100, help="Score from which on a pair is taken for duplicates.")
    ] = THRESHOLD,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be written, and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare all customers, and keep an open data quality issue for each pair that may be one."""

    async def work(settings: Settings) -> DuplicatesReport:
        async with ready_address(settings) as address:
            with progress_bar() as bar:
                task = bar.add_task("compare customers", total=None)

                def tell(step: str, done: int, of: int) -> None:
                    bar.update(task, description=step, completed=done, total=of)

                return await find_duplicates(address, threshold, dry_run=dry_run, progress=tell)

    report = run(work)
    if as_json:
        print_json(report.as_json())
    else:
        _print(report)


def _print(report: DuplicatesReport) -> None:
    made = report.written
    console.print(
        f"{len(report.pairs):,} pairs among {report.customers:,} customers score {report.threshold} or more "
        f"({report.compared:,} compared in {report.seconds:.1f} s)."
    )
    console.print(
        f"Issues: {made.created:,} opened, {made.updated:,} updated, {made.unchanged:,} unchanged, {made.fixed:,} closed; "
        f"{made.settled:,} pairs were accepted or dismissed before."
    )
    if report.dry_run:
        console.print("Nothing was written.")
