"""Runs migrations on the connection that `migrations` opened, all in its one transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from app.models import Base

LOCK_TIMEOUT, STATEMENT_TIMEOUT = "5s", "15min"
"""A migration waits at most so long for a table in use, and works at most so long on one."""

ONE_AT_A_TIME = 0x6333_3630
"""Key of the advisory lock that keeps two migrations apart."""


def run(connection: Connection) -> None:
    """Migrate, after whoever migrates at this moment."""
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
