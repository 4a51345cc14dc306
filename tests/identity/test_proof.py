"""The proof of rights: nothing they rest on changes without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from app.identity.bearer import Bearer
from app.identity.principals import load_principal
from app.identity.proof import Proof, Stale
from app.models import Base
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import department, region, store

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
FRESH = (1, 2, 3, NOW)

RESTS_ON = {
    "users": {"status", "manager_id", "display_name", "email", "deleted_at"},
    "role_assignments": {
        "user_id", "role_id", "department_id", "region_id", "valid_from", "valid_to", "deleted_at",
    },
    "roles": {"code", "deleted_at"},
    "departments": {"path", "deleted_at"},
    "regions": {"path", "deleted_at"},
    "policy_versions": {"status", "document", "deleted_at"},
}  # fmt: skip
"""All that a user's rights are read from. Keys are left out: whatever refers to them stands in their way."""


@pytest.mark.parametrize(
    ("proof", "until", "found", "is_fresh"),
    [
        (Proof(1, 2, 3), None, FRESH, True),
        (Proof(2, 2, 3), None, FRESH, False),
        (Proof(1, 1, 3), None, FRESH, False),
        (Proof(1, 2, 4), None, FRESH, False),
        (Proof(1, 2, 3), NOW + SECOND, FRESH, True),
        (Proof(1, 2, 3), NOW, FRESH, False),
        (Proof(1, 2, 3), NOW - SECOND, FRESH, False),
        (Proof(1, 2, 3), None, (None, None, 3, NOW), False),
        (Proof(1, 2, 3), None, (1, 2, 0, NOW), False),
    ],
)
def test_a_proof_is_compared_whole(
    proof: Proof, until: dt.datetime | None, found: tuple[Any, ...], *, is_fresh: bool
) -> None:
    try:
        proof.check(until, found)
    except Stale:
        assert not is_fresh
    else:
        assert is_fresh


ROW = {
    "users": "email = 'rep@example.com'",
    "role_assignments": "region_id = (SELECT id FROM regions WHERE code = 'DE') AND department_id IS NOT NULL",
    "roles": "code = 'sales_rep'",
    "departments": "code = 'SALES'",
    "regions": "code = 'DE'",
    "policy_versions": "status = 'ACTIVE'",
}
"""A row of each table that the rights of the representative rest on."""

Standing = list[tuple[Any, Proof | None]]


async def _standing(connection: asyncpg.Connection, company: Company) -> Standing:
    """What the representative and the manager are and may, with its proof."""

    async def read(statement: str, *values: object) -> Any:
        return await connection.fetchrow(statement, *values)

    policy = await read("SELECT document FROM policy_versions WHERE status = 'ACTIVE' AND deleted_at IS NULL")
    found = [await load_principal(read, Bearer(who.key)) for who in (company.rep, company.manager)]
    return [((known.principal, policy), known.proof) if known else (None, None) for known in found]


def _literals(column: sa.Column[Any], company: Company) -> Iterator[str]:
    """SQL of values that a column could get."""
    if isinstance(column.type, sa.Uuid):
        yield from (f"'{row.key}'" for row in (company.admin, company.france, company.service))
        yield "(SELECT id FROM roles WHERE code = 'marketer')"
    elif isinstance(column.type, sa.DateTime):
        yield from ("now() - interval '1 hour'", "now() + interval '1 hour'")
    elif isinstance(column.type, sa.String):
        yield from ("'x'", "'/x/'", "'x@example.com'", "'SUSPENDED'", "'RETIRED'")
    elif isinstance(column.type, sa.Boolean):
        yield f'NOT "{column.name}"'
    else:
        yield from ("'{}'", "7")
    yield "NULL"


async def _proofs_of_change(connection: asyncpg.Connection, company: Company, statement: str) -> list[bool]:
    """For each user whose rights a statement changes, whether the proof moves with them. It is undone."""
    before = await _standing(connection, company)
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(statement)
        after = await _standing(connection, company)
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.DatatypeMismatchError, asyncpg.DataError):
        after = before
    finally:
        await transaction.rollback()
    return [new[1] != old[1] for new, old in zip(after, before, strict=True) if new[0] != old[0]]


@pytest.fixture
async def changing(writer: asyncpg.Connection, company: Company) -> AsyncIterator[asyncpg.Connection]:
    """The company with a place below each of the representative's, in a transaction that is undone."""
    transaction = writer.transaction()
    await transaction.start()
    await store(writer, department("INSIDE", company.sales), region("BY", company.germany))
    yield writer
    await transaction.rollback()


@pytest.mark.parametrize("table", RESTS_ON)
async def test_no_column_that_rights_rest_on_changes_without_the_proof(
    changing: asyncpg.Connection, company: Company, table: str
) -> None:
    rests_on = set()
    for column in Base.metadata.tables[table].columns:
        for literal in _literals(column, company):
            statement = f'UPDATE {table} SET "{column.name}" = {literal} WHERE {ROW[table]}'
            proofs = await _proofs_of_change(changing, company, statement)
            assert all(proofs), statement
            rests_on |= {column.name} if proofs else set()
    assert rests_on == RESTS_ON[table]
