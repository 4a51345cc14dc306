"""c360 policy test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

from app.commands.common import AsJson, console, print_json, run
from app.commands.policy.documents import Folder, read_documents, refuse
from app.database import address, connect
from app.services.policies.testing import run_cases
from app.settings import Settings
from policies.faults import PolicyError
from policies.loading import DEFAULT_RULES
from policies.testing import Miss

COLUMNS = ("place", "as", "on", "field", "expected", "got")


def run_tests(folder: Folder = DEFAULT_RULES, as_json: AsJson = False) -> None:
    """Run the tests beside the rules; what is not as expected is shown in a table. Exit code 1 where there is such."""
    try:
        documents = read_documents(folder)
    except PolicyError as error:
        raise refuse(error, as_json=as_json) from None

    async def work(settings: Settings) -> list[Miss]:
        with address(settings) as found:
            connection = await connect(found)
            try:
                return await run_cases(connection, documents.policy, documents.cases)
            finally:
                await connection.close()

    misses = run(work) if documents.cases else []
    if as_json:
        print_json({"cases": len(documents.cases), "failures": [_data(miss) for miss in misses]})
    else:
        show_misses(misses)
        failed = len({(miss.case.origin, miss.case.who, miss.case.resource.name) for miss in misses})
        console.print(f"{len(documents.cases)} cases: {f'{failed} failed' if failed else 'all as expected'}.")
    if misses:
        raise typer.Exit(1)


def _data(miss: Miss) -> dict[str, Any]:
    case = miss.case
    place = {"file": case.origin.file, "line": case.origin.line, "as": case.who, "on": case.resource.name}
    return {**place, "field": miss.field or None, "expected": miss.expected, "got": miss.got, "because": case.because}


def show_misses(misses: Sequence[Miss]) -> None:
    """Prints what was not as expected, as a table whose columns are as wide as what stands in them."""
    lines = [COLUMNS, *map(_cells, misses)] if misses else []
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cells(miss: Miss) -> tuple[str, ...]:
    case = miss.case
    place = f"{case.origin.file}:{case.origin.line}"
    return (place, case.who, case.resource.name, miss.field or "(the row)", miss.expected, miss.got)
