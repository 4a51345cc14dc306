"""A connection beside the pool, for what nobody waits for: one statement at a time, which only reads, and not for long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

Connect = Callable[[], Awaitable[asyncpg.Connection]]


class Aside:
    """A connection that is made when it is first needed. It keeps prepared plans of its own, so those of the pool stay."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection: asyncpg.Connection | None = None
        self._turn = asyncio.Lock()

    async def read(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        """The first row of a statement. Where it fails, for whatever reason, the connection is not used again."""
        async with self._turn:
            connection = self._connection
            if connection is None or connection.is_closed():
                connection = await self._connect()
            self._connection = None
            try:
                row = await connection.fetchrow(statement, *arguments)
            except BaseException:
                connection.terminate()
                raise
            self._connection = connection
            return row

    async def close(self) -> None:
        """Lets go of the connection; the next statement makes another."""
        async with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.terminate()
