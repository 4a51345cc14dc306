"""What PostgreSQL answers of a case: each principal's view of each resource, as the engine makes it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import product

import asyncpg
from sqlalchemy.schema import CreateTable

from policies.access import ResourceAccess, access
from policies.catalogue import Resource
from policies.loading import load
from policies.principal import Principal
from tests.oracle.cells import Cell, View
from tests.oracle.drawn.cases import Case
from tests.oracle.drawn.models import Made
from tests.oracle.drawn.rows import Rows
from tests.policies.conftest import rolled_back
from tests.policies.rows import put, send, sent, text


@dataclass(frozen=True)
class Answer:
    """What one principal sees of one resource, and what is told of it without asking the database."""

    who: Principal
    on: ResourceAccess
    view: View


@dataclass(frozen=True)
class Answers:
    """All that is answered of a case at one moment."""

    case: Case
    now: dt.datetime
    answers: list[Answer]


@dataclass(frozen=True)
class Database:
    """A database with the tables of models that cases were asked of."""

    connection: asyncpg.Connection
    runner: asyncio.Runner
    made: set[int] = field(default_factory=set)

    def answers(self, case: Case) -> Answers:
        """Put the rows, ask everything, and leave nothing."""
        return self.runner.run(self._answers(case))

    async def _answers(self, case: Case) -> Answers:
        async with self.holding(case.made, case.rows) as now:
            return Answers(case, now, [answer async for answer in self._each(case)])

    @asynccontextmanager
    async def holding(self, made: Made, rows: Rows) -> AsyncIterator[dt.datetime]:
        """The tables of a model with rows in them, inside a transaction that begins at the moment given."""
        if made.seed not in self.made:
            await _create(self.connection, made)
            self.made.add(made.seed)
        async with rolled_back(self.connection):
            for name, each in rows.items():
                if each:
                    await put(self.connection, made.catalogue[name].table, *each)
            yield await self.connection.fetchval("SELECT now()")

    async def _each(self, case: Case) -> AsyncIterator[Answer]:
        policy, shapes = load(case.texts, case.made.catalogue), dict.fromkeys(who.shape for who in case.principals)
        for shape, resource in product(shapes, case.made.catalogue):
            rights = access(policy, shape)
            fields = case.fields(resource)
            statement = sent(rights.view(resource, fields, fields, action=case.action))
            for who in (who for who in case.principals if who.shape == shape):
                found = await send(self.connection, statement, who)
                yield Answer(who, rights.on(resource, case.action), _view(resource, fields, found))


@contextmanager
def database(dsn: str) -> Iterator[Database]:
    """A connection to a database in which models are made as they come."""
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(dsn))
        try:
            runner.run(connection.execute("SET jit = off"))
            yield Database(connection, runner)
        finally:
            runner.run(connection.close())


async def _create(connection: asyncpg.Connection, made: Made) -> None:
    tables = [text(CreateTable(table)) for table in made.metadata.sorted_tables]
    await connection.execute(";".join([f"CREATE SCHEMA {made.metadata.schema}", *tables]))


def _view(on: Resource, fields: Sequence[str], rows: list[asyncpg.Record]) -> View:
    found = {tuple(row[column] for column in on.key): {name: _cell(on, name, row) for name in fields} for row in rows}
    assert len(found) == len(rows), "a row stands in the view twice"
    return found


def _cell(on: Resource, name: str, row: asyncpg.Record) -> Cell:
    column, companions = on.fields[name].column.name, on.fields[name].spec.companions
    return Cell(row[column], row[f"{column}__state"], tuple(row[f"{column}__{each}"] for each in companions))
