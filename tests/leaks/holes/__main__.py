"""`python -m tests.leaks.holes`: plant known mistakes one at a time, and see each of them found."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.conftest import template_server
from tests.leaks.holes.search import HOLES, TOLD_APART, Search
from tests.leaks.personas import BY_NAME
from tests.leaks.prepared import prepared

PERSONAS = (
    *("conditional", "masked", "denied", "quantified", "crossing", "rep", "two halves", "two regions"),
    *("rep nowhere", "muted admin", "sliver", "partner", "looker"),
)
MOST = 4_000

console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """0 where every hole was found, and none where there is none."""
    parser = argparse.ArgumentParser(prog="python -m tests.leaks.holes", description=__doc__)
    parser.add_argument("--only", default="", help="holes whose name this expression finds")
    only = parser.parse_args().only
    missed = 0
    asking = [BY_NAME[name] for name in PERSONAS]
    with (
        tempfile.TemporaryDirectory() as made,
        template_server(Path(made)) as server,
        prepared(server, 1, asking) as ready,
    ):
        search = Search(ready, Path(made), MOST, shrink=True)
        search.begin()
        for mistake in (each for each in HOLES if re.search(only, each.name)):
            missed += not _found(mistake.name, search.run(mistake))
    console.print(f"{missed} not found")
    return 1 if missed else 0


def _found(name: str, told: dict[str, object]) -> bool:
    found = told.get("outcome") == TOLD_APART
    if not found:
        console.print(f"[red]NOT FOUND[/] {name}: {told}")
        return False
    console.print(f"{name}: operation {told['asked']}, {told['who']}, by {told['by']}")
    console.print(f"    {told['text']} {told['variables'] or ''}", style="dim", markup=False)
    return True


if __name__ == "__main__":
    sys.exit(main())
