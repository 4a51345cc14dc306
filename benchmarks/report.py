"""What is told of a benchmark: a table, JSON, and the figures in docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from benchmarks.errors import BenchmarkError
from benchmarks.figures import Ratio, Run, ratio, typical
from benchmarks.machine import Machine
from benchmarks.wrk import Load


def marks(name: str) -> tuple[str, str]:
    """What stands in a document before and after figures of a name."""
    return f"<!-- {name} -->", f"<!-- end of {name} -->"


BEGIN, END = marks("figures")
HEADINGS = ("selection", "server", "requests/s", "p50 ms", "p99 ms", "bytes", "ours by it")
TITLE_COLUMNS = 2


@dataclass(frozen=True)
class Measured:
    """One selection: the runs of each contender by name, ours first, and the bytes of an answer of ours and the peer's."""

    selection: str
    runs: Mapping[str, Sequence[Run]]
    sizes: Mapping[str, int]
    statements: int
    """Statements that ours sends for one answer."""
    same: Mapping[str, int]
    """Values compared before the run, by verdict."""

    def against(self, name: str) -> Ratio:
        """Ours by another."""
        ours = next(iter(self.runs.values()))
        return ratio(ours, self.runs[name])

    def agreement(self) -> str:
        """How many values were the same."""
        return ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(self.same.items()))

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The table's rows."""
        for place, (name, runs) in enumerate(self.runs.items()):
            per_second = typical(runs, lambda run: run.per_second)
            p50, p99 = typical(runs, lambda run: run.p50), typical(runs, lambda run: run.p99)
            size = f"{self.sizes[name]:,}" if name in self.sizes else ""
            against = _spread(self.against(name)) if place else ""
            selection = self.selection if place == 0 else ""
            yield selection, name, f"{per_second:,.0f}", f"{p50 / 1000:.1f}", f"{p99 / 1000:.1f}", size, against


def _spread(found: Ratio) -> str:
    return f"{found.median:.2f} × ({found.least:.2f}–{found.greatest:.2f})"


@dataclass(frozen=True)
class Report:
    """All that was measured."""

    machine: Machine
    load: Load
    rounds: int
    customers: int
    versions: Mapping[str, str]
    measured: Sequence[Measured]

    def table(self) -> Table:
        """For the terminal."""
        table = Table()
        for place, heading in enumerate(HEADINGS):
            table.add_column(heading, justify="left" if place < TITLE_COLUMNS else "right", no_wrap=True)
        for measured in self.measured:
            for row in measured.rows():
                table.add_row(*row)
            table.add_section()
        return table

    def notes(self) -> list[str]:
        """What the table does not say."""
        machine, load = self.machine, self.load
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        statements = ", ".join(f"{found.selection} {found.statements}" for found in self.measured)
        same = "; ".join(f"{found.selection} {found.agreement()}" for found in self.measured)
        return [
            described(machine, versions),
            f"{self.customers:,} customers; {load.connections} connections, {self.rounds} rounds of {load.seconds} s each "
            "in turn; medians, and in brackets the least and the greatest ratio of a round.",
            f"Statements that ours sends to the database for one answer: {statements}.",
            f"Values compared with PostGraphile's before the load: {same}.",
        ]

    def markdown(self) -> str:
        """For docs/performance.md."""
        lines = [_line(HEADINGS), _line([*["---"] * TITLE_COLUMNS, *["--:"] * (len(HEADINGS) - TITLE_COLUMNS)])]
        lines += [_line(row) for measured in self.measured for row in measured.rows()]
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes())])

    def json(self) -> dict[str, Any]:
        """For programs."""
        found = asdict(self)
        for part, measured in zip(found["measured"], self.measured, strict=True):
            part["ratios"] = {name: asdict(measured.against(name)) for name in list(measured.runs)[1:]}
        return found


def described(machine: Machine, versions: str = "") -> str:
    """The machine in a line."""
    named = ", ".join(filter(None, (f"PostgreSQL {machine.postgres}, Python {machine.python}", versions)))
    return (
        f"{machine.date}; {machine.processor}, {machine.cores} cores, {machine.memory_gib} GiB; {machine.system}; "
        f"{named}. {_load(machine)}"
    )


def _load(machine: Machine) -> str:
    unsteady = ", more than half the cores: the figures are unsteady" if machine.is_busy else ""
    return f"Load in the minute before: {machine.load}{unsteady}."


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write_figures(path: Path, figures: str, name: str = "figures") -> None:
    """Put figures between the marks of a document. Raises BenchmarkError where it has none."""
    opening, closing = marks(name)
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(opening)
    _, end, after = rest.partition(closing)
    if not (begin and end):
        raise BenchmarkError(f"{path} has no place for figures: {opening} … {closing}")
    path.write_text(f"{before}{opening}\n\n{figures}\n\n{closing}{after}", encoding="utf-8")
