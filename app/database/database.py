"""The database as the product uses it."""

from __future__ import annotations

import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.database.address import dsn_of, name_of, url_of
from app.database.aside import LOST, Aside
from app.database.connections import connect, engine_for, leave_json_as_bytes, options
from app.database.errors import DatabaseUnavailable
from app.database.pulse import Pulse


class Database:
    """A pool for reads, an engine for writes, and the pulse of the server behind both."""

    def __init__(
        self, address: str, *, pool_size: int, statement_timeout: float, revive: Callable[[], None] | None = None
    ) -> None:
        self.dsn = dsn_of(address)
        self.url = url_of(address)
        self.statement_timeout = statement_timeout
        self.pulse = Pulse(partial(connect, address, statement_timeout=statement_timeout), self._cut_off, revive)
        self.engine: AsyncEngine = engine_for(
            partial(self._connect, self.dsn, **options(statement_timeout)),
        )
        self._connections: weakref.WeakSet[asyncpg.Connection] = weakref.WeakSet()
        self.pool: asyncpg.Pool = asyncpg.create_pool(
            self.dsn,
            connect=self._connect,
            init=leave_json_as_bytes,
            reset=_nothing_to_reset,
            init_size=1,
            min_size=0,
            max_size=pool_size,
            max_queries=1_000_000,
            max_inactive_connection_lifetime=0,
            **options(statement_timeout, read_only=True),
        )

    async def open(self) -> None:
        """Connect. Raises DatabaseUnavailable."""
        try:
            await self.pool
        except (*LOST, asyncpg.PostgresError) as failure:
            raise DatabaseUnavailable(f"{name_of(self.dsn)} cannot be reached: {failure or 'no answer'}") from failure
        self.pulse.start()

    async def close(self) -> None:
        """Let go of every connection, without waiting for those that are in use."""
        await self.pulse.stop()
        self.pool.terminate()
        await self.engine.dispose()
        self._cut_off()

    async def read(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        """The first row of one statement, run for itself.

        Where a connection was lost the statement, which changes nothing, is run again on another.
        Raises DatabaseUnavailable; asyncpg.QueryCanceledError when the statement took too long.
        """
        failure: Exception | None = None
        for _each_connection_that_may_be_dead in range(self.pool.get_max_size() + 1):
            try:
                return await self._run(statement, arguments)
            except LOST as lost:
                failure = lost
            if isinstance(failure, OSError) or self.pulse.is_lost or self.pool.is_closing():
                break
        raise DatabaseUnavailable from failure

    def aside(self, seconds: float, *, read_only: bool = True) -> Aside:
        """A connection beside the pool and the engine, whose statements end after so many seconds."""

        async def connect() -> asyncpg.Connection:
            connection = await self._connect(self.dsn, **options(seconds, read_only=read_only))
            await leave_json_as_bytes(connection)
            return connection

        return Aside(connect)

    @property
    def is_busy(self) -> bool:
        """Whether a read would have to wait for a connection."""
        return bool(self.pool.get_idle_size() == 0 and self.pool.get_size() >= self.pool.get_max_size())

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection that writes. Raises DatabaseUnavailable where it is lost, or none is free in time.

        What was committed when a connection is lost is not known here: who asks again names the request.
        """
        try:
            async with self.engine.connect() as connection:
                yield connection
        except (*LOST, exc.TimeoutError) as lost:
            raise DatabaseUnavailable from lost
        except exc.DBAPIError as failure:
            if failure.connection_invalidated or isinstance(failure.orig and failure.orig.__cause__, LOST):
                raise DatabaseUnavailable from failure
            raise

    async def _run(self, statement: str, arguments: tuple[object, ...]) -> asyncpg.Record | None:
        connection = await self.pool.acquire()
        try:
            return await connection.fetchrow(statement, *arguments)
        except LOST:
            with suppress(asyncpg.InterfaceError):  # it may be gone already
                connection.terminate()
            raise
        finally:
            await self.pool.release(connection)

    async def _connect(self, *arguments: Any, **keywords: Any) -> asyncpg.Connection:
        if self.pulse.is_lost:
            raise DatabaseUnavailable
        connection = await asyncpg.connect(*arguments, **keywords)
        self._connections.add(connection)
        return connection

    def _cut_off(self) -> None:
        for connection in tuple(self._connections):
            connection.terminate()


async def _nothing_to_reset(_connection: asyncpg.Connection) -> None:
    """Reads leave nothing behind; the usual reset would cost each a round trip."""
