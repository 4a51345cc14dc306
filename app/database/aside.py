"""A connection beside the pool and the engine: one statement at a time, each by itself, and not for long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from app.database.errors import DatabaseUnavailable

LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,
)
"""What says that a connection is gone, or going, not that a statement is wrong. A client's timeout is an OSError."""
Connect = Callable[[], Awaitable[asyncpg.Connection]]


class Aside:
    """A connection that is made when it is first needed. It keeps prepared plans of its own, so those of the pool stay."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection: asyncpg.Connection | None = None
        self._turn = asyncio.Lock()

    async def read(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        """The first row of a statement. Where it fails, for whatever reason, the connection is not used again.

        Raises DatabaseUnavailable.
        """
        async with self._turn:
            connection = self._connection
            if connection is None or connection.is_closed():
                connection = await self._made()
            self._connection = None
            try:
                row = await connection.fetchrow(statement, *arguments)
            except LOST as lost:
                connection.terminate()
                raise DatabaseUnavailable from lost
            except BaseException:
                connection.terminate()
                raise
            self._connection = connection
            return row

    async def _made(self) -> asyncpg.Connection:
        try:
            return await self._connect()
        except LOST as lost:
            raise DatabaseUnavailable from lost

    async def close(self) -> None:
        """Lets go of the connection; the next statement makes another."""
        async with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.terminate()
