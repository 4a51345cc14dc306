"""The made-up customers in a database: how long the job takes there, and the check of one new customer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any
from uuid import UUID

import asyncpg

from app.database import Database, connect
from app.identity.authority import Authority
from app.identity.bearer import Bearer
from app.models.ids import uuid7
from app.services.duplicates import Details, find_duplicates, similar
from benchmarks.caller import find_caller
from benchmarks.duplicates.making import PERSON
from benchmarks.duplicates.truth import Truth
from benchmarks.errors import BenchmarkError
from benchmarks.policy import ADMINISTRATOR
from benchmarks.volume import Volume

TIMES = 200
SCOPES = "SELECT owner_id, department_id, region_id FROM customers ORDER BY id"
CUSTOMERS = (
    "id",
    "kind",
    "display_name",
    "legal_name",
    "given_name",
    "family_name",
    "birth_date",
    "tax_id",
    "email",
    "phone",
)
ADDRESSES = ("customer_id", "id", "kind", "line1", "city", "postal_code", "country")
SCOPE = ("owner_id", "department_id", "region_id")

Scope = tuple[UUID | None, UUID | None, UUID | None]


@dataclass(frozen=True, slots=True)
class Checked:
    """How new customers were checked: milliseconds, and how many of those that have a row already were told so."""

    who: str
    middle: float
    slow: float
    told: float


async def store(place: Volume, truth: Truth) -> None:
    """Stores the rows around the demo company, spread over its owners and regions, unless they are there."""
    connection = await connect(place.address)
    try:
        if await connection.fetchval("SELECT EXISTS (SELECT FROM customers WHERE id = $1)", truth.rows[0].id):
            return
        scopes: list[Scope] = [(row[0], row[1], row[2]) for row in await connection.fetch(SCOPES)]
        await _copy(connection, "customers", CUSTOMERS, _customers(truth.rows, scopes))
        await _copy(connection, "addresses", ADDRESSES, _addresses(truth.rows, scopes))
        await connection.execute("VACUUM ANALYZE", timeout=3_600)
    finally:
        await connection.close()


async def _copy(connection: asyncpg.Connection, table: str, columns: Sequence[str], rows: Iterator[Any]) -> None:
    await connection.copy_records_to_table(table, columns=[*columns, *SCOPE], records=rows, timeout=3_600)


def _customers(rows: Sequence[Details], scopes: Sequence[Scope]) -> Iterator[tuple[Any, ...]]:
    for number, of in enumerate(rows):
        names = of.display_name or "?", of.legal_name, of.given_name, of.family_name
        reached = next(iter(of.emails), None), next(iter(of.phones), None)
        yield (of.id, of.kind.value, *names, of.birth_date, of.tax_id, *reached, *scopes[number % len(scopes)])


def _addresses(rows: Sequence[Details], scopes: Sequence[Scope]) -> Iterator[tuple[Any, ...]]:
    for number, of in enumerate(rows):
        kind = "HOME" if of.kind is PERSON else "OFFICE"
        for each in of.places:
            known = each.line1, each.city, each.postal_code, each.country
            yield (of.id, uuid7(), kind, *known, *scopes[number % len(scopes)])


async def searched(place: Volume) -> tuple[int, int, float]:
    """Customers, pairs compared, and the seconds of the job."""
    report = await find_duplicates(place.address, dry_run=True)
    return report.customers, report.compared, report.seconds


async def checked(place: Volume, truth: Truth) -> list[Checked]:
    """Checks customers that have a row already, as administrator and as representative."""
    database = Database(place.address, pool_size=1, statement_timeout=60)
    try:
        await database.open()
        row = await database.read(f"SELECT id FROM users WHERE email = ({ADMINISTRATOR})")
        if row is None:
            raise BenchmarkError("No user of the demo company is an administrator.")
        caller = await find_caller(database)
        people = {"administrator": row["id"], "representative": caller.user}
        return [await _checked(database, who, user, truth) for who, user in people.items()]
    finally:
        await database.close()


async def _checked(database: Database, who: str, user: UUID, truth: Truth) -> Checked:
    rights = await Authority(database.read).rights(Bearer(user))
    if rights is None:
        raise BenchmarkError(f"The {who} may not sign in.")
    others: dict[UUID, UUID] = {max(pair): min(pair) for pair in truth.pairs}
    again = [each for each in truth.rows if each.id in others][:TIMES]
    times, told = [], 0
    async with database.pool.acquire() as connection:
        for each in again:
            began = time.perf_counter()
            found = await similar(connection.fetch, rights.access, rights.principal, each)
            times.append((time.perf_counter() - began) * 1_000)
            told += each.id is not None and others[each.id] in {candidate.id for candidate in found}
    return Checked(who, median(times), quantiles(times, n=20)[-1], told / len(again))
