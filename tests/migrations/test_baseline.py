"""The migrations make just what the models declare, and take it away again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

import migrations
from app.models import Base

CONSTRAINTS = """
    SELECT relname, conname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class t ON t.oid = conrelid
    WHERE relnamespace = CAST(:schema AS regnamespace) AND relname <> 'alembic_version' AND contype <> 'n'
"""
INDEXES = """
    SELECT tablename, indexname, replace(indexdef, schemaname || '.', '') FROM pg_indexes
    WHERE schemaname = :schema AND tablename <> 'alembic_version'
"""
COLUMNS = """
    SELECT relname, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attgenerated, attidentity,
           attcollation, pg_get_expr(adbin, adrelid), col_description(t.oid, attnum), obj_description(t.oid)
    FROM pg_attribute a JOIN pg_class t ON t.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = t.oid AND adnum = attnum
    WHERE relnamespace = CAST(:schema AS regnamespace) AND relkind = 'r' AND attnum > 0
      AND relname <> 'alembic_version'
"""
LEFT_OVER = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname !~ '^alembic_version'
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


@pytest.fixture
async def connection(database: Any) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(database.url)
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


def _declare(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE SCHEMA declared")
    connection.exec_driver_sql("SET LOCAL search_path = declared")
    Base.metadata.create_all(connection, checkfirst=False)


@pytest.mark.parametrize("question", [COLUMNS, CONSTRAINTS, INDEXES], ids=["columns", "constraints", "indexes"])
async def test_a_migrated_database_is_the_declared_one(connection: AsyncConnection, question: str) -> None:
    await connection.run_sync(_declare)
    declared = {*(await connection.execute(text(question), {"schema": "declared"}))}
    await connection.exec_driver_sql("SET LOCAL search_path = public")
    migrated = {*(await connection.execute(text(question), {"schema": "public"}))}
    assert migrated == declared
    assert len(migrated) > 200


async def test_alembic_finds_nothing_to_do(database: Any) -> None:
    await migrations.check(database.url)
    assert await migrations.current(database.url) == migrations.head() == "0001"


async def test_alembic_finds_what_was_changed_by_hand(database: Any, connection: AsyncConnection) -> None:
    await connection.exec_driver_sql("ALTER TABLE products DROP COLUMN unit")
    await connection.commit()
    with pytest.raises(Exception, match="unit"):
        await migrations.check(database.url)
    await migrations.downgrade(database.url, "base")
    await migrations.upgrade(database.url)


async def test_down_leaves_nothing_and_up_again_makes_everything(database: Any, connection: AsyncConnection) -> None:
    await migrations.downgrade(database.url, "base")
    assert (await connection.execute(text(LEFT_OVER))).all() == []
    assert await migrations.current(database.url) is None
    await connection.commit()
    await migrations.upgrade(database.url)
    await migrations.upgrade(database.url)
    await migrations.check(database.url)
    epochs = await connection.execute(text("SELECT policy_epoch, access_epoch FROM policy_state"))
    assert epochs.all() == [(1, 1)]


async def test_the_state_of_the_policy_is_one_row(connection: AsyncConnection) -> None:
    for again in ("DEFAULT VALUES", "(singleton) VALUES (false)"):
        with pytest.raises(Exception, match="policy_state"):
            await connection.exec_driver_sql(f"INSERT INTO policy_state {again}")
        await connection.rollback()
