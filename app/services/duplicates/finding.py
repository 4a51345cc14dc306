"""The search among all customers, in one pass and one transaction: all issues are brought up to date, or none."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from app.database import connect
from app.models.ids import uuid7
from app.services.duplicates.pairs import Blocks
from app.services.duplicates.profiles import Profile, profile
from app.services.duplicates.reading import all_customers
from app.services.duplicates.recording import record, write_issues
from app.services.duplicates.report import DuplicatesReport, Found, Written
from app.services.duplicates.scoring import THRESHOLD, Score, score
from app.services.importing.running import Progress, silent

SETTINGS = (
    "SET LOCAL TIME ZONE 'UTC'",
    "SET LOCAL work_mem = '64MB'",
    "SET LOCAL lock_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('duplicates', 0))"
COUNT = "SELECT count(*) FROM customers WHERE deleted_at IS NULL"
DOUBTED = """
    SELECT customer_id, other_customer_id FROM data_quality_issues
    WHERE kind = 'DUPLICATE' AND status = 'OPEN' AND deleted_at IS NULL AND other_customer_id IS NOT NULL"""
STEP = 1_000
"""Customers between two words on progress."""

Pairs = dict[tuple[UUID, UUID], Score]
"""Scores of pairs, the later customer first."""


async def find_duplicates(
    dsn: str, threshold: int = THRESHOLD, *, dry_run: bool = False, progress: Progress = silent
) -> DuplicatesReport:
    """Finds the pairs whose score reaches a threshold (0 to 100) and keeps an open issue for each.

    A pair that somebody dismissed or accepted is not opened again; an open issue whose pair no longer matches is
    closed as FIXED. A dry run says what would be written, and writes nothing.
    """
    began = time.monotonic()
    connection = await connect(dsn)
    try:
        transaction = connection.transaction()
        await transaction.start()
        search = _Search(threshold, progress)
        await search.run(connection)
        written = await write_issues(connection, search.found())
        report = search.report(written, time.monotonic() - began, dry_run=dry_run)
        await record(connection, report)
        await (transaction.rollback() if dry_run else transaction.commit())
        return report
    finally:
        await connection.close()


@dataclass
class _Search:
    """One search under way."""

    threshold: int
    progress: Progress
    customers: int = 0
    compared: int = 0
    pairs: Pairs = field(default_factory=dict)

    async def run(self, connection: asyncpg.Connection) -> None:
        """Reads and compares all customers, then looks again at pairs in doubt that did not come up."""
        for setting in SETTINGS:
            await connection.execute(setting)
        await connection.execute(ONE_AT_A_TIME)
        total = int(await connection.fetchval(COUNT))
        doubted = [(row[0], row[1]) for row in await connection.fetch(DOUBTED)]
        wanted = {each for pair in doubted for each in pair}
        kept: dict[UUID, Profile] = {}
        blocks = Blocks()
        async for details in all_customers(connection):
            newcomer = profile(details)
            if details.id is not None and details.id in wanted:
                kept[details.id] = newcomer
            for known in blocks.neighbours_after_adding(newcomer):
                self._compare(newcomer, known)
            self.customers += 1
            if self.customers % STEP == 0:
                self.progress("compare customers", self.customers, total)
        self._look_again(doubted, kept)

    def _compare(self, one: Profile, other: Profile) -> None:
        self.compared += 1
        found = score(one, other)
        if found.value >= self.threshold:
            assert one.id is not None and other.id is not None
            self.pairs[max(one.id, other.id), min(one.id, other.id)] = found

    def _look_again(self, doubted: list[tuple[UUID, UUID]], kept: Mapping[UUID, Profile]) -> None:
        """An open issue stays where its pair still matches, though it no longer stands close together under any key."""
        for pair in doubted:
            if (max(pair), min(pair)) not in self.pairs and kept.keys() >= set(pair):
                self._compare(kept[pair[0]], kept[pair[1]])

    def found(self) -> list[Found]:
        """The pairs, in the order of their customers."""
        return [Found(*pair, self.pairs[pair]) for pair in sorted(self.pairs)]

    def report(self, written: Written, seconds: float, *, dry_run: bool) -> DuplicatesReport:
        """What came out."""
        return DuplicatesReport(
            job_id=uuid7(),
            threshold=self.threshold,
            dry_run=dry_run,
            customers=self.customers,
            compared=self.compared,
            written=written,
            seconds=seconds,
            pairs=tuple(self.found()),
        )
