"""Principals: who a user is and what the user holds, read from the database in one statement with its proof.

This is the one place outside the services that reads tables rather than views: what it reads is what
the views are made of.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.identity.proof import Proof
from policies.principal import Assignment, Principal, Unmask

Read = Callable[..., Awaitable[Any]]
"""Runs one statement and gives its first row."""


@dataclass(frozen=True, slots=True)
class Known:
    """A user who may sign in."""

    principal: Principal
    proof: Proof


_LOAD = """
WITH RECURSIVE below (id) AS (
    SELECT id FROM users WHERE id = $1
    UNION
    SELECT u.id FROM users u JOIN below b ON u.manager_id = b.id WHERE u.deleted_at IS NULL
),
held AS (
    SELECT a.id, r.code, a.department_id, a.region_id, a.valid_from, a.valid_to, a.purposes
    FROM role_assignments a JOIN roles r ON r.id = a.role_id
    WHERE a.user_id = $1 AND a.deleted_at IS NULL AND r.deleted_at IS NULL
),
opened AS (
    SELECT id, resource, field, customer_id, row_id, valid_from, valid_to FROM unmasks WHERE user_id = $1
)
SELECT
    s.policy_epoch, s.access_epoch, s.secret, u.display_name, u.email,
    coalesce((SELECT v.version FROM access_versions v WHERE v.subject_id = $1), 0) AS access_version,
    ARRAY(SELECT id FROM below ORDER BY id) AS reports,
    least(
        (SELECT min(valid_from) FROM held WHERE valid_from > now()),
        (SELECT min(valid_to) FROM held WHERE valid_to > now()),
        (SELECT min(valid_from) FROM opened WHERE valid_from > now()),
        (SELECT min(valid_to) FROM opened WHERE valid_to > now())
    ) AS fresh_until,
    coalesce((
        SELECT json_agg(json_build_object(
            'role', h.code,
            'purposes', h.purposes,
            'departments', ARRAY(
                SELECT d.id FROM departments d JOIN departments top ON starts_with(d.path, top.path)
                WHERE top.id = h.department_id AND d.deleted_at IS NULL AND top.deleted_at IS NULL ORDER BY d.id
            ),
            'regions', ARRAY(
                SELECT g.id FROM regions g JOIN regions top ON starts_with(g.path, top.path)
                WHERE top.id = h.region_id AND g.deleted_at IS NULL AND top.deleted_at IS NULL ORDER BY g.id
            )
        ) ORDER BY h.code, h.id)
        FROM held h
        WHERE coalesce(h.valid_from <= now(), true) AND coalesce(h.valid_to > now(), true)
    ), '[]'::json)::text AS assignments,
    coalesce((
        SELECT json_agg(json_build_array(o.resource, o.field, o.customer_id, o.row_id) ORDER BY o.id)
        FROM opened o
        WHERE o.valid_from <= now() AND o.valid_to > now()
    ), '[]'::json)::text AS unmasks
FROM policy_state s, users u
WHERE u.id = $1 AND u.status = 'ACTIVE' AND u.deleted_at IS NULL
"""


async def load_principal(read: Read, user: UUID) -> Known | None:
    """The principal of an active user, with the proof of what it was read under; None for anybody else."""
    row = await read(_LOAD, user)
    if row is None:
        return None
    principal = Principal(
        id=user,
        assignments=tuple(map(_assignment, json.loads(row["assignments"]))),
        reports=tuple(row["reports"]),
        name=row["display_name"],
        email=row["email"],
        fresh_until=_moment(row["fresh_until"]),
        secret=row["secret"],
        unmasks=tuple(_unmask(*found) for found in json.loads(row["unmasks"])),
    )
    return Known(principal, Proof(row["policy_epoch"], row["access_epoch"], row["access_version"]))


def _assignment(found: dict[str, Any]) -> Assignment:
    departments, regions = (tuple(map(UUID, found[name])) for name in ("departments", "regions"))
    return Assignment(found["role"], departments, regions, tuple(found["purposes"]))


def _unmask(resource: str, field: str, customer: str | None, row: str) -> Unmask:
    return Unmask(resource, field, UUID(customer) if customer else None, UUID(row))


def _moment(value: object) -> dt.datetime | None:
    assert value is None or isinstance(value, dt.datetime)
    return value
