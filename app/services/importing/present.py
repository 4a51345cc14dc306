"""An import as a terminal shows it: a progress bar while it runs, a table when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.services.importing.report import Counts, ImportReport
from app.services.importing.running import Progress as Told

COLUMNS = ("read", "created", "updated", "unchanged", "rejected")


@contextmanager
def progress_bar(console: Console) -> Iterator[Told]:
    """A bar for each step of an import, to be told how far it is; it goes when the import is done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def told(step: str, done: int, of: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=max(of, 1))
            bars.update(tasks[step], completed=done)

        yield told


def show_report(console: Console, report: ImportReport) -> None:
    """How files were read, what became of their rows, and where the rejected ones are."""
    for file in report.files:
        sign = "tab" if file.delimiter == "\t" else file.delimiter
        console.print(f"{file.name}: {file.records:,} records, {file.encoding}, delimiter {sign}", highlight=False)
    console.print(closing_table(report))
    console.print(f"{report.total.read:,} rows in {report.seconds:.1f} s", highlight=False)
    if report.total.rejected:
        where = f": see {report.rejects}" if report.rejects else ""
        console.print(f"{report.total.rejected:,} rejected{where}", style="yellow", highlight=False)


def closing_table(report: ImportReport) -> Table:
    """Counts by rule and entity, and of all."""
    table = Table("rows", "entity", *(), show_footer=True, show_edge=False)
    table.columns[0].footer = "all"
    for name in COLUMNS:
        table.add_column(name, justify="right", footer=f"{getattr(report.total, name):,}")
    for rule in report.rules:
        table.add_row(rule.rule, rule.entity, *_cells(rule.counts))
    return table


def _cells(counts: Counts) -> Iterator[str]:
    return (f"{getattr(counts, name):,}" for name in COLUMNS)
