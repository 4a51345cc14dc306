"""Temporary tables that rows wait in, and the stream of records that fills them by COPY.

`stage_RULE` holds what a rule made of the records, keys of references still as texts; `import_rejects`
holds the records that a rule could not take. Both vanish with the transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from app.models.ids import uuid7
from app.services.importing.reading import Cells
from app.services.importing.rules import Rule
from app.services.importing.sources import AnySource
from app.services.importing.tables import sql_type
from app.services.importing.transforms import NOTHING, Refusal

TEXT_ORDER = ' COLLATE "C"'
BATCH = 20_000
"""Rows that wait in memory before they are copied."""
REMEMBERED_KEYS = 200_000
"""Keys of distinct rows that are left out when they come again; beyond these the database leaves them out."""
CHUNK = 2_000
"""Rows in one message to the server."""
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
PLACE = ("_file", "_line", "_key", "_id")
REJECT_COLUMNS = ("rule", "file", "line", "key", "reason")


def stage_of(rule: Rule) -> str:
    """The table that holds what a rule made of the records."""
    return f"stage_{rule.name}"


def seen_of(rule: Rule) -> str:
    """The table of the same rows, those found that are known."""
    return f"seen_{rule.name}"


def rows_of(rule: Rule) -> str:
    """The table of a rule's settled rows."""
    return f"rows_{rule.name}"


def staged_columns(rule: Rule) -> list[str]:
    """Its columns, in the order of the rule's makers."""
    return [*PLACE, *(column.name for column in rule.values), *(slot for slot, _ in rule.slots)]


def stage_ddl(rule: Rule) -> str:
    """CREATE TABLE for a rule's stage."""
    typed = [f'"{column.name}" {sql_type(column)}' for column in rule.values]
    slots = [f'"{slot}" {type_}{TEXT_ORDER if type_ == "text" else ""}' for slot, type_ in rule.slots]
    place = ["_file int4", "_line int4", '_key text COLLATE "C"', "_id uuid"]
    return f"CREATE TEMP TABLE {stage_of(rule)} ({', '.join([*place, *typed, *slots])}) ON COMMIT DROP"


REJECTS_DDL = (
    'CREATE TEMP TABLE import_rejects (rule int4, file int4, line int4, key text COLLATE "C", reason text)'
    " ON COMMIT DROP"
)


@dataclass
class Feed:
    """One rule, fed with records: rows and rejects gather until they are copied. `read` counts the records taken."""

    number: int
    rule: Rule
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    rejects: list[tuple[Any, ...]] = field(default_factory=list)
    read: int = 0
    _seen: set[str] = field(default_factory=set)

    def taker(self, file: int) -> Callable[[int, Cells], None]:
        """The function that takes a record of a file."""
        rule, rows, makers, place = self.rule, self.rows, self.rule.maker(), self.rule.key_place
        when, key_of, seen = rule.when, rule.key, self._seen
        admits = self._once if rule.part.distinct else _given

        def take(line: int, cells: Cells) -> None:
            if place is not None and cells[place] in seen:
                return
            key = None
            try:
                if when is not None and when(cells) is None:
                    return
                key = key_of(cells)
                if not admits(key):
                    return
                self.read += 1
                rows.append((file, line, key, uuid7(), *[make(cells) for make in makers]))
            except Refusal as refusal:
                self._refuse(file, line, cells, key, refusal)

        return take

    def _once(self, key: str | None) -> bool:
        """Whether a key of distinct rows is new, as far as is remembered."""
        if key is None or key in self._seen:
            return False
        if len(self._seen) < REMEMBERED_KEYS:
            self._seen.add(key)
        return True

    def _refuse(self, file: int, line: int, cells: Cells, key: str | None, refusal: Refusal) -> None:
        if key is None:
            self.read += 1
            self.reject(file, line, None, f"key: {refusal}")
        else:
            self.reject(file, line, key, self.rule.reasons(cells))

    def reject(self, file: int, line: int, key: str | None, reason: str) -> None:
        """Note a record that the rule cannot take."""
        self.rejects.append((self.number, file, line, key, reason))

    def read_of(self, accounted: int) -> int:
        """How many rows were read, all of them being accounted for; distinct rows are as many as are found."""
        if self.rule.part.distinct:
            return accounted
        if self.read != accounted:
            raise AssertionError(f"{self.rule.name}: {self.read} rows were read, {accounted} are accounted for")
        return self.read

    def ragged(self, file: int, line: int, reason: str) -> None:
        """Note a record without a place for each cell; a rule of distinct values makes nothing of it."""
        if not self.rule.part.distinct:
            self.read += 1
            self.reject(file, line, None, reason)


def _given(key: str | None) -> bool:
    if key is None:
        raise Refusal("is empty")
    return True


def copy_line(row: tuple[Any, ...]) -> str:
    """One row in COPY's text form. Few need escaping, so what does is found out for the whole row."""
    line = "\t".join([NOTHING if cell is None else cell if cell.__class__ is str else str(cell) for cell in row])
    if "\\" not in line and "\n" not in line and "\r" not in line and line.count("\t") == len(row) - 1:
        return line
    return "\t".join([NOTHING if cell is None else str(cell).translate(ESCAPED) for cell in row])


@dataclass(frozen=True, slots=True)
class Load:
    """Rows on their way into a temporary table, as COPY reads them.

    Its text form takes half the work of the binary one, which takes numbers apart into groups of digits.
    """

    table: str
    columns: Sequence[str]
    chunks: Sequence[bytes]

    async def each(self) -> AsyncIterator[bytes]:
        """One message to the server after the other."""
        for chunk in self.chunks:
            yield chunk


def load_of(table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> Load:
    """Rows made ready; the list is emptied."""
    lines = [copy_line(row) for row in rows]
    rows.clear()
    chunks = [("\n".join(lines[at : at + CHUNK]) + "\n").encode() for at in range(0, len(lines), CHUNK)]
    return Load(table, columns, chunks)


@dataclass
class Stager:
    """Copies what files yield into the stages. A thread reads ahead while the server takes what was read before."""

    connection: asyncpg.Connection[asyncpg.Record]
    feeds: Mapping[str, Sequence[Feed]]
    """By kind of file."""

    async def create(self) -> None:
        """Make the temporary tables."""
        await self.connection.execute(REJECTS_DDL)
        for feeds in self.feeds.values():
            for feed in feeds:
                await self.connection.execute(stage_ddl(feed.rule))

    async def stage(self, kind: str, file: int, source: AnySource, read: Callable[[int], object]) -> int:
        """Take all records of a file; how many there were."""
        batches, count = self._batches(self.feeds.get(kind, ()), file, source, read), 0
        sending: asyncio.Task[None] | None = None
        try:
            while batch := await asyncio.to_thread(next, batches, None):
                if sending is not None:
                    await sending
                count, loads = batch
                sending = asyncio.create_task(self._send(loads))
        finally:
            if sending is not None:
                await sending
        return count

    def _batches(
        self, feeds: Sequence[Feed], file: int, source: AnySource, read: Callable[[int], object]
    ) -> Iterator[tuple[int, list[Load]]]:
        """What is made of some records at a time, with the number of those read so far."""
        width, count = len(source.header), 0
        takers = [feed.taker(file) for feed in feeds]
        for count, (line, cells) in enumerate(source.records(read), start=1):
            if len(cells) == width:
                for take in takers:
                    take(line, cells)
            else:
                for feed in feeds:
                    feed.ragged(file, line, f"{len(cells)} cells stand under a header of {width}")
            if count % BATCH == 0:
                yield count, self._loads(feeds)
        yield count, self._loads(feeds)

    def _loads(self, feeds: Sequence[Feed]) -> list[Load]:
        rows = [load_of(stage_of(feed.rule), staged_columns(feed.rule), feed.rows) for feed in feeds if feed.rows]
        return rows + [load_of("import_rejects", REJECT_COLUMNS, feed.rejects) for feed in feeds if feed.rejects]

    async def _send(self, loads: Sequence[Load]) -> None:
        for load in loads:
            await self.connection.copy_to_table(
                load.table, source=load.each(), columns=list(load.columns), format="text", null=NOTHING
            )
