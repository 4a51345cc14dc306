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
import orjson

from app.database import connect
from app.models.ids import uuid7
from app.services.importing.checks import Checks
from app.services.importing.faults import ImportFailed
from app.services.importing.formulas import EXACT
from app.services.importing.lookups import Lookup
from app.services.importing.mapping import Mapping
from app.services.importing.rejects import write_rejects
from app.services.importing.report import Counts, FileRead, ImportReport, RuleCounts
from app.services.importing.rules import Rule
from app.services.importing.settling import CUSTOMERS_DDL, Settling, rows_of
from app.services.importing.sources import AnySource, Form, find_sources
from app.services.importing.staging import Feed, Stager
from app.services.importing.tables import is_tree
from app.services.importing.transforms import Refusal
from app.services.importing.writing import Writing, rolled_up
from policies.faults import Fault

SETTINGS = (
    "SET LOCAL TIME ZONE 'UTC'",
    "SET LOCAL datestyle = 'ISO'",
    "SET LOCAL temp_buffers = '64MB'",
    "SET LOCAL work_mem = '128MB'",
    "SET LOCAL lock_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
PATHS_DDL = "CREATE TEMP TABLE import_paths (id uuid PRIMARY KEY, path text) ON COMMIT DROP"


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
    headers = {kind: {name: i for i, name in enumerate(found[0].header)} for kind, found in sources.items() if found}
    _check_alike(sources)
    rules, scope = mapping.bind(headers)
    with decimal.localcontext(EXACT):
        learn(scope.lookups, sources, progress)
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            run = _Run(connection, mapping, rules, sources, options, progress)
            with decimal.localcontext(EXACT), out_of_collection():
                files = await run.stage()
            try:
                counts = await run.load()
            except asyncpg.PostgresError as error:
                raise run.refused(error) from error
            return await run.close(files, counts, began)
    finally:
        await connection.close()


@contextmanager
def out_of_collection() -> Iterator[None]:
    """Spare the collector what is there already: millions of short-lived cells make it look again and again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _check_alike(sources: dict[str, list[AnySource]]) -> None:
    """Files of one kind have one header."""
    raise_faults(
        Fault(other.name, 1, f"the header differs from that of {found[0].name}")
        for found in sources.values()
        for other in found[1:]
        if other.header != found[0].header
    )


def raise_faults(faults: Iterator[Fault]) -> None:
    """Raise ImportFailed where there are any."""
    found = list(faults)
    if found:
        raise ImportFailed(found)


def learn(lookups: Sequence[Lookup], sources: dict[str, list[AnySource]], progress: Progress) -> None:
    """Fill lookups from the files they look into, each after those it rests on."""
    for lookup in lookups:
        for source in sources.get(lookup.file, ()):
            width = len(source.header)
            for line, cells in source.records(partial(_tell, progress, f"look into {source.name}", source.size)):
                if len(cells) != width:
                    continue
                try:
                    lookup.learn(cells)
                except Refusal as refusal:
                    raise ImportFailed([Fault(source.name, line, str(refusal))]) from None


def _tell(progress: Progress, step: str, of: int, done: int) -> None:
    progress(step, done, of)


@dataclass
class _Run:
    """One import under way."""

    connection: asyncpg.Connection[asyncpg.Record]
    mapping: Mapping
    rules: Sequence[Rule]
    sources: dict[str, list[AnySource]]
    options: ImportOptions
    progress: Progress
    job: UUID = field(default_factory=uuid7)

    def __post_init__(self) -> None:
        self.flat = [source for found in self.sources.values() for source in found]
        self.feeds = [Feed(number, rule) for number, rule in enumerate(self.rules)]
        names = [source.name for source in self.flat]
        self.settlings = [
            Settling(rule, number, self.mapping.document.system, names) for number, rule in enumerate(self.rules)
        ]
        self.at: Rule | None = None

    async def stage(self) -> list[FileRead]:
        """Read all files into the stages."""
        for setting in SETTINGS:
            await self.connection.execute(setting)
        system = self.mapping.document.system
        await self.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('import:' || $1, 0))", system)
        by_kind = {
            kind: [feed for feed in self.feeds if feed.rule.file == kind] for kind in self.mapping.document.files
        }
        stager = Stager(self.connection, by_kind)
        await stager.create()
        read: list[FileRead] = []
        for kind, found in self.sources.items():
            for source in found:
                count = await stager.stage(kind, len(read), source, self._reading(source))
                read.append(FileRead(source.name, source.encoding, source.delimiter, count))
        return read

    def _reading(self, source: AnySource) -> Callable[[int], object]:
        return partial(_tell, self.progress, f"read {source.name}", source.size)

    async def load(self) -> list[Counts]:
        """Settle all rules, then write them."""
        await self.connection.execute(CUSTOMERS_DDL)
        await self.connection.execute(PATHS_DDL)
        for i, settling in enumerate(self.settlings):
            self.progress("settle", i, len(self.rules))
            self.at = settling.rule
            await self._settle(settling)
        by_name = {rule.name: rule for rule in self.rules}
        for rule in self.rules:
            self.at = rule
            for statement in rolled_up(rule, by_name):
                await self.connection.execute(statement)
        return [await self._write(number, rule) for number, rule in enumerate(self.rules)]

    async def _settle(self, settling: Settling) -> None:
        for statement in (*settling.statements(), *Checks(settling).statements()):
            await self.connection.execute(statement)
        while settling.refers_to_itself and await self._orphans(settling):
            pass
        for statement in settling.finish():
            await self.connection.execute(statement)
        await self.connection.execute(f"ANALYZE {rows_of(settling.rule)}")

    async def _orphans(self, settling: Settling) -> int:
        """How many rows were rejected as their rule's other rows were."""
        return sum([affected(await self.connection.execute(statement)) for statement in settling.orphaned()])

    async def _write(self, number: int, rule: Rule) -> Counts:
        self.progress("write", number, len(self.rules))
        self.at = rule
        writing = Writing(rule, self.options.actor)
        keep, move, forget = [*writing.moved()] if is_tree(rule.table) and not rule.part.keep else ["", "", ""]
        update = writing.update()
        if keep:
            await self.connection.execute(keep)
        updated = affected(await self.connection.execute(update)) if update else 0
        if move:
            await self.connection.execute(move)
            await self.connection.execute(forget)
        created = affected(await self.connection.execute(writing.insert()))
        for statement in writing.unique_keys():
            await self.connection.execute(statement)
        known = await self.connection.fetchval(f"SELECT count(*) FROM {rows_of(rule)} WHERE _known")
        rejected = await self._rejected(number)
        return self._balanced(number, Counts(0, created, updated, known - updated, rejected))

    async def _rejected(self, number: int) -> int:
        found = await self.connection.fetchval(
            "SELECT count(*) FROM (SELECT DISTINCT file, line FROM import_rejects WHERE rule = $1) r", number
        )
        return int(found)

    def _balanced(self, number: int, counts: Counts) -> Counts:
        """The counts with what was read; a rule of distinct values reads as many rows as it finds values."""
        accounted = counts.created + counts.updated + counts.unchanged + counts.rejected
        feed = self.feeds[number]
        read = accounted if feed.rule.part.distinct else feed.read
        if read != accounted:
            raise AssertionError(f"{feed.rule.name}: {read} rows were read, {accounted} accounted for")
        return Counts(read, counts.created, counts.updated, counts.unchanged, counts.rejected)

    def refused(self, error: asyncpg.PostgresError) -> ImportFailed:
        """What the database refused that no check had foreseen, at the rule it was doing."""
        path = ("rows", self.at.name) if self.at else ()
        detail = f" ({error.detail})" if getattr(error, "detail", None) else ""
        return ImportFailed([self.mapping.marked.fault(path, f"the database refuses: {error}{detail}")])

    async def close(self, files: list[FileRead], counts: list[Counts], began: float) -> ImportReport:
        """Write the rejects, the job and the change events; the report."""
        rejects = None
        if self.options.rejects is not None:
            rejects = await write_rejects(self.connection, self.flat, self.rules, self.options.rejects)
        rules = tuple(
            RuleCounts(rule.name, rule.table.name, count) for rule, count in zip(self.rules, counts, strict=True)
        )
        seconds = time.monotonic() - began
        name, system = self.mapping.name, self.mapping.document.system
        report = ImportReport(name, system, self.job, tuple(files), rules, seconds, rejects)
        await self._record(report)
        self.progress("write", len(self.rules), len(self.rules))
        return report

    async def _record(self, report: ImportReport) -> None:
        result = orjson.dumps(report.as_json()).decode()
        parameters = orjson.dumps({"mapping": report.mapping, "files": [file.name for file in report.files]}).decode()
        await self.connection.execute(
            """INSERT INTO jobs (id, kind, status, parameters, result, actor, started_at, finished_at)
               VALUES ($1, 'IMPORT', 'SUCCEEDED', $2, $3, $4, now(), clock_timestamp())""",
            self.job, parameters, result, self.options.actor,
        )  # fmt: skip
        for entity in dict.fromkeys(rule.entity for rule in report.rules):
            counts = report.entity(entity)
            if counts.created or counts.updated:
                changed = orjson.dumps({"created": counts.created, "updated": counts.updated}).decode()
                await self.connection.execute(
                    """INSERT INTO change_events (entity, op, changed, actor, job_id)
                       VALUES ($1, 'IMPORT', $2, $3, $4)""",
                    entity, changed, self.options.actor, self.job,
                )  # fmt: skip


def affected(status: str) -> int:
    """Rows that a statement touched, by its command tag."""
    return int(status.rsplit(" ", 1)[-1])
