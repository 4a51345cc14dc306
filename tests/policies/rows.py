"""Rows of a test, written short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg as dialects
from sqlalchemy.sql.compiler import SQLCompiler

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


@dataclass(frozen=True)
class Sent:
    """A statement as it is sent, and where the values of its parameters come from."""

    text: str
    parameters: tuple[Any, ...]


def sent(statement: sa.ClauseElement) -> Sent:
    """The statement, for any principal of the shape that it was made for."""
    compiled = statement.compile(dialect=DIALECT)
    assert isinstance(compiled, SQLCompiler)
    assert compiled.positiontup is not None
    return Sent(compiled.string, tuple(compiled.binds[name].value for name in compiled.positiontup))


async def send(connection: asyncpg.Connection, sent: Sent, who: Principal) -> list[asyncpg.Record]:
    """Run a statement with the operands of a principal."""
    found: list[asyncpg.Record] = await connection.fetch(sent.text, *(_value(each, who) for each in sent.parameters))
    return found


async def ask(connection: asyncpg.Connection, statement: sa.ClauseElement, who: Principal) -> list[asyncpg.Record]:
    """Run a statement whose parameters are operands, as a principal."""
    return await send(connection, sent(statement), who)


def _value(bound: Any, who: Principal) -> Any:
    if isinstance(bound, Constant):
        return bound.value
    return who.values[bound] if isinstance(bound, Operand) else bound
