"""`make mutants`: change the algebra in one place at a time, and see that a test fails each time.

Prints each mutant that no test kills. It either changes nothing that anybody can see, and stands in `equivalent.txt` with
the reason, or shows a test that is missing. Verdicts are written to a file as they come; `--resume` takes those that are
there, and goes on with the others.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from tests.mutants.algebra import ALGEBRA, Change, changes, equivalent
from tests.mutants.choosing import ROUNDS, Choice
from tests.mutants.running import Run, Unfit, running
from tests.mutants.verdicts import ALL, KILLED, Verdict, Verdicts, append, read, told

ROOT = Path(__file__).parents[2]
console = Console(highlight=False)


def chosen(arguments: argparse.Namespace) -> list[Change]:
    """The changes to try, in an order that mixes the modules."""
    found = list(changes(ROOT, arguments.module or ALGEBRA))
    random.Random(arguments.seed).shuffle(found)  # noqa: S311 - no secret
    return found[: arguments.sample]


def verdicts(
    run: Run, choice: Choice, found: Sequence[Change], known: Verdicts, listed: Mapping[str, str]
) -> Iterator[Verdict]:
    """The verdicts that are missing: of the tests that run a change's lines, then of all tests."""
    for most in ROUNDS:
        left = [each for each in found if each.name not in known or known[each.name].tests < most]
        left = [each for each in left if most < ALL or each.name not in listed]
        for each in run.fast(left, choice, most):
            known[each.name] = each if each.outcome in KILLED else replace(each, tests=most)
            yield known[each.name]
    survived = [each for each in found if known[each.name].outcome not in KILLED and each.name not in listed]
    if survived:
        yield from run.whole(survived, choice, run.unchanged())


def complaints(found: Sequence[Change], known: Verdicts, listed: Mapping[str, str]) -> Iterator[str]:
    """What is wrong: mutants that no test kills, and lines of the list that are not true."""
    lines = {change.name: change.lines.start for change in found}
    for name, each in sorted(known.items()):
        if each.outcome in KILLED and name in listed:
            yield f"listed as equivalent, but {each.outcome} by {each.by}: {name}"
        elif each.outcome not in KILLED and name not in listed:
            yield f"{each.outcome}: {name} (line {lines[name]}) {each.message}"
    strange = set(listed).difference(change.name for change in changes(ROOT))
    yield from (f"listed as equivalent, but there is no such mutant: {name}" for name in sorted(strange))


def arguments() -> argparse.Namespace:
    """What the command is told."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, help="try so many, chosen by chance; without it, all")
    parser.add_argument("--seed", type=int, default=1, help="of the order in which they are tried")
    parser.add_argument("--module", action="append", choices=ALGEBRA, help="of this module; without it, of all")
    parser.add_argument("--jobs", type=int, default=2, help="how many are tried at once")
    parser.add_argument(
        "--resume", type=Path, metavar="FILE", help="keep the verdicts in this file, and add the others"
    )
    parser.add_argument(
        "--first", action="append", default=[], metavar="TESTS", help="ask the tests of this file first"
    )
    return parser.parse_args()


def main() -> None:
    """The command."""
    given, started = arguments(), time.monotonic()
    file = given.resume or Path(tempfile.mkdtemp(prefix="mutants-")) / "verdicts.jsonl"
    found, listed = chosen(given), equivalent(ROOT)
    known = read(file, found)
    console.print(f"{len(found)} mutants, {len(known)} tried before; verdicts are written to {file}")
    try:
        with running(ROOT, given.jobs) as run:
            choice = replace(run.choice(file.with_suffix(".lines")), first=tuple(given.first))
            for change in found:
                choice.killed(change, known[change.name].by if change.name in known else "")
            for number, each in enumerate(verdicts(run, choice, found, dict(known), listed), start=1):
                append(file, each)
                known[each.name] = each
                if number % 25 == 0:
                    console.print(f"{number} tried, {time.monotonic() - started:.0f} s: {told(known, listed)}")
    except Unfit as unfit:
        console.print(f"The tests fail without any mutant: {unfit}", markup=False)
        sys.exit(2)
    wrong = list(complaints(found, known, listed))
    console.print(*wrong, told(known, listed), f"{time.monotonic() - started:.0f} s", sep="\n", markup=False)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
