"""The CSV of rejected rows: where each stood, what it was to become, why not, and the row itself."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg

from app.services.importing.reading import Cells
from app.services.importing.rules import Rule
from app.services.importing.sources import AnySource

HEADER = ("file", "line", "entity", "reason", "row")

FOUND = """
    SELECT file, line, reason, array_agg(DISTINCT rule ORDER BY rule) AS rules
    FROM import_rejects GROUP BY file, line, reason ORDER BY file, line, min(rule), reason"""


async def write_rejects(
    connection: asyncpg.Connection[asyncpg.Record], sources: Sequence[AnySource], rules: Sequence[Rule], path: Path
) -> Path | None:
    """Write the rejects of the transaction that is open; None, and no file (nor an older one), where there are none.

    The files are read a second time, alongside the rejects, so that none of their rows is held in memory.
    """
    if not await connection.fetchval("SELECT EXISTS (SELECT 1 FROM import_rejects)"):
        _remove(path)
        return None
    with ExitStack() as stack:
        out = csv.writer(stack.enter_context(path.open("w", encoding="utf-8", newline="")))
        out.writerow(HEADER)
        async for row in _found(connection, sources, rules):
            out.writerow(row)
    return path


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


async def _found(
    connection: asyncpg.Connection[asyncpg.Record], sources: Sequence[AnySource], rules: Sequence[Rule]
) -> AsyncIterator[tuple[Any, ...]]:
    records: Iterator[tuple[int, Cells]] = iter(())
    number, at, text = -1, 0, ""
    async for found in connection.cursor(FOUND, prefetch=1000):
        if found["file"] != number:
            number, at = found["file"], 0
            records = sources[number].records()
        while at != found["line"]:
            at, cells = next(records)
            if at == found["line"]:
                text = as_csv(cells, sources[number].delimiter)
        tables = dict.fromkeys(rules[rule].table.name for rule in found["rules"])
        yield sources[number].name, found["line"], " ".join(tables), found["reason"], text


def as_csv(cells: Cells, delimiter: str) -> str:
    """A record as it stands in its file, but for its line end."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n")
