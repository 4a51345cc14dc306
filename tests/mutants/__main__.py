"""`make mutants`: change the algebra in one place at a time, and see that a test fails each time.

Prints each mutant that no test kills. It either changes nothing that anybody can see, and stands in `equivalent.txt` with
the reason, or shows a test that is missing.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from rich.console import Console

from app.postgres import embedded
from tests.mutants.mutations import Mutant, mutants

ROOT = Path(__file__).parents[2]
ALGEBRA = (
    "access",
    "conditions",
    "fragments",
    "grants",
    "grounds",
    "levels",
    "masks/mask",
    "permits",
    "predicates",
    "presets",
    "principal",
    "standing",
    "states",
    "telling",
    "unknowns",
    "view",
)
"""Modules of policies/ that decide what is shown."""
TESTS = ("tests/policies", "tests/oracle")
SECONDS = 600
console = Console(highlight=False)


def equivalent() -> frozenset[str]:
    """Mutants that behave as the original: `module.py: before → after`, one a line; reasons stand behind a #."""
    lines = (ROOT / "tests/mutants/equivalent.txt").read_text("utf-8").splitlines()
    return frozenset(line.partition("  #")[0].strip() for line in lines if line and not line.startswith("#"))


def name_of(module: str, mutant: Mutant) -> str:
    """What a mutant is called in the list of equivalent ones: without its line, which moves."""
    return f"{module}.py: {mutant.before} → {mutant.after}".replace("\n", " ")


def killed(tree: Path, database: str) -> bool:
    """Whether a test fails in a copy of the tree."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree),
        "C360_TEST_DATABASE_URL": database,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", *TESTS]
    try:
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def chosen(arguments: argparse.Namespace) -> list[tuple[str, Mutant]]:
    """The mutants to try."""
    known = equivalent()
    found = [
        (module, mutant)
        for module in arguments.module or ALGEBRA
        for mutant in mutants((ROOT / f"policies/{module}.py").read_text("utf-8"))
        if name_of(module, mutant) not in known
    ]
    if arguments.sample:
        found = random.Random(arguments.seed).sample(found, min(arguments.sample, len(found)))  # noqa: S311
    return found


def tried(tree: Path, module: str, mutant: Mutant, database: str) -> bool:
    """Whether a mutant is killed."""
    path = tree / f"policies/{module}.py"
    original = path.read_text("utf-8")
    path.write_text(mutant.source, "utf-8")
    try:
        return killed(tree, database)
    finally:
        path.write_text(original, "utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, help="try so many, chosen by chance; without it, all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--module", action="append", choices=ALGEBRA, help="of this module; without it, of all")
    arguments = parser.parse_args()
    verdicts: Counter[bool] = Counter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, embedded(Path(folder) / "data") as server:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".*", "node_modules", "__pycache__"))
        if killed(tree, server.dsn):
            console.print("The tests fail without any mutant.")
            sys.exit(2)
        for number, (module, mutant) in enumerate(chosen(arguments), start=1):
            dead = tried(tree, module, mutant, server.dsn)
            verdicts[dead] += 1
            if not dead:
                console.print(f"survived: policies/{name_of(module, mutant)} (line {mutant.line})", markup=False)
            elif number % 25 == 0:
                console.print(f"{number} tried, {verdicts[False]} survived, {time.monotonic() - started:.0f} s")
    total = sum(verdicts.values())
    console.print(f"{verdicts[True]} of {total} mutants killed in {time.monotonic() - started:.0f} s.")
    sys.exit(1 if verdicts[False] else 0)


if __name__ == "__main__":
    main()
