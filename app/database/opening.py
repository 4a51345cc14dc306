"""From settings to an open database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from app.database.database import Database
from app.database.fitness import refuse_unfit
from app.postgres import embedded
from app.settings import Settings


@contextmanager
def _server(settings: Settings) -> Iterator[tuple[str, Callable[[], None] | None]]:
    """The address of a server that runs as long as the block, and what brings it up again, if it is ours."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value(), None
        return
    with embedded(settings.data_dir, user=settings.postgres_user, port=settings.postgres_port) as server:
        yield server.dsn, server.revive


@contextmanager
def address(settings: Settings) -> Iterator[str]:
    """The address of the given database, or of the embedded one, which runs as long as the block."""
    with _server(settings) as (found, _):
        yield found


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database that the settings name, found fit and ready. An embedded server that dies is brought up again.

    Raises DatabaseUnavailable, UnfitDatabase, or PostgresError of the embedded server.
    """
    with _server(settings) as (found, revive):
        database = Database(
            found, pool_size=settings.pool_size, statement_timeout=settings.statement_timeout, revive=revive
        )
        try:
            await database.open()
            async with database.pool.acquire() as connection:
                await refuse_unfit(connection)
            yield database
        finally:
            await database.close()
