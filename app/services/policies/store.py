"""The policy in the database: exactly one version is active; activating another moves the epoch."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from app.models.catalogue import CATALOGUE
from app.models.ids import uuid7
from app.services.ordering import CHANGE_RIGHTS
from app.services.policies.documents import Documents, documents_of
from policies.faults import PolicyError
from policies.loading import DEFAULT_RULES, load, read_folder
from policies.rules import Policy
from policies.testing import FOLDER

Read = Callable[..., Awaitable[Any]]
"""Runs one statement and gives its first row."""


class Connection(Protocol):
    """What is needed of an asyncpg connection that writes."""

    async def fetchrow(self, query: str, *args: Any) -> Any: ...
    async def execute(self, query: str, *args: Any) -> Any: ...
    def transaction(self) -> Any: ...


class NoPolicy(Exception):
    """No policy is active, or none that this release can read: nobody sees anything."""


async def active_policy(read: Read) -> tuple[int, Policy]:
    """The active policy and its epoch, read in one snapshot. Raises NoPolicy."""
    row = await read(
        "SELECT s.policy_epoch, p.document::text AS document FROM policy_state s, policy_versions p"
        " WHERE p.status = 'ACTIVE' AND p.deleted_at IS NULL"
    )
    if row is None:
        raise NoPolicy("no policy is active")
    try:
        return row["policy_epoch"], load(_texts(json.loads(row["document"])), CATALOGUE)
    except PolicyError as faults:
        raise NoPolicy(f"this release cannot read the active policy:\n{faults}") from faults


async def active_version(read: Read) -> int:
    """The number of the active version. Raises NoPolicy."""
    row = await read("SELECT number FROM policy_versions WHERE status = 'ACTIVE' AND deleted_at IS NULL")
    if row is None:
        raise NoPolicy("no policy is active")
    return int(row["number"])


def _texts(document: Any) -> Mapping[str, str]:
    found = document.get("files") if isinstance(document, dict) else None
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise NoPolicy("the active policy holds no documents")
    return found


async def documents(read: Read, number: int | None = None) -> Documents:
    """The documents of a version; without a number, of the active one. Raises NoPolicy."""
    row = await read(
        "SELECT document::text AS document FROM policy_versions WHERE deleted_at IS NULL"
        " AND CASE WHEN $1::int IS NULL THEN status = 'ACTIVE' ELSE number = $1 END",
        number,
    )
    if row is None:
        raise NoPolicy("no policy is active" if number is None else f"there is no version {number}")
    return documents_of(json.loads(row["document"]))


async def activate(
    connection: Connection,
    texts: Mapping[str, str],
    note: str = "",
    *,
    tests: Mapping[str, str] | None = None,
    based_on: int | None = None,
) -> int:
    """Makes documents (text by file name) the active policy and returns the number of the new version.

    The tests that stand beside them are kept with them, as they are. They are based on the version of a number, or else
    on the one that was active. Raises PolicyError with every fault, and leaves the active policy as it is.
    """
    policy = load(texts, CATALOGUE)
    async with connection.transaction():
        await connection.execute(CHANGE_RIGHTS)
        retired = await connection.fetchrow(
            "UPDATE policy_versions SET status = 'RETIRED', version = version + 1, updated_at = statement_timestamp()"
            " WHERE status = 'ACTIVE' RETURNING number"
        )
        row = await connection.fetchrow(
            "INSERT INTO policy_versions (id, number, status, document, note, activated_at, based_on)"
            " SELECT $1, coalesce(max(number), 0) + 1, 'ACTIVE', $2::text::jsonb, $3, statement_timestamp(),"
            " (SELECT id FROM policy_versions WHERE number = $4::int) FROM policy_versions RETURNING number",
            uuid7(),
            json.dumps({"files": dict(texts), "tests": dict(tests or {})}),
            note,
            based_on or (retired and retired["number"]),
        )
        await ensure_roles(connection, policy)
    return int(row["number"])


async def ensure_policy(connection: Connection) -> None:
    """Activates the shipped policy where none was ever activated."""
    found = await connection.fetchrow("SELECT 1 FROM policy_versions LIMIT 1")
    if found is None:
        tests = read_folder(DEFAULT_RULES / FOLDER)
        await activate(connection, read_folder(DEFAULT_RULES), "The policy that is shipped.", tests=tests)


async def ensure_roles(connection: Connection, policy: Policy) -> None:
    """Has a row for each role of a policy, so that it can be given."""
    held = (role for role in policy.roles.values() if not role.is_scope)
    for rank, role in enumerate(held):
        await connection.execute(
            "INSERT INTO roles (id, code, name, rank, is_system) VALUES ($1, $2, $3, $4, true) ON CONFLICT (code) DO NOTHING",
            uuid7(),
            role.code,
            role.name,
            rank,
        )
