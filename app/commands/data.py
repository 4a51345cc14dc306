"""c360 demo and import: what comes into the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.commands.common import AsJson, console, fail, print_json, ready_address, run
from app.services.demo import DEMO_USERS, DemoRefused, load_demo
from app.services.importing import Form, ImportOptions, ImportReport, read_mapping, run_import, shipped
from app.settings import Settings

Mapping = Annotated[str, typer.Argument(help=f"A shipped mapping ({', '.join(shipped())}) or a YAML file.")]
Source = Annotated[Path, typer.Argument(help="The folder of the files, or the only file.", exists=True)]
Rejects = Annotated[
    Path | None, typer.Option(help="CSV file for rejected rows; by default MAPPING.rejects.csv, where there are any.")
]


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Shows how far a command is, and leaves nothing behind."""
    columns = (TextColumn("{task.description:<32}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        yield bar


def demo(
    customers: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many customers.")] = 500,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing where there is data already.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load a made-up company: always the same for the same number of customers."""

    async def work(settings: Settings) -> dict[str, int] | None:
        async with ready_address(settings) as address:
            with progress_bar() as bar:
                task = bar.add_task("making customers", total=customers)
                try:
                    return await load_demo(address, customers, progress=lambda done: bar.update(task, completed=done))
                except DemoRefused as refused:
                    if if_empty:
                        return None
                    raise fail(str(refused)) from None

    counts = run(work)
    if as_json:
        print_json(
            {"rows": {str(name): n for name, n in (counts or {}).items()}, "users": [user.email for user in DEMO_USERS]}
        )
    elif counts is None:
        console.print("There is data already; nothing was loaded.")
    else:
        console.print(f"{sum(counts.values()):,} rows: " + ", ".join(f"{n:,} {name}" for name, n in counts.items()))


def import_(
    mapping: Mapping,
    path: Source,
    rejects: Rejects = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of all files; detected where not given.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Delimiter of all files; detected where not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Import CSV files: all of them, but for the rows rejected, or nothing. Doing it again changes nothing."""
    refused = rejects or Path(f"{Path(mapping).stem}.rejects.csv")

    async def work(settings: Settings) -> ImportReport:
        found = read_mapping(mapping)
        options = ImportOptions(Form(encoding, delimiter), refused)
        async with ready_address(settings) as address:
            with progress_bar() as bar:
                task = bar.add_task(mapping, total=None)

                def tell(step: str, done: int, of: int) -> None:
                    bar.update(task, description=step, completed=done, total=of)

                return await run_import(address, found, path, options, progress=tell)

    report = run(work)
    if as_json:
        print_json(report.as_json())
    else:
        _print(report)


def _print(report: ImportReport) -> None:
    title = f"{report.mapping}: {len(report.files)} files in {report.seconds:.1f} s"
    table = Table("What", "Entity", *COUNTS, title=title)
    for rule in report.rules:
        table.add_row(rule.rule, rule.entity, *(f"{getattr(rule.counts, name):,}" for name in COUNTS))
    table.add_section()
    table.add_row("all", "", *(f"{getattr(report.total, name):,}" for name in COUNTS))
    for column in table.columns[2:]:
        column.justify = "right"
    console.print(table)
    if report.rejects is not None:
        console.print(f"Rejected rows, each with its reason: {report.rejects}")


COUNTS = ("read", "created", "updated", "unchanged", "rejected")
