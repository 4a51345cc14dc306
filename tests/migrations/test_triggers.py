"""What moves the epochs and versions by which answers prove that their rights are fresh."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg
import pytest

import migrations

A, B, C, D, ROLE, TREE = (UUID(int=n) for n in range(1, 7))
POLICY, ACCESS = "policy", "access"
Moved = set[str | UUID]

SEED = f"""
    INSERT INTO regions (id, code, name, path) VALUES ('{TREE}', 'R', 'R', '/R/');
    INSERT INTO departments (id, code, name, path) VALUES ('{TREE}', 'D', 'D', '/D/');
    INSERT INTO users (id, display_name, manager_id)
    VALUES ('{A}', 'A', NULL), ('{B}', 'B', '{A}'), ('{C}', 'C', '{A}'), ('{D}', 'D', NULL);
    INSERT INTO roles (id, code, name) VALUES ('{ROLE}', 'r', 'R');
    INSERT INTO role_assignments (id, user_id, role_id) VALUES ('{B}', '{B}', '{ROLE}'), ('{C}', '{C}', '{ROLE}');
    INSERT INTO policy_versions (id, number, status, document)
    VALUES ('{A}', 1, 'RETIRED', '{{}}'), ('{B}', 2, 'ACTIVE', '{{}}'), ('{C}', 3, 'DRAFT', '{{}}');
"""
OPENED = f"""
    INSERT INTO unmasks (id, user_id, resource, field, row_id, reason, valid_to)
    SELECT id, id, 'Customer', 'email', '{TREE}', 'Asked for', now() + interval '1 hour'
    FROM users WHERE id IN ('{B}', '{C}')"""
NEW_UNMASK = f"""
    INSERT INTO unmasks (id, user_id, resource, field, row_id, reason, valid_to)
    VALUES ('{A}', '{A}', 'Customer', 'email', '{TREE}', 'Asked for', now())"""
NEW_USER = f"INSERT INTO users (id, display_name, manager_id) VALUES ('{ROLE}', 'N', %s)"
NEW_POLICY = "INSERT INTO policy_versions (id, number, status, document) VALUES (gen_random_uuid(), 4, %s, '{}')"
NEW_ASSIGNMENT = f"INSERT INTO role_assignments (id, user_id, role_id) VALUES ('{B}', '{A}', '{ROLE}') ON CONFLICT (id)"
IN_FORCE = "WHERE status = 'ACTIVE'"
LOCKED = """
    SELECT count(*) = 1 FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND mode = 'ExclusiveLock'
"""


@pytest.fixture(scope="module")
async def seeded(database: Any) -> Any:
    connection = await asyncpg.connect(database.dsn)
    await connection.execute(SEED)
    await connection.execute(OPENED)
    await connection.close()
    return database


@pytest.fixture
async def connection(seeded: Any) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(seeded.dsn)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


async def _numbers(connection: asyncpg.Connection) -> dict[str | UUID, int]:
    state = await connection.fetchrow("SELECT policy_epoch AS policy, access_epoch AS access FROM public.policy_state")
    return {**state, **dict(await connection.fetch("SELECT subject_id, version FROM public.access_versions"))}


async def _moved(connection: asyncpg.Connection, statement: str) -> tuple[Moved, bool]:
    """Which numbers a statement moves, each to a later one; and whether it changes rights alone."""
    before = await _numbers(connection)
    await connection.execute(statement)
    after = await _numbers(connection)
    moved = {name for name in after if after[name] != before.get(name)}
    assert all(after[name] > before.get(name, 0) for name in moved)
    return moved, await connection.fetchval(LOCKED)


AUDIT_LET_GO = "ALTER TABLE audit_events DISABLE TRIGGER keep_audit_events"
"""The audit trail names users, so what takes all of them away is refused for its sake."""
MOVES: list[tuple[str, Moved]] = [
    # assignments
    (f"INSERT INTO role_assignments (id, user_id, role_id) VALUES ('{A}', '{A}', '{ROLE}')", {A}),
    (f"{NEW_ASSIGNMENT} DO UPDATE SET valid_to = now()", {B}),
    (f"UPDATE role_assignments SET valid_from = now() WHERE user_id = '{B}'", {B}),
    (f"UPDATE role_assignments SET valid_to = now() WHERE user_id = '{B}'", {B}),
    (f"UPDATE role_assignments SET region_id = '{TREE}' WHERE user_id = '{C}'", {C}),
    (f"UPDATE role_assignments SET user_id = '{D}' WHERE user_id = '{B}'", {B, D}),
    ("UPDATE role_assignments SET deleted_at = now()", {B, C}),
    ("DELETE FROM role_assignments", {B, C}),
    ("WITH gone AS (DELETE FROM role_assignments RETURNING id) SELECT count(*) FROM gone", {B, C}),
    (
        f"MERGE INTO role_assignments a USING (VALUES ('{B}'::uuid)) AS gone (id) ON a.id = gone.id WHEN MATCHED THEN DELETE",
        {B},
    ),
    ("TRUNCATE role_assignments", {ACCESS}),
    # unmasks
    (NEW_UNMASK, {A}),
    (f"UPDATE unmasks SET valid_to = now() WHERE user_id = '{B}'", {B}),
    (f"UPDATE unmasks SET user_id = '{D}' WHERE user_id = '{B}'", {B, D}),
    ("DELETE FROM unmasks", {B, C}),
    ("TRUNCATE unmasks", {ACCESS}),
    # users
    (NEW_USER % "NULL", {ROLE}),
    (NEW_USER % f"'{A}'", {ROLE, ACCESS}),
    (f"UPDATE users SET status = 'SUSPENDED' WHERE id = '{B}'", {B}),
    (f"UPDATE users SET department_id = '{TREE}'", {A, B, C, D}),
    (f"UPDATE users SET region_id = '{TREE}' WHERE id = '{C}'", {C}),
    (f"UPDATE users SET manager_id = '{D}' WHERE id = '{C}'", {C, ACCESS}),
    (f"UPDATE users SET manager_id = NULL WHERE id IN ('{B}', '{C}')", {B, C, ACCESS}),
    (f"UPDATE users SET deleted_at = now() WHERE id = '{B}'", {B, ACCESS}),
    (f"UPDATE users SET display_name = 'X' WHERE id = '{B}'", {B}),
    (f"UPDATE users SET email = 'x@example.com' WHERE id = '{C}'", {C}),
    (f"UPDATE users SET id = '{ROLE}' WHERE id = '{D}'", {D, ROLE, ACCESS}),
    (f"DELETE FROM users WHERE id = '{D}'", {D}),
    # trees
    ("INSERT INTO regions (id, code, name, path) VALUES (gen_random_uuid(), 'S', 'S', '/S/')", {ACCESS}),
    ("UPDATE regions SET path = '/S/'", {ACCESS}),
    (f"UPDATE departments SET deleted_at = now() WHERE id = '{TREE}'", {ACCESS}),
    ("DELETE FROM regions", {ACCESS}),
    (f"{AUDIT_LET_GO}; TRUNCATE departments CASCADE", {POLICY, ACCESS}),
    # roles
    ("UPDATE roles SET code = 's'", {ACCESS}),
    ("UPDATE roles SET deleted_at = now()", {ACCESS}),
    ("TRUNCATE roles CASCADE", {ACCESS}),
    # policy
    (f"UPDATE policy_versions SET status = 'RETIRED' {IN_FORCE}", {POLICY}),
    (f"UPDATE policy_versions SET document = '[]' {IN_FORCE}", {POLICY}),
    (f"UPDATE policy_versions SET deleted_at = now() {IN_FORCE}", {POLICY}),
    (f"DELETE FROM policy_versions {IN_FORCE}", {POLICY}),
    ("TRUNCATE policy_versions", {POLICY}),
    # the numbers themselves
    ("UPDATE policy_state SET policy_epoch = 1", {POLICY}),
    ("UPDATE policy_state SET access_epoch = -1", {ACCESS}),
    ("DELETE FROM policy_state; INSERT INTO policy_state DEFAULT VALUES", {POLICY, ACCESS}),
    (f"UPDATE access_versions SET version = 1 WHERE subject_id = '{B}'", {B}),
]
STAYS: list[tuple[str, bool]] = [
    # as rights may have changed, it is done alone; and then nothing has
    ("UPDATE role_assignments SET valid_to = now() WHERE false", True),
    ("DELETE FROM role_assignments WHERE false", True),
    ("UPDATE unmasks SET valid_to = now() WHERE false", True),
    (f"{NEW_ASSIGNMENT} DO NOTHING", True),
    ("UPDATE users SET status = status, manager_id = manager_id", True),
    ("DELETE FROM users WHERE false", True),
    ("UPDATE departments SET path = path", True),
    ("INSERT INTO roles (id, code, name) VALUES (gen_random_uuid(), 's', 'S')", True),
    (NEW_POLICY % "'DRAFT'", True),
    (NEW_POLICY % "'RETIRED'", True),
    ("UPDATE policy_versions SET document = '[]' WHERE status <> 'ACTIVE'", True),
    ("UPDATE policy_versions SET status = 'RETIRED' WHERE status = 'DRAFT'", True),
    # what rights do not rest on
    ("UPDATE users SET locale = 'de-DE', time_zone = NULL, version = version + 1", False),
    ("UPDATE regions SET name = 'S', currency = 'EUR'", False),
    (f"UPDATE departments SET manager_user_id = '{A}'", False),
    ("UPDATE roles SET name = 'S', rank = 5", False),
    ("UPDATE policy_versions SET note = 'S'", False),
    ("INSERT INTO customers (id, kind, display_name) VALUES (gen_random_uuid(), 'INDIVIDUAL', 'X')", False),
]


@pytest.mark.parametrize(("statement", "moved"), MOVES, ids=[f"{i:02}" for i in range(len(MOVES))])
async def test_a_change_of_rights_moves_what_proves_them_and_is_made_alone(
    connection: asyncpg.Connection, statement: str, moved: Moved
) -> None:
    assert await _moved(connection, statement) == (moved, True)


@pytest.mark.parametrize(("statement", "alone"), STAYS, ids=[f"{i:02}" for i in range(len(STAYS))])
async def test_what_changes_no_rights_moves_nothing(
    connection: asyncpg.Connection, statement: str, *, alone: bool
) -> None:
    assert await _moved(connection, statement) == (set(), alone)


async def test_another_policy_comes_into_force(connection: asyncpg.Connection) -> None:
    await connection.execute(f"UPDATE policy_versions SET status = 'RETIRED' {IN_FORCE}")
    assert await _moved(connection, NEW_POLICY % "'ACTIVE'") == ({POLICY}, True)


EVASIONS = {
    "a replica's role": "SET LOCAL session_replication_role = replica",
    "tables of the same names": """
        CREATE TEMPORARY TABLE policy_state AS SELECT * FROM public.policy_state;
        CREATE TEMPORARY TABLE access_versions (subject_id uuid PRIMARY KEY, version bigint)""",
    "another search path": "CREATE SCHEMA elsewhere; SET LOCAL search_path = elsewhere, public",
}
EACH_TABLE: list[tuple[str, Moved]] = [
    ("UPDATE public.role_assignments SET deleted_at = now()", {B, C}),
    ("UPDATE public.users SET manager_id = NULL", {B, C, ACCESS}),
    ("UPDATE public.regions SET path = '/S/'", {ACCESS}),
    ("UPDATE public.departments SET path = '/S/'", {ACCESS}),
    ("UPDATE public.roles SET code = 's'", {ACCESS}),
    ("UPDATE public.policy_versions SET deleted_at = now()", {POLICY}),
    ("TRUNCATE public.role_assignments", {ACCESS}),
    ("UPDATE public.unmasks SET valid_to = valid_from", {B, C}),
    ("TRUNCATE public.unmasks", {ACCESS}),
]


@pytest.mark.parametrize("how", EVASIONS)
@pytest.mark.parametrize(("statement", "moved"), EACH_TABLE, ids=[f"{i}" for i in range(len(EACH_TABLE))])
async def test_a_session_cannot_keep_from_moving_them(
    connection: asyncpg.Connection, how: str, statement: str, moved: Moved
) -> None:
    with suppress(asyncpg.InsufficientPrivilegeError):  # only who owns the server may play a replica
        async with connection.transaction():
            await connection.execute(EVASIONS[how])
    assert await _moved(connection, statement) == (moved, True)


async def test_a_load_of_many_rows_moves_each_once(connection: asyncpg.Connection) -> None:
    many = f"SELECT gen_random_uuid(), 'N', '{A}'::uuid FROM generate_series(1, 1000)"
    moved, _ = await _moved(connection, f"INSERT INTO users (id, display_name, manager_id) {many}")
    assert len(moved - {ACCESS}) == 1000
    assert moved & {ACCESS, POLICY} == {ACCESS}


async def test_a_number_does_not_come_twice_in_a_database_that_is_set_back(connection: asyncpg.Connection) -> None:
    """As when a backup is restored, or a copy that lagged behind takes over."""
    given = set[int]()
    for _ in range(3):
        savepoint = connection.transaction()
        await savepoint.start()
        await connection.execute(f"UPDATE users SET manager_id = NULL, status = 'LEFT' WHERE id = '{B}'")
        numbers = await _numbers(connection)
        given |= {numbers[ACCESS], numbers[B]}
        await savepoint.rollback()
    assert len(given) == 6


async def test_a_database_of_the_release_before_comes_up_with_its_rows(fresh_database: Any) -> None:
    connection = await asyncpg.connect(fresh_database.dsn)
    await migrations.downgrade(fresh_database.url, "0001")
    await connection.execute(SEED)
    before = await _numbers(connection)
    assert before[B] == 2
    await migrations.upgrade(fresh_database.url)
    assert await _numbers(connection) == before
    transaction = connection.transaction()
    await transaction.start()
    assert await _moved(connection, "UPDATE role_assignments SET deleted_at = now()") == ({B, C}, True)
    await transaction.rollback()
    await connection.close()
