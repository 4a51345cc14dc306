"""The policy in the database: one version is active, and what is wrong leaves it so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import asyncpg
import pytest

from app.services.policies.store import NoPolicy, activate, active_policy, ensure_policy
from policies.faults import PolicyError
from policies.loading import DEFAULT_RULES, read_folder
from tests.conftest import TemporaryDatabase

SHIPPED = read_folder(DEFAULT_RULES)
SMALL = {"guest.yaml": "role: guest\nname: Guest\nrules: []\n"}


@pytest.fixture
async def connection(fresh_database: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(fresh_database.dsn)
    yield connection
    await connection.close()


async def _epoch(connection: asyncpg.Connection) -> int:
    found: int = await connection.fetchval("SELECT policy_epoch FROM policy_state")
    return found


async def _versions(connection: asyncpg.Connection) -> list[tuple[int, str]]:
    rows = await connection.fetch("SELECT number, status FROM policy_versions ORDER BY number")
    return [tuple(row) for row in rows]


async def test_before_any_there_is_none(connection: asyncpg.Connection) -> None:
    with pytest.raises(NoPolicy, match="no policy is active"):
        await active_policy(connection.fetchrow)


async def test_the_shipped_policy_is_made_active_once(connection: asyncpg.Connection) -> None:
    for _ in range(2):
        await ensure_policy(connection)
    assert await _versions(connection) == [(1, "ACTIVE")]
    epoch, policy = await active_policy(connection.fetchrow)
    assert epoch == await _epoch(connection)
    assert set(policy.roles) == {name.removesuffix(".yaml") for name in SHIPPED}
    codes = await connection.fetch("SELECT code FROM roles ORDER BY code")
    assert [row["code"] for row in codes] == sorted(policy.roles)


async def test_what_was_retired_is_not_made_active_again_by_itself(connection: asyncpg.Connection) -> None:
    await ensure_policy(connection)
    await connection.execute("UPDATE policy_versions SET status = 'RETIRED'")
    await ensure_policy(connection)
    with pytest.raises(NoPolicy):
        await active_policy(connection.fetchrow)


async def test_another_version_retires_the_one_before_and_moves_the_epoch(connection: asyncpg.Connection) -> None:
    assert await activate(connection, SHIPPED, "first") == 1
    before = await _epoch(connection)
    assert await activate(connection, SMALL, "second") == 2
    assert await _epoch(connection) > before
    assert await _versions(connection) == [(1, "RETIRED"), (2, "ACTIVE")]
    _, policy = await active_policy(connection.fetchrow)
    assert list(policy.roles) == ["guest"]
    row = await connection.fetchrow("SELECT note, activated_at <= now() AS dated FROM policy_versions WHERE number = 2")
    assert (row["note"], row["dated"]) == ("second", True)


async def test_going_back_is_a_version_of_its_own(connection: asyncpg.Connection) -> None:
    for texts in (SHIPPED, SMALL, SHIPPED):
        await activate(connection, texts)
    assert await _versions(connection) == [(1, "RETIRED"), (2, "RETIRED"), (3, "ACTIVE")]
    _, policy = await active_policy(connection.fetchrow)
    assert "admin" in policy.roles


async def test_the_tests_are_kept_with_the_rules_as_they_are(connection: asyncpg.Connection) -> None:
    tests = {"guest.yaml": "# Any text.\ncases: []\n"}
    await activate(connection, SMALL, tests=tests)
    await activate(connection, SMALL)
    rows = await connection.fetch("SELECT document::text AS document FROM policy_versions ORDER BY number")
    documents = [json.loads(row["document"]) for row in rows]
    assert documents == [{"files": SMALL, "tests": tests}, {"files": SMALL, "tests": {}}]


async def test_the_shipped_policy_is_kept_with_its_tests(connection: asyncpg.Connection) -> None:
    await ensure_policy(connection)
    document = json.loads(await connection.fetchval("SELECT document::text FROM policy_versions"))
    assert document == {"files": SHIPPED, "tests": read_folder(DEFAULT_RULES / "tests")}


async def test_a_scope_is_no_role_to_be_held(connection: asyncpg.Connection) -> None:
    await activate(connection, {**SMALL, "read.yaml": "scope: customers.read\nrules: []\n"})
    _, policy = await active_policy(connection.fetchrow)
    assert list(policy.roles) == ["guest", "scope:customers.read"]
    assert [row["code"] for row in await connection.fetch("SELECT code FROM roles")] == ["guest"]


WRONG: dict[str, Mapping[str, str]] = {
    "nothing": {},
    "an unknown field": {"a.yaml": "role: a\nrules:\n  - allow: [read]\n    on: Customer\n    fields: {names: [x]}\n"},
    "an unknown role": {"a.yaml": "role: a\nincludes: [b]\nrules: []\n"},
    "no YAML": {"a.yaml": "role: ["},
    "two of one name": {"a.yaml": "role: a\nrules: []\n", "b.yaml": "role: a\nrules: []\n"},
}


@pytest.mark.parametrize("how", WRONG)
async def test_a_faulty_policy_changes_nothing(connection: asyncpg.Connection, how: str) -> None:
    await activate(connection, SMALL)
    before = await _epoch(connection), await _versions(connection), await connection.fetch("SELECT * FROM roles")
    with pytest.raises(PolicyError):
        await activate(connection, WRONG[how])
    after = await _epoch(connection), await _versions(connection), await connection.fetch("SELECT * FROM roles")
    assert after == before


async def test_roles_that_are_there_are_left_as_they_are(connection: asyncpg.Connection) -> None:
    await activate(connection, SMALL)
    await connection.execute("UPDATE roles SET name = 'Visitor', rank = 77 WHERE code = 'guest'")
    await activate(connection, SMALL)
    row = await connection.fetchrow("SELECT name, rank FROM roles WHERE code = 'guest'")
    assert tuple(row) == ("Visitor", 77)


async def test_those_who_activate_at_once_take_turns(
    connection: asyncpg.Connection, fresh_database: TemporaryDatabase
) -> None:
    others = [await asyncpg.connect(fresh_database.dsn) for _ in range(4)]
    numbers = await asyncio.gather(*(activate(each, SMALL) for each in (connection, *others)), return_exceptions=True)
    await asyncio.gather(*(each.close() for each in others))
    assert sorted(numbers, key=str) == [1, 2, 3, 4, 5]
    assert [status for _, status in await _versions(connection)] == ["RETIRED"] * 4 + ["ACTIVE"]


@pytest.mark.parametrize("document", ["{}", "[]", "1", '{"files": []}', '{"files": {"a.yaml": 1}}', '{"files": {}}'])
async def test_a_document_that_holds_no_policy_is_none(connection: asyncpg.Connection, document: str) -> None:
    await activate(connection, SMALL)
    await connection.execute("UPDATE policy_versions SET document = $1::text::jsonb", document)
    with pytest.raises(NoPolicy):
        await active_policy(connection.fetchrow)


async def test_a_policy_of_another_release_says_what_cannot_be_read(connection: asyncpg.Connection) -> None:
    await activate(connection, SMALL)
    document: Any = (
        '{"files": {"guest.yaml": "role: guest\\nrules:\\n  - allow: [read]\\n    on: Thing\\n    fields: all\\n"}}'
    )
    await connection.execute("UPDATE policy_versions SET document = $1::text::jsonb", document)
    with pytest.raises(NoPolicy, match=r"guest\.yaml:4: .*Thing"):
        await active_policy(connection.fetchrow)
