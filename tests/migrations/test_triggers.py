"""What moves the epochs and versions by which answers prove that their rights are fresh."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

A, B, C, D, ROLE, TREE = (UUID(int=n) for n in range(1, 7))

SEED = f"""
    INSERT INTO regions (id, code, name, path) VALUES ('{TREE}', 'R', 'R', '/R/');
    INSERT INTO departments (id, code, name, path) VALUES ('{TREE}', 'D', 'D', '/D/');
    INSERT INTO users (id, display_name, manager_id)
    VALUES ('{A}', 'A', NULL), ('{B}', 'B', '{A}'), ('{C}', 'C', '{A}'), ('{D}', 'D', NULL);
    INSERT INTO roles (id, code, name) VALUES ('{ROLE}', 'r', 'R');
    INSERT INTO role_assignments (id, user_id, role_id) VALUES ('{B}', '{B}', '{ROLE}'), ('{C}', '{C}', '{ROLE}');
    INSERT INTO policy_versions (id, number, document) VALUES ('{A}', 1, '{{}}');
"""
NEW = f"INSERT INTO users (id, display_name) VALUES ('{ROLE}', 'N')"


@pytest.fixture
async def connection(database: Any) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.dsn)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(SEED)
    yield connection
    await transaction.rollback()
    await connection.close()


async def _state(connection: asyncpg.Connection) -> tuple[int, int, dict[UUID, int]]:
    policy, access = await connection.fetchrow("SELECT policy_epoch, access_epoch FROM policy_state")
    return policy, access, dict(await connection.fetch("SELECT subject_id, version FROM access_versions"))


async def _moved(connection: asyncpg.Connection, statement: str) -> tuple[int, int, set[UUID]]:
    """By how much a statement moves the two epochs, and whose versions it moves by one."""
    policy, access, versions = await _state(connection)
    await connection.execute(statement)
    policy_after, access_after, after = await _state(connection)
    changed = {subject for subject in after if after[subject] != versions.get(subject, 0)}
    assert all(after[subject] == versions.get(subject, 0) + 1 for subject in changed)
    return policy_after - policy, access_after - access, changed


@pytest.mark.parametrize(
    ("statement", "policy", "access", "subjects"),
    [
        # assignments
        (f"INSERT INTO role_assignments (id, user_id, role_id) VALUES ('{A}', '{A}', '{ROLE}')", 0, 0, {A}),
        (f"UPDATE role_assignments SET valid_to = now() WHERE user_id = '{B}'", 0, 0, {B}),
        (f"UPDATE role_assignments SET user_id = '{D}' WHERE user_id = '{B}'", 0, 0, {B, D}),
        ("UPDATE role_assignments SET deleted_at = now()", 0, 0, {B, C}),
        ("DELETE FROM role_assignments", 0, 0, {B, C}),
        ("UPDATE role_assignments SET valid_to = now() WHERE false", 0, 0, set()),
        ("DELETE FROM role_assignments WHERE false", 0, 0, set()),
        ("TRUNCATE role_assignments", 0, 1, set()),
        # users
        (NEW, 0, 0, {ROLE}),
        (f"INSERT INTO users (id, display_name, manager_id) VALUES ('{ROLE}', 'N', '{A}')", 0, 1, {ROLE}),
        (f"UPDATE users SET status = 'SUSPENDED' WHERE id = '{B}'", 0, 0, {B}),
        (f"UPDATE users SET department_id = '{TREE}'", 0, 0, {A, B, C, D}),
        (f"UPDATE users SET region_id = '{TREE}' WHERE id = '{C}'", 0, 0, {C}),
        (f"UPDATE users SET manager_id = '{D}' WHERE id = '{C}'", 0, 1, {C}),
        (f"UPDATE users SET manager_id = NULL WHERE id IN ('{B}', '{C}')", 0, 1, {B, C}),
        (f"UPDATE users SET deleted_at = now() WHERE id = '{B}'", 0, 1, {B}),
        (f"UPDATE users SET display_name = 'X' WHERE id = '{B}'", 0, 0, {B}),
        (f"UPDATE users SET email = 'x@example.com' WHERE id = '{C}'", 0, 0, {C}),
        ("UPDATE users SET locale = 'de-DE', time_zone = NULL, version = version + 1", 0, 0, set()),
        ("UPDATE users SET status = status, manager_id = manager_id", 0, 0, set()),
        (f"DELETE FROM users WHERE id = '{D}'", 0, 0, {D}),
        ("DELETE FROM users WHERE false", 0, 0, set()),
        # trees
        ("INSERT INTO regions (id, code, name, path) VALUES (gen_random_uuid(), 'S', 'S', '/S/')", 0, 1, set()),
        ("UPDATE regions SET path = '/S/'", 0, 1, set()),
        (f"UPDATE departments SET deleted_at = now() WHERE id = '{TREE}'", 0, 1, set()),
        ("UPDATE regions SET name = 'S', currency = 'EUR'", 0, 0, set()),
        ("UPDATE departments SET path = path", 0, 0, set()),
        ("DELETE FROM regions", 0, 1, set()),
        ("DELETE FROM departments WHERE false", 0, 0, set()),
        ("TRUNCATE departments CASCADE", 1, 3, set()),
        # roles
        ("INSERT INTO roles (id, code, name) VALUES (gen_random_uuid(), 's', 'S')", 0, 0, set()),
        ("UPDATE roles SET code = 's'", 0, 1, set()),
        ("UPDATE roles SET deleted_at = now()", 0, 1, set()),
        ("UPDATE roles SET name = 'S', rank = 5", 0, 0, set()),
        ("TRUNCATE roles CASCADE", 0, 2, set()),
        # policy
        ("INSERT INTO policy_versions (id, number, document) VALUES (gen_random_uuid(), 2, '{}')", 1, 0, set()),
        ("UPDATE policy_versions SET status = 'ACTIVE'", 1, 0, set()),
        ("DELETE FROM policy_versions", 1, 0, set()),
        ("UPDATE policy_versions SET status = 'ACTIVE' WHERE false", 0, 0, set()),
        ("TRUNCATE policy_versions", 1, 0, set()),
        # what rights do not rest on
        ("INSERT INTO customers (id, kind, display_name) VALUES (gen_random_uuid(), 'INDIVIDUAL', 'X')", 0, 0, set()),
    ],
)
async def test_a_change_of_rights_moves_what_proves_them(
    connection: asyncpg.Connection, statement: str, policy: int, access: int, subjects: set[UUID]
) -> None:
    assert await _moved(connection, statement) == (policy, access, subjects)


async def test_a_load_of_many_rows_moves_each_once(connection: asyncpg.Connection) -> None:
    many = f"SELECT gen_random_uuid(), 'N', '{A}'::uuid FROM generate_series(1, 1000)"
    _, access, subjects = await _moved(connection, f"INSERT INTO users (id, display_name, manager_id) {many}")
    assert (access, len(subjects)) == (1, 1000)
