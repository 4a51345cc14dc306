"""A process over a source with a hole in it: asks until the hole is found, and prints what found it."""

from __future__ import annotations

import argparse
import asyncio
import json
import pickle
import sys
import tempfile
from pathlib import Path
from random import Random

from app.settings import Settings
from graphql_schema.schema import SCHEMA
from tests.leaks.operations.coverage import Coverage
from tests.leaks.operations.generator import Generator
from tests.leaks.pairs import pairs
from tests.leaks.prepared import Prepared
from tests.leaks.quiet import quiet
from tests.leaks.reporting import least
from tests.leaks.running import Run


async def found(
    ready: Prepared, settings: Settings, number: int, near: frozenset[str], *, shrink: bool
) -> dict[str, object]:
    """Which of some operations found it, and how."""
    async with pairs(ready, settings) as asking:
        run = Run(asking, Generator(Random(1), Coverage(SCHEMA._schema), near=near), Random(1))
        finding = await run.ask(number)
        if finding is None:
            return {"asked": run.asked}
        case = await least(finding) if shrink else finding.case
        return {
            "asked": run.asked,
            "outcome": finding.shown.outcome,
            "by": "its statements" if finding.shown.by_statements else "its answer",
            "who": finding.pair.persona.name,
            "text": case.operation.text,
            "variables": case.operation.variables,
        }


def main() -> None:
    """Prints one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("prepared", type=Path)
    parser.add_argument("number", type=int)
    parser.add_argument("--near", nargs="*", default=(), help="parts of the schema that operations are led to")
    parser.add_argument("--shrink", action="store_true")
    arguments = parser.parse_args()
    ready: Prepared = pickle.loads(arguments.prepared.read_bytes())  # noqa: S301 our own
    with tempfile.TemporaryDirectory() as made, quiet(Path(made)):
        settings = Settings(data_dir=Path(made) / "keys")
        told = asyncio.run(found(ready, settings, arguments.number, frozenset(arguments.near), shrink=arguments.shrink))
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
