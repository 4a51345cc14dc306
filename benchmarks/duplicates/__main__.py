"""How well and how fast duplicates are found: `python -m benchmarks.duplicates` [--write].

The customers are made up (making, spoiling), a tenth of them a second time with one to three differences and some
things not known. Weights and threshold were chosen on one seed; what is reported is another.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import resource
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console

from app.database import Database
from app.postgres.signals import exiting_on_termination
from app.services.duplicates import THRESHOLD, Profile, candidates, profile, score
from app.settings import read_settings
from benchmarks.duplicates.stored import checked, searched, store
from benchmarks.duplicates.truth import Known, Quality, Truth, judged, truth
from benchmarks.machine import Machine, describe
from benchmarks.processes import ROOT
from benchmarks.report import described, write_figures
from benchmarks.volume import NAME, Volume, volume

TUNED, REPORTED = 1, 2
"""Seeds: of the rows that weights and threshold were chosen on, and of those that are reported."""
THRESHOLDS = (50, THRESHOLD, 90, 99)
FOUNDED = 500

console = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a search in memory came to: seconds of normal forms, of finding pairs, of scoring them, and its quality."""

    rows: int
    compared: int
    seconds: tuple[float, float, float]
    quality: dict[int, Quality]
    reachable: float
    """The share of true pairs that were compared."""

    @property
    def total(self) -> float:
        """Seconds in all."""
        return sum(self.seconds)


def measured(given: Truth) -> Measured:
    """A search in memory."""
    gc.collect()
    gc.freeze()
    start = time.perf_counter()
    profiles = [profile(each) for each in given.rows]
    formed = time.perf_counter()
    pairs = list(candidates(profiles))
    paired = time.perf_counter()
    scores = [score(one, other).value for one, other in pairs]
    scored = time.perf_counter()
    gc.unfreeze()
    known = [_known(pair) for pair in pairs]
    quality = {
        threshold: judged((pair for pair, value in zip(known, scores, strict=True) if value >= threshold), given)
        for threshold in THRESHOLDS
    }
    seconds = formed - start, paired - formed, scored - paired
    return Measured(len(profiles), len(pairs), seconds, quality, judged(known, given).recall)


def _known(pair: Iterable[Profile]) -> Known:
    return frozenset(each.id for each in pair if each.id is not None)


def _speed(few: Measured, many: Measured) -> list[str]:
    lines = [
        f"| | {few.rows:,} customers | {many.rows:,} customers | ratio |",
        "| --- | --: | --: | --: |",
        f"| pairs compared | {few.compared:,} | {many.compared:,} | {many.compared / few.compared:.1f} |",
    ]
    for i, title in enumerate(("normal forms", "finding pairs", "scoring pairs")):
        lines.append(_seconds(title, few.seconds[i], many.seconds[i]))
    lines.append(_seconds("all", few.total, many.total))
    rates = (each.compared / each.seconds[2] for each in (few, many))
    lines.append(f"| pairs scored in a second | {' | '.join(f'{rate:,.0f}' for rate in rates)} | |")
    return lines


def _seconds(title: str, few: float, many: float) -> str:
    return f"| {title} | {few:.2f} s | {many:.2f} s | {many / few:.1f} |"


def _quality(each: Measured) -> list[str]:
    lines = ["| threshold | found | of them right | precision | recall |", "| --: | --: | --: | --: | --: |"]
    for threshold, found in each.quality.items():
        title = f"**{threshold}**" if threshold == THRESHOLD else str(threshold)
        lines.append(f"| {title} | {found.found:,} | {found.right:,} | {found.precision:.3f} | {found.recall:.3f} |")
    return lines


async def _stored(place: Volume, given: Truth) -> tuple[Machine, Sequence[str]]:
    console.print("storing", style="dim")
    await store(place, given)
    customers, compared, seconds = await searched(place)
    lines = [
        f"The job, over {customers:,} customers in the database: {compared:,} pairs compared in {seconds:.1f} s.",
        "",
        "| new customer checked by | median | 95 of 100 within | its other row among those told |",
        "| --- | --: | --: | --: |",
    ]
    for each in await checked(place, given):
        lines.append(f"| {each.who} | {each.middle:.1f} ms | {each.slow:.1f} ms | {each.told:.0%} |")
    database = Database(place.address, pool_size=1, statement_timeout=10)
    try:
        await database.open()
        return await describe(database), lines
    finally:
        await database.close()


def figures(rows: int) -> str:
    """The tables."""
    few, given = measured(truth(REPORTED, rows // 10)), truth(REPORTED, rows)
    many = measured(given)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    tuned = measured(truth(TUNED, rows)).quality[THRESHOLD]
    with volume(read_settings(), FOUNDED, f"{NAME}_duplicates") as place:
        machine, lines = asyncio.run(_stored(place, given))
    true = many.quality[THRESHOLD].true
    return "\n".join(
        [
            *_quality(many),
            "",
            f"Among {rows:,} rows, {true:,} pairs of which are one customer; {many.reachable:.1%} of these were compared. On the "
            f"rows that weights and threshold were chosen on: precision {tuned.precision:.3f}, recall {tuned.recall:.3f}.",
            "",
            *_speed(few, many),
            "",
            *lines,
            "",
            f"- Memory of the process with its made-up rows and all pairs: {memory:,.0f} MiB.",
            f"- {described(machine)}",
        ]
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duplicates", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    arguments = parser.parse_args()
    with exiting_on_termination():
        found = figures(arguments.rows)
    Console(highlight=False, soft_wrap=True).print(found, markup=False)
    if arguments.write:
        write_figures(ROOT / "docs" / "performance.md", found, "duplicates")


if __name__ == "__main__":
    main()
