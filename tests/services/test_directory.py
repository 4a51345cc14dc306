"""The local directory: who there is, and who is found by an e-mail address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from app.database import Database
from app.services.directory import find_user, list_users
from tests.conftest import TemporaryDatabase
from tests.database.conftest import opened
from tests.graphql_schema.company import Company, found
from tests.graphql_schema.rows import assign, store, user


@pytest.fixture(scope="module")
async def reads(database: TemporaryDatabase) -> AsyncIterator[Database]:
    async with opened(database.dsn) as there:
        yield there


@pytest.fixture(scope="module")
async def writer(database: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.dsn)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def company(writer: asyncpg.Connection) -> Company:
    company = await found(writer)
    await store(writer, user("suspended", status="SUSPENDED"), user("bodiless", email=None), user("deleted"))
    await writer.execute("UPDATE users SET deleted_at = now() WHERE email = 'deleted@example.com'")
    await store(writer, user("müller"))
    return company


@pytest.mark.parametrize(
    ("email", "there"),
    [
        ("rep@example.com", True),
        ("REP@Example.COM", True),
        ("müller@example.com", True),
        ("MÜLLER@example.com", True),
        (" rep@example.com", False),
        ("rep@example.com\0", False),
        ("\ud800@example.com", False),
        ("rep", False),
        ("", False),
        ("%", False),
        ("suspended@example.com", False),
        ("deleted@example.com", False),
        ("' OR true --", False),
        ("x" * 100_000, False),
    ],
)
async def test_an_active_user_is_found_by_any_spelling_of_the_address(
    reads: Database, company: Company, email: str, *, there: bool
) -> None:
    assert (await find_user(reads.read, email) is not None) is there


async def test_it_is_the_right_one(reads: Database, company: Company) -> None:
    assert await find_user(reads.read, "rep@example.com") == company.rep.key


async def test_users_are_listed_with_what_they_hold(
    reads: Database, company: Company, writer: asyncpg.Connection
) -> None:
    await assign(writer, company.rep, "marketer")
    users = {each["email"]: each for each in await list_users(reads.read)}
    assert users["rep@example.com"] == {
        "email": "rep@example.com",
        "displayName": "Rep",
        "roles": [
            {"role": "marketer", "department": None, "region": None},
            {"role": "sales_rep", "department": "Sales", "region": "De"},
        ],
    }
    assert users["nobody@example.com"]["roles"] == []
    names = {
        "admin",
        "manager",
        "rep",
        "colleague",
        "agent",
        "marketer",
        "finance",
        "auditor",
        "partner",
        "nobody",
        "müller",
    }
    assert set(users) == {f"{name}@example.com" for name in names}


async def test_an_assignment_that_is_over_or_taken_back_is_not_listed(
    reads: Database, company: Company, writer: asyncpg.Connection
) -> None:
    async def roles() -> Any:
        users = {each["email"]: each for each in await list_users(reads.read)}
        return users["finance@example.com"]["roles"]

    assert [role["role"] for role in await roles()] == ["finance"]
    await writer.execute(
        "UPDATE role_assignments SET valid_to = now() - interval '1 minute' WHERE user_id = $1", company.finance.key
    )
    assert await roles() == []
    await writer.execute(
        "UPDATE role_assignments SET valid_to = NULL, deleted_at = now() WHERE user_id = $1", company.finance.key
    )
    assert await roles() == []


async def test_an_empty_directory_has_nobody(fresh_database: TemporaryDatabase) -> None:
    async with opened(fresh_database.dsn) as empty:
        assert await list_users(empty.read) == []
        assert await find_user(empty.read, "admin@example.com") is None
