"""Principals: who a user or client is and what it holds, read from the database in one statement with its proof.

This is the one place outside the services that reads tables rather than views: what it reads is what
the views are made of.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from app.identity.bearer import Bearer
from app.identity.grants import EMAIL, PROFILE, Client, bounds, client_of, delegation, scope_party, tells
from app.identity.proof import Proof
from policies.principal import Assignment, Party, Principal, PrincipalKind, Unmask

Read = Callable[..., Awaitable[Any]]
"""Runs one statement and gives its first row."""


@dataclass(frozen=True, slots=True)
class Known:
    """A bearer who may sign in."""

    principal: Principal
    proof: Proof
    client: Client | None = None
    """Through whom it asks; None for tokens of the house itself."""


def _below(table: str, top: str) -> str:
    """The places of a tree from one down, in SQL."""
    return (
        f"ARRAY(SELECT p.id FROM {table} p JOIN {table} top ON starts_with(p.path, top.path)"
        f" WHERE top.id = {top} AND p.deleted_at IS NULL AND top.deleted_at IS NULL ORDER BY p.id)"
    )


_GRANT = f"""
    SELECT g.id, g.client_id, g.scopes, g.expires_at, json_build_object(
        'client', c.id, 'code', c.code, 'name', c.name, 'own', c.is_own, 'role', r.code,
        'scopes', ARRAY(SELECT name FROM unnest(g.scopes) AS name WHERE name = ANY (c.scopes)),
        'version', coalesce((SELECT v.version FROM access_versions v WHERE v.subject_id = c.id), 0),
        'documents', c.documents, 'networks', c.networks,
        'requests_per_minute', c.requests_per_minute, 'cost_per_minute', c.cost_per_minute,
        'departments', {_below("departments", "c.department_id")}, 'regions', {_below("regions", "c.region_id")}
    )::text AS found,
    least(g.expires_at, c.expires_at) AS until
    FROM oauth_grants g JOIN oauth_clients c ON c.id = g.client_id
    LEFT JOIN roles r ON r.id = c.role_id AND r.deleted_at IS NULL
    LEFT JOIN oidc_providers p ON p.id = g.provider_id
    WHERE g.revoked_at IS NULL AND c.disabled_at IS NULL AND p.disabled_at IS NULL
    AND coalesce(g.expires_at > now(), true) AND coalesce(c.expires_at > now(), true)
"""


def load(subject: str, grant: str, now: str) -> str:
    """What a user holds, in SQL, at a moment: no row for who may not sign in. Each is an expression of SQL."""
    return f"""
WITH RECURSIVE granted AS ({_GRANT} AND g.id = {grant} AND g.user_id = {subject}),
 below (id) AS (
    SELECT id FROM users WHERE id = {subject}
    UNION
    SELECT u.id FROM users u JOIN below b ON u.manager_id = b.id WHERE u.deleted_at IS NULL
),
held AS (
    SELECT a.id, r.code, a.department_id, a.region_id, a.valid_from, a.valid_to, a.purposes
    FROM role_assignments a JOIN roles r ON r.id = a.role_id
    WHERE a.user_id = {subject} AND a.deleted_at IS NULL AND r.deleted_at IS NULL
),
opened AS (
    SELECT id, resource, field, customer_id, row_id, valid_from, valid_to FROM unmasks WHERE user_id = {subject}
)
SELECT
    u.id, s.policy_epoch, s.access_epoch, s.secret, u.display_name, u.email,
    coalesce((
        SELECT sum(v.version) FROM access_versions v
        WHERE v.subject_id = {subject} OR v.subject_id IN (SELECT id FROM granted UNION SELECT client_id FROM granted)
    ), 0)::bigint AS access_version,
    (SELECT found FROM granted) AS granted,
    ARRAY(SELECT id FROM below ORDER BY id) AS reports,
    least(
        (SELECT min(valid_from) FROM held WHERE valid_from > {now}),
        (SELECT min(valid_to) FROM held WHERE valid_to > {now}),
        (SELECT min(valid_from) FROM opened WHERE valid_from > {now}),
        (SELECT min(valid_to) FROM opened WHERE valid_to > {now}),
        (SELECT until FROM granted)
    ) AS fresh_until,
    coalesce((
        SELECT json_agg(json_build_object(
            'role', h.code,
            'purposes', h.purposes,
            'departments', {_below("departments", "h.department_id")}, 'regions', {_below("regions", "h.region_id")}
        ) ORDER BY h.code, h.id)
        FROM held h
        WHERE coalesce(h.valid_from <= {now}, true) AND coalesce(h.valid_to > {now}, true)
    ), '[]'::json)::text AS assignments,
    coalesce((
        SELECT json_agg(json_build_array(o.resource, o.field, o.customer_id, o.row_id) ORDER BY o.id)
        FROM opened o
        WHERE o.valid_from <= {now} AND o.valid_to > {now}
    ), '[]'::json)::text AS unmasks
FROM policy_state s, users u
WHERE u.id = {subject} AND u.status = 'ACTIVE' AND u.deleted_at IS NULL
"""


_LOAD = load("$1", "$2", "now()")

_LOAD_CLIENT = f"""
WITH granted AS ({_GRANT} AND g.id = $2 AND g.client_id = $1 AND g.user_id IS NULL)
SELECT s.policy_epoch, s.access_epoch, s.secret, granted.found AS granted, granted.until AS fresh_until,
    coalesce((SELECT sum(v.version) FROM access_versions v WHERE v.subject_id IN ($1, $2)), 0)::bigint AS access_version
FROM policy_state s, granted
"""


async def load_principal(read: Read, bearer: Bearer) -> Known | None:
    """The principal of an active user, or of a client itself, with the proof of what it was read under; None for else."""
    row = await read(_LOAD, bearer.subject, bearer.grant)
    if row is not None:
        return _user(bearer, row) if bearer.grant is None or row["granted"] else None
    row = await read(_LOAD_CLIENT, bearer.subject, bearer.grant) if bearer.grant else None
    return _client(bearer, row) if row is not None else None


def _proof(row: Any) -> Proof:
    return Proof(row["policy_epoch"], row["access_epoch"], row["access_version"])


def _client(bearer: Bearer, row: Any) -> Known:
    found = json.loads(row["granted"])
    client, grant = client_of(found), cast(UUID, bearer.grant)
    scopes = bearer.opens(found["scopes"])
    scoped = scope_party(grant, scopes)
    principal = Principal(
        id=client.id,
        assignments=client.assignments,
        reports=(client.id,),
        kind=PrincipalKind.CLIENT,
        name=found["name"],
        fresh_until=_moment(row["fresh_until"]),
        ceilings=scoped,
        witnesses=() if scoped else (grant,),
        secret=row["secret"],
        through=delegation(client, scopes),
    )
    return Known(principal, _proof(row), client)


def _user(bearer: Bearer, row: Any) -> Known:
    ceilings: tuple[Party, ...] = ()
    witnesses: tuple[UUID, ...] = ()
    client: Client | None = None
    scopes: list[str] = []
    if bearer.grant is not None:
        found = json.loads(row["granted"])
        client, scopes = client_of(found), bearer.opens(found["scopes"])
        ceilings, witnesses = bounds(bearer.grant, client, scopes)
    principal = Principal(
        id=bearer.subject,
        assignments=assignments_of(row),
        reports=tuple(row["reports"]),
        name=row["display_name"] if tells(client, scopes, PROFILE) else None,
        email=row["email"] if tells(client, scopes, EMAIL) else None,
        fresh_until=_moment(row["fresh_until"]),
        secret=row["secret"],
        ceilings=ceilings,
        witnesses=witnesses,
        unmasks=unmasks_of(row),
        through=delegation(client, scopes) if client else None,
    )
    return Known(principal, _proof(row), client)


def assignments_of(row: Any) -> tuple[Assignment, ...]:
    """The roles that a user holds."""
    return tuple(map(_assignment, json.loads(row["assignments"])))


def unmasks_of(row: Any) -> tuple[Unmask, ...]:
    """What is unmasked for a user."""
    return tuple(_unmask(*found) for found in json.loads(row["unmasks"]))


def _assignment(found: dict[str, Any]) -> Assignment:
    departments, regions = (tuple(map(UUID, found[name])) for name in ("departments", "regions"))
    return Assignment(found["role"], departments, regions, tuple(found["purposes"]))


def _unmask(resource: str, field: str, customer: str | None, row: str) -> Unmask:
    return Unmask(resource, field, UUID(customer) if customer else None, UUID(row))


def _moment(value: object) -> dt.datetime | None:
    assert value is None or isinstance(value, dt.datetime)
    return value
