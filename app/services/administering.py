"""Who administers the policy: may put another version in force, and give roles. Where there is somebody, there stays somebody.

It is asked of the roles that users hold, under the active policy; whether the conditions of rules hold on the rows that
there are is not asked. Rights change one transaction at a time, so who asks after its own change sees all of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from app.models.catalogue import CATALOGUE
from app.services.clients import ASSIGNMENT, GIVEN
from policies.access import Access
from policies.document import Action
from policies.principal import Assignment, Principal
from policies.rules import Policy

Fetch: TypeAlias = Callable[..., Awaitable[Any]]
"""Runs a statement and gives its rows."""
Held: TypeAlias = tuple[str, bool, bool]
"""Code of a role, and whether it is held for a department and for a region."""

POLICY = CATALOGUE["PolicyVersion"]
ACTIVATING = frozenset({"status"})
SOMEBODY = UUID(int=1)

_HELD = """
    SELECT DISTINCT array_agg(DISTINCT ARRAY[r.code, (a.department_id IS NOT NULL)::text, (a.region_id IS NOT NULL)::text])
    FROM users u JOIN role_assignments a ON a.user_id = u.id JOIN roles r ON r.id = a.role_id
    WHERE u.status = 'ACTIVE' AND u.deleted_at IS NULL AND a.deleted_at IS NULL AND r.deleted_at IS NULL
    AND coalesce(a.valid_from <= now(), true) AND coalesce(a.valid_to > now(), true)
    AND NOT (u.id = ANY($1::uuid[]) OR a.id = ANY($1) OR r.id = ANY($1))
    GROUP BY u.id"""


async def is_administered(fetch: Fetch, policy: Policy, without: Iterable[UUID] = ()) -> bool:
    """Whether some user who may sign in administers the policy, without some users, assignments or roles."""
    for (held,) in await fetch(_HELD, list(without)):
        if administers(policy, tuple((code, place == "true", area == "true") for code, place, area in held)):
            return True
    return False


@lru_cache(maxsize=256)
def administers(policy: Policy, held: Sequence[Held]) -> bool:
    """Whether who holds such roles may administer the policy."""
    assignments = tuple(
        Assignment(code, departments=(SOMEBODY,) if place else (), regions=(SOMEBODY,) if area else ())
        for code, place, area in held
    )
    found = Access(policy, Principal(SOMEBODY, assignments, (SOMEBODY,)).shape)
    activates = found.permits(Action.UPDATE, POLICY, ACTIVATING).possible
    return activates and found.permits(Action.CREATE, ASSIGNMENT, GIVEN).possible
