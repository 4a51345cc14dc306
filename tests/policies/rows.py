"""Rows of a test, written short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg as dialects

from policies.conditions import Constant, Operand
from policies.principal import Principal

DIALECT = dialects.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


def key(number: int) -> UUID:
    """A key."""
    return UUID(int=number)


async def put(connection: asyncpg.Connection, table: sa.Table, *rows: Mapping[str, Any]) -> None:
    """Insert rows, all of the same columns."""
    columns = list(rows[0])
    values = ", ".join(f"${i}" for i in range(1, len(columns) + 1))
    named = f"INSERT INTO {table.fullname} ({', '.join(columns)}) VALUES ({values})"
    await connection.executemany(named, [tuple(row[column] for column in columns) for row in rows])


def text(statement: sa.ClauseElement) -> str:
    """The statement as it is sent."""
    return str(statement.compile(dialect=DIALECT))


async def ask(connection: asyncpg.Connection, statement: sa.ClauseElement, who: Principal) -> list[asyncpg.Record]:
    """Run a statement whose parameters are operands, as a principal."""
    compiled = statement.compile(dialect=DIALECT)
    assert compiled.positiontup is not None
    values = [_value(compiled.binds[name].value, who) for name in compiled.positiontup]
    found: list[asyncpg.Record] = await connection.fetch(compiled.string, *values)
    return found


def _value(bound: Any, who: Principal) -> Any:
    if isinstance(bound, Constant):
        return bound.value
    return who.values[bound] if isinstance(bound, Operand) else bound
