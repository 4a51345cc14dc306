"""How each connection is made: bounded in time, in UTC, and with JSON left as bytes where it is passed on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.database.address import dsn_of

CONNECT_SECONDS = 2.0
"""Together with the pulse's verdict below the five seconds in which every caller is answered."""
GRACE_SECONDS = 1.0
"""By which the server's own timeout comes before the client's."""
JSONB_VERSION = b"\x01"
ENGINE_CONNECTIONS = 4


def _milliseconds(seconds: float | None) -> str:
    return str(round((seconds or 0) * 1000))


def options(statement_timeout: float | None, *, read_only: bool = False) -> dict[str, Any]:
    """Arguments for asyncpg. `statement_timeout` in seconds, None for no limit."""
    return {
        "timeout": CONNECT_SECONDS,
        "command_timeout": statement_timeout and statement_timeout + GRACE_SECONDS,
        "statement_cache_size": 200,
        "max_cacheable_statement_size": 0,
        "max_cached_statement_lifetime": 0,
        "server_settings": {
            "application_name": "c360",
            "TimeZone": "UTC",
            "jit": "off",
            "statement_timeout": _milliseconds(statement_timeout),
            "lock_timeout": "2s",
            "idle_in_transaction_session_timeout": "10s",
            "client_connection_check_interval": "1s",
            "default_transaction_read_only": "on" if read_only else "off",
        },
    }


async def connect(address: str, *, statement_timeout: float | None = None) -> asyncpg.Connection:
    """A connection of one's own, for what does not fit a pool: imports, locks, notifications."""
    return await asyncpg.connect(dsn_of(address), **options(statement_timeout))


async def leave_json_as_bytes(connection: asyncpg.Connection) -> None:
    """Hand out json and jsonb as the UTF-8 bytes that the server sent, and take such bytes."""
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=JSONB_VERSION.__add__,
        decoder=lambda sent: bytes(sent[1:]),
        format="binary",
    )


def engine_for(connect: Callable[[], Awaitable[asyncpg.Connection]]) -> AsyncEngine:
    """SQLAlchemy's engine, for writes, over connections that `connect` makes."""
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        isolation_level="READ COMMITTED",
        pool_size=ENGINE_CONNECTIONS,
        max_overflow=0,
        pool_timeout=CONNECT_SECONDS,
    )
    sa.event.listen(engine.sync_engine, "checkout", _replace_closed)
    return engine


def _replace_closed(connection: Any, *_of_the_pool: object) -> None:
    """Has the pool make another connection in the place of one that was closed; it asks nothing of the server."""
    if connection.driver_connection.is_closed():
        raise sa.exc.DisconnectionError
