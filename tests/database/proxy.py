"""A network between a database and its client that can be cut in several ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.engine import URL, make_url


class Proxy:
    """Passes bytes both ways, until told otherwise."""

    def __init__(self, target: URL) -> None:
        self._target = target
        self._passing = asyncio.Event()
        self._passing.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self._port = 0
        self._late = 0.0
        self._most: int | None = None

    @property
    def dsn(self) -> str:
        """The database's address through this network."""
        through = URL.create("postgresql", self._target.username, self._target.password, "127.0.0.1", self._port)
        return through.set(database=self._target.database).render_as_string(hide_password=False)

    async def mend(self) -> None:
        """Listen, and pass on all, at once."""
        self._passing.set()
        self._late, self._most = 0.0, None
        if self._listener is None:
            self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
            self._port = self._listener.sockets[0].getsockname()[1]

    def swallow(self) -> None:
        """Take connections and bytes, and pass nothing on."""
        self._passing.clear()

    def slow_down(self, seconds: float) -> None:
        """Bring what the database says so much later."""
        self._late = seconds

    def cut(self, after: int) -> None:
        """Break each connection in the middle of whatever is longer than so many bytes."""
        self._most = after

    def reset(self) -> None:
        """Break the connections there are."""
        for writer in self._writers:
            writer.transport.abort()

    def refuse(self) -> None:
        """Break the connections there are and take no new ones."""
        if self._listener:
            self._listener.close()
            self._listener = None
        self.reset()

    async def close(self) -> None:
        self.refuse()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there_reader, there_writer = await self._reach()
            self._writers |= {writer, there_writer}
            self._tasks.add(asyncio.create_task(self._pass(reader, there_writer)))
            self._tasks.add(asyncio.create_task(self._bring(there_reader, writer)))

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        query = self._target.query
        host, port = self._target.host or query.get("host", "localhost"), self._target.port or query.get("port", 5432)
        if str(host).startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(str(host), int(str(port)))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while received := await reader.read(65536):
                await self._passing.wait()
                writer.write(received)
                await writer.drain()
        writer.transport.abort()

    async def _bring(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Passes on what the database says."""
        with suppress(OSError):
            while received := await reader.read(65536):
                await asyncio.sleep(self._late)
                await self._passing.wait()
                writer.write(received[: self._most])
                await writer.drain()
                if self._most is not None and len(received) > self._most:
                    break
        writer.close()


@asynccontextmanager
async def proxy_to(dsn: str) -> AsyncIterator[Proxy]:
    """A network to a database, whole at first."""
    proxy = Proxy(make_url(dsn))
    await proxy.mend()
    try:
        yield proxy
    finally:
        await proxy.close()
