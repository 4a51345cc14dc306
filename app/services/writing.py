"""The unit of work of a write: ordered with changes of rights, and checked to its end.

    1  the order: from here on, until the transaction ends, nobody's rights change but by this write
    2  the proof, in a snapshot taken after that: these are still the rights that the write was planned under
    3  the write
    4  the last statement: what must hold of other rows than those written, and that it is not too late

The last is asked again because an UPDATE that had to wait for its row looks again at that row only, and at all
others as they were when it began.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import visitors

from app.identity.authority import Rights
from app.identity.proof import Unsettled, check_time, proof_columns
from app.services.ordering import CHANGE_RIGHTS, HOLD_RIGHTS
from policies.access import Access
from policies.conditions import Attribute, Constant, Operand
from policies.predicates import bound
from policies.principal import PrincipalKind
from policies.statements import Statement as Made
from policies.statements import statement

WAITED_TOO_LONG = {"55P03", "57014"}
"""SQLSTATEs: a lock was not to be had in time; the statement was cancelled."""

NUMBER = "SELECT nextval('change_events_seq_seq')"

Check: TypeAlias = Callable[[], Awaitable[None]]
Statement: TypeAlias = sa.Select[Any] | sa.Insert | sa.Update | sa.Delete

NOTHING: Mapping[Any, Any] = MappingProxyType({})

NOW = sa.func.statement_timestamp()
"""The time of the statement; `now()` is that of the transaction, which may have waited since."""


def _proof() -> Made:
    *numbers, now = proof_columns(bound(Attribute("subjects"), ARRAY(sa.Uuid())), NOW)
    return statement(sa.select(*(each.label(f"p{i}") for i, each in enumerate(numbers)), now.label("now")))


PROOF = _proof()
"""What rights are compared with."""


@dataclass
class UnitOfWork:
    """A write under way, in the transaction of its connection."""

    connection: AsyncConnection
    rights: Rights
    request_id: str | None = None
    """What the change events of this write name as its request."""
    four_eyes: bool = False
    """Whether nobody has a policy come into force alone."""
    reached: int | None = None
    """The number of the last of its change events."""
    _now: dt.datetime | None = None
    _checks: list[Check] = field(default_factory=list)
    _last: list[tuple[sa.ColumnElement[bool], Exception]] = field(default_factory=list)

    @property
    def access(self) -> Access:
        """What the caller may see and do."""
        return self.rights.access

    @property
    def actor(self) -> UUID:
        """Who writes."""
        return self.rights.principal.id

    @property
    def user(self) -> UUID | None:
        """The user who writes; None where a client does for itself."""
        return self.actor if self.rights.principal.kind is PrincipalKind.USER else None

    async def fetch(self, statement: Made, given: Mapping[Any, Any] = NOTHING) -> Sequence[Mapping[str, Any]]:
        """The rows of a statement that is made already, its operands being those of the rights, or given."""
        values = statement.values(self.rights.principal.values_with(given))
        found: Sequence[Mapping[str, Any]] = await (await self.driver).fetch(statement.sql, *values)
        return found

    @property
    def now(self) -> dt.datetime:
        """When the write began: after it had its turn."""
        assert self._now is not None
        return self._now

    async def place(self) -> int:
        """Where this write stands among all: at its last change event, or, if it left none, at a number of its own, so
        that nobody is told whether it changed anything.
        """
        if self.reached is None:
            self.reached = await (await self.driver).fetchval(NUMBER)
        return self.reached

    @property
    async def driver(self) -> asyncpg.Connection:
        """The connection below, inside the transaction."""
        return await driver_of(self.connection)

    async def execute(self, statement: Statement) -> sa.CursorResult[Any]:
        """Runs a statement, its operands being those of the rights: predicates of permits may stand in it."""
        return await self.connection.execute(_bound(statement, self.rights.principal.values))

    def check_last(self, condition: sa.ColumnElement[bool], failure: Exception) -> None:
        """Has a condition asked in the last statement; where it is not true, the failure is raised and nothing written."""
        self._last.append((condition, failure))

    def finally_do(self, check: Check) -> None:
        """Has a check made once all is written; what it raises undoes the write."""
        self._checks.append(check)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part of the write that may fail by itself: what fails in it is undone, its checks made at its end."""
        outer, self._checks = self._checks, []
        try:
            async with self.connection.begin_nested():
                yield
                for check in self._checks:
                    await check()
        finally:
            self._checks = outer

    async def finish(self) -> None:
        """Asks what is to be asked last. Raises Stale, what a check raises, or the first failure."""
        for check in self._checks:
            await check()
        until = self.rights.principal.fresh_until
        if not self._last and until is None:
            return
        found = await self._row(NOW, *(condition for condition, _ in self._last))
        check_time(until, found[0])
        for (_, failure), holds in zip(self._last, tuple(found)[1:], strict=True):
            if not holds:
                raise failure

    async def prove(self) -> None:
        """Compares the rights with the database's. Raises Stale."""
        [found] = await self.fetch(PROOF)
        self.rights.check(tuple(found.values()))
        self._now = found["now"]

    async def _row(self, *columns: sa.ColumnElement[Any]) -> sa.Row[Any]:
        return (await self.execute(sa.select(*columns))).one()


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """The connection of the driver below one of the engine's."""
    return (await connection.get_raw_connection()).driver_connection


def _bound(statement: Statement, values: Mapping[Operand, object]) -> Statement:
    """The statement with a principal's values in the place of operands."""

    def bind(parameter: sa.BindParameter[Any]) -> None:
        operand = parameter.value
        if isinstance(operand, Constant):
            parameter.value = operand.value
        elif isinstance(operand, Operand):
            parameter.value = values[operand]

    return visitors.cloned_traverse(statement, {}, {"bindparam": bind})


@asynccontextmanager
async def writing(
    connection: AsyncConnection,
    rights: Rights,
    *,
    changes_rights: bool = False,
    request_id: str | None = None,
    four_eyes: bool = False,
) -> AsyncIterator[UnitOfWork]:
    """A unit of work on a connection: all of the block, or nothing.

    Raises Stale where the rights are no longer those of the database, Unsettled where others change rights for too long.
    `changes_rights` is for what writes users, assignments, roles, departments, regions or policies.
    """
    async with connection.begin():
        await take_turn(connection, CHANGE_RIGHTS if changes_rights else HOLD_RIGHTS)
        unit = UnitOfWork(connection, rights, request_id, four_eyes)
        await unit.prove()
        yield unit
        await unit.finish()


async def take_turn(connection: AsyncConnection, statement: str) -> None:
    """Begins a transaction with what orders it. Raises Unsettled where others change rights for too long."""
    try:
        await connection.exec_driver_sql(statement)
    except DBAPIError as failure:
        if getattr(failure.orig, "sqlstate", None) in WAITED_TOO_LONG:
            raise Unsettled("rights are being changed") from failure
        raise
