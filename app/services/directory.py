"""The local directory of users: for tokens on the command line and development mode's picker."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

Read = Callable[..., Awaitable[Any]]
"""Runs one statement and gives its first row."""

_FIND = "SELECT id FROM users WHERE lower(email) = lower($1) AND status = 'ACTIVE' AND deleted_at IS NULL"

_ACTIVE = "SELECT ARRAY(SELECT id FROM users WHERE status = 'ACTIVE' AND deleted_at IS NULL ORDER BY id) AS ids"

_LIST = """
SELECT coalesce(json_agg(json_build_object('email', u.email, 'displayName', u.display_name, 'roles', u.roles)
                ORDER BY u.rank, u.email), '[]')::text AS users
FROM (
    SELECT u.email, u.display_name, coalesce(min(r.rank), 999) AS rank, json_agg(
        json_build_object('role', r.code, 'department', d.name, 'region', g.name) ORDER BY r.code
    ) FILTER (WHERE r.id IS NOT NULL) AS roles
    FROM users u
    LEFT JOIN role_assignments a ON a.user_id = u.id AND a.deleted_at IS NULL
        AND coalesce(a.valid_from <= now(), true) AND coalesce(a.valid_to > now(), true)
    LEFT JOIN roles r ON r.id = a.role_id
    LEFT JOIN departments d ON d.id = a.department_id
    LEFT JOIN regions g ON g.id = a.region_id
    WHERE u.status = 'ACTIVE' AND u.deleted_at IS NULL AND u.email IS NOT NULL
    GROUP BY u.id
    LIMIT 500
) u
"""


async def active_users(read: Read) -> list[UUID]:
    """The active users, by key."""
    row = await read(_ACTIVE)
    return list(row["ids"])


async def find_user(read: Read, email: str) -> UUID | None:
    """The active user of an e-mail address."""
    if "\0" in email or not _is_text(email):
        return None
    row = await read(_FIND, email)
    return row["id"] if row else None


def _is_text(given: str) -> bool:
    """Whether PostgreSQL can be asked for it: it has no half of a surrogate pair."""
    try:
        given.encode()
    except UnicodeEncodeError:
        return False
    return True


async def list_users(read: Read) -> list[dict[str, Any]]:
    """The active users (at most 500) with their roles: [{email, displayName, roles: [{role, department, region}]}]."""
    row = await read(_LIST)
    found: list[dict[str, Any]] = json.loads(row["users"])
    return [{**user, "roles": user["roles"] or []} for user in found]
