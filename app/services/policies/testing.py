"""Tests of a policy, put to PostgreSQL: each case sees its own rows alone, and nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import asyncpg

from policies.rules import Policy
from policies.testing import Case, Miss, asking, misses, temporary_tables


class Connection(Protocol):
    """What is needed of an asyncpg connection that may make temporary tables."""

    async def fetchrow(self, query: str, *args: Any) -> Any: ...
    async def execute(self, query: str, *args: Any) -> Any: ...
    def transaction(self) -> Any: ...


async def run_cases(connection: Connection, policy: Policy, cases: Iterable[Case]) -> list[Miss]:
    """All that is not as the cases expect."""
    found: list[Miss] = []
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(temporary_tables(policy.catalogue))
        for case in cases:
            found.extend(await _run(connection, policy, case))
    finally:
        await transaction.rollback()
    return found


async def _run(connection: Connection, policy: Policy, case: Case) -> list[Miss]:
    asked, parameters = asking(case, policy)
    apart = connection.transaction()
    await apart.start()
    try:
        for row in case.rows:
            await connection.execute(*_inserting(row.table.name, row.values))
        return list(misses(case, await connection.fetchrow(asked.sql, *parameters)))
    except asyncpg.DataError as error:
        return [Miss(case, "", "a row that can be stored", str(error))]
    finally:
        await apart.rollback()


def _inserting(table: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    columns, places = ", ".join(values), ", ".join(f"${i}" for i in range(1, len(values) + 1))
    return f"INSERT INTO pg_temp.{table} ({columns}) VALUES ({places})", *values.values()
