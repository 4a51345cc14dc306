"""People as they were at a moment: who might sign in, and what they held."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.identity.principals import Read, assignments_of, load, unmasks_of
from app.models.catalogue import CATALOGUE
from app.services.policies.past.tables import KNOWN, relations
from policies.principal import Principal

RESTING_ON = ("User", "Role", "RoleAssignment", "Department", "Region")
"""Types that say what anybody holds."""
_TABLES = {CATALOGUE[name].table.name: name for name in RESTING_ON}


@dataclass(frozen=True)
class People:
    """Those of some users who might sign in then; and the types of which it is not known how they were."""

    found: tuple[Principal, ...]
    gaps: tuple[str, ...]


async def people_at(read: Read, users: Sequence[UUID], at: dt.datetime) -> People:
    """Users as they were, in their order: read as the principals of today are, from tables as they were."""
    row = await read(_LOAD, users, at)
    found = {UUID(each["id"]): each for each in json.loads(row["people"])}
    return People(tuple(_principal(user, found[user]) for user in users if user in found), tuple(row["gaps"]))


def _principal(user: UUID, row: Any) -> Principal:
    return Principal(user, assignments_of(row), tuple(map(UUID, row["reports"])), unmasks=unmasks_of(row))


def _statement() -> str:
    gaps = ", ".join(
        f"CASE WHEN EXISTS (SELECT FROM {table} WHERE NOT {KNOWN}) THEN '{name}' END" for table, name in _TABLES.items()
    )
    return f"""
        WITH {relations(_TABLES, "$2::timestamptz", kept=True)}
        SELECT coalesce(json_agg(people), '[]')::text AS people, array_remove(ARRAY[{gaps}], NULL) AS gaps
        FROM unnest($1::uuid[]) AS asked (id),
        LATERAL ({load("asked.id", "NULL::uuid", "$2::timestamptz")}) AS people"""


_LOAD = _statement()
