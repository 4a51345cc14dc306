"""The import of a file set, in one transaction: all of it is loaded, but for the rows rejected, or nothing."""

from __future__ import annotations

import decimal
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import UUID

import asyncpg

from app.database import connect
from app.models.ids import uuid7
from app.services.importing.checks import Checks
from app.services.importing.faults import ImportFailed
from app.services.importing.formulas import EXACT
from app.services.importing.lookups import Lookup
from app.services.importing.mapping import Mapping
from app.services.importing.recording import record
from app.services.importing.rejects import write_rejects
from app.services.importing.report import Counts, FileRead, ImportReport, RuleCounts
from app.services.importing.rules import Rule
from app.services.importing.settling import CUSTOMERS_DDL, Settling
from app.services.importing.sources import AnySource, Form, Given, check_alike, find_sources, positions
from app.services.importing.staging import Feed, Stager, rows_of
from app.services.importing.transforms import Refusal
from app.services.importing.trees import PATHS_DDL
from app.services.importing.writing import Writing, rolled_up
from app.services.ordering import CHANGE_RIGHTS, RIGHTS_REST_ON
from policies.faults import Fault

SETTINGS = (
    "SET LOCAL TIME ZONE 'UTC'",
    "SET LOCAL datestyle = 'ISO'",
    "SET LOCAL temp_buffers = '64MB'",
    "SET LOCAL work_mem = '128MB'",
    "SET LOCAL lock_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('import:' || $1, 0))"
REJECTED = "SELECT count(*) FROM (SELECT DISTINCT file, line FROM import_rejects WHERE rule = $1) found"


class Progress(Protocol):
    """Is told how far an import is: what it does, and how much of it is done of how much."""

    def __call__(self, step: str, done: int, of: int) -> object: ...


def silent(step: str, done: int, of: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a caller may say about an import, beside mapping and path."""

    form: Form = field(default_factory=Form)
    rejects: Path | None = None
    """Where the rejected rows are written; None: nowhere."""
    actor: UUID | None = None


async def run_import(
    dsn: str, mapping: Mapping, path: Path, options: ImportOptions | None = None, *, progress: Progress = silent
) -> ImportReport:
    """Import the files at a path (a folder, or the only file) as a mapping says.

    Raises ImportFailed, with nothing loaded, where the mapping or a file is faulty or the database refuses.
    """
    began = time.monotonic()
    options = options or ImportOptions()
    sources = find_sources(mapping, path, options.form)
    check_alike(sources)
    rules, scope = mapping.bind(positions(sources))
    with decimal.localcontext(EXACT):
        learn(scope.lookups, sources, progress)
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            run = _Run(connection, mapping, rules, sources, progress, options.actor)
            try:
                records = await run.stage()
                counts = await run.load()
            except asyncpg.PostgresError as error:
                raise run.refused(error) from error
            rejects = options.rejects and await write_rejects(connection, run.flat, rules, options.rejects)
            seconds = time.monotonic() - began
            report = ImportReport(mapping.name, mapping.system, uuid7(), records, counts, seconds, rejects)
            await record(connection, report, options.actor)
        return report
    finally:
        await connection.close()


@contextmanager
def _out_of_collection() -> Iterator[None]:
    """Spare the collector what is there already: millions of short-lived cells make it look again and again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def learn(lookups: Sequence[Lookup], sources: dict[str, list[AnySource]], progress: Progress = silent) -> None:
    """Fill lookups from the files they look into, each after those it rests on."""
    for lookup in lookups:
        for source in sources.get(lookup.file, ()):
            told = partial(_tell, progress, f"look into {source.name}", source.size)
            for line, cells in source.records(told):
                if len(cells) != len(source.header):
                    continue
                try:
                    lookup.learn(cells)
                except Refusal as refusal:
                    raise ImportFailed([Fault(source.name, line, str(refusal))]) from None


def _tell(progress: Progress, step: str, of: int, done: int) -> None:
    progress(step, done, of)


@dataclass
class _Run:
    """One import under way, in the transaction of its connection."""

    connection: asyncpg.Connection
    mapping: Mapping
    rules: Sequence[Rule]
    sources: dict[str, list[AnySource]]
    progress: Progress
    actor: UUID | None
    _at: Rule | None = None

    def __post_init__(self) -> None:
        self.flat = [source for found in self.sources.values() for source in found]
        self._feeds = [Feed(number, rule) for number, rule in enumerate(self.rules)]
        names = [source.name for source in self.flat]
        system = self.mapping.system
        self._settlings = [Settling(rule, number, system, names) for number, rule in enumerate(self.rules)]

    async def stage(self) -> tuple[FileRead, ...]:
        """Read all files into the stages."""
        for setting in SETTINGS:
            await self.connection.execute(setting)
        await self.connection.execute(ONE_AT_A_TIME, self.mapping.system)
        kinds = self.mapping.document.files
        stager = Stager(
            self.connection, {kind: [feed for feed in self._feeds if feed.rule.file == kind] for kind in kinds}
        )
        await stager.create()
        read: list[FileRead] = []
        number = 0
        with decimal.localcontext(EXACT), _out_of_collection():
            for kind, found in self.sources.items():
                for source in found:
                    count = await stager.stage(kind, number, source, self._reading(source))
                    number += 1
                    if not isinstance(source, Given):
                        read.append(FileRead(source.name, source.spoken_encoding, source.delimiter, count))
        return tuple(read)

    def _reading(self, source: AnySource) -> Callable[[int], object]:
        return partial(_tell, self.progress, f"read {source.name}", source.size)

    async def load(self) -> tuple[RuleCounts, ...]:
        """Settle all rules, then write them; the counts, in the order of the mapping."""
        await self.connection.execute(CUSTOMERS_DDL)
        await self.connection.execute(PATHS_DDL)
        for settling in self._settlings:
            self._begin("settle", settling.rule)
            await self._settle(settling)
        by_name = {rule.name: rule for rule in self.rules}
        for rule in self.rules:
            self._begin("add up", rule)
            for statement in rolled_up(rule, by_name):
                await self.connection.execute(statement)
        await self._begin_writing()
        counts = {feed.rule.name: await self._write(feed) for feed in self._feeds}
        self.progress("write rows", len(counts), len(counts))
        return tuple(RuleCounts(name, part.table, counts[name]) for name, part in self.mapping.document.rows.items())

    def _begin(self, step: str, rule: Rule) -> None:
        self._at = rule
        self.progress(f"{step} rows", self.rules.index(rule), len(self.rules))

    async def _settle(self, settling: Settling) -> None:
        for statement in (*settling.statements(), *Checks(settling).statements()):
            await self.connection.execute(statement)
        while settling.refers_to_itself and await self._orphans(settling):
            pass
        for statement in settling.finish():
            await self.connection.execute(statement)
        await self.connection.execute(f"ANALYZE {rows_of(settling.rule)}")

    async def _orphans(self, settling: Settling) -> int:
        """How many rows were rejected because rows of their own rule were."""
        return sum([_affected(await self.connection.execute(statement)) for statement in settling.orphaned()])

    async def _begin_writing(self) -> None:
        """Waits for the writes under way, if what is to be written changes rights."""
        if any([rule.table.name in RIGHTS_REST_ON and await self._writes(rule) for rule in self.rules]):
            await self.connection.execute(CHANGE_RIGHTS)

    async def _writes(self, rule: Rule) -> bool:
        """Whether a rule has rows to make or to change."""
        found = await self.connection.fetchval(
            f"SELECT EXISTS (SELECT FROM {rows_of(rule)} WHERE NOT _known OR _changed)"
        )
        return bool(found or rule.rollups)

    async def _write(self, feed: Feed) -> Counts:
        self._begin("write", feed.rule)
        created, updated = await self._written(feed.rule) if await self._writes(feed.rule) else (0, 0)
        known = int(await self.connection.fetchval(f"SELECT count(*) FROM {rows_of(feed.rule)} WHERE _known"))
        rejected = int(await self.connection.fetchval(REJECTED, feed.number))
        accounted = created + known + rejected
        return Counts(feed.read_of(accounted), created, updated, known - updated, rejected)

    async def _written(self, rule: Rule) -> tuple[int, int]:
        """Writes a rule's rows: how many it makes, and how many it changes."""
        writing = Writing(rule, self.actor)
        for statement in writing.before():
            await self.connection.execute(statement)
        updated = sum([_affected(await self.connection.execute(statement)) for statement in writing.update()])
        for statement in writing.after():
            await self.connection.execute(statement)
        created = _affected(await self.connection.execute(writing.insert()))
        for statement in writing.unique_keys():
            await self.connection.execute(statement)
        return created, updated

    def refused(self, error: asyncpg.PostgresError) -> ImportFailed:
        """What the database refused that no check had foreseen, at the rule it was doing."""
        path = ("rows", self._at.name) if self._at else ()
        return ImportFailed([self.mapping.marked.fault(path, f"the database refuses: {' '.join(str(error).split())}")])


def _affected(status: str) -> int:
    """Rows that a statement touched, by its command tag."""
    return int(status.rsplit(" ", 1)[-1])
