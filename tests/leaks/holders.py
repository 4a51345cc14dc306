"""Who a user is, in plain Python: the roles held at a moment, their places, and everyone below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from tests.leaks.personas import Holding, Persona
from tests.leaks.worlds import Row, World
from tests.oracle import Assignment, Party, Principal


def ceilings(persona: Persona, client: UUID, world: World) -> tuple[Party, ...]:
    """The parties that bound a persona, as a client of this id and its scopes."""
    return tuple(Party(client, tuple(_held(each, world) for each in held)) for held in persona.ceilings)


def _held(holding: Holding, world: World) -> Assignment:
    department, region = _place(holding.department, world, "Department"), _place(holding.region, world, "Region")
    return Assignment(holding.role, _subtree(department, world, "Department"), _subtree(region, world, "Region"))


def _place(code: str | None, world: World, of: str) -> UUID | None:
    return next((place["id"] for place in world[of].values() if place["code"] == code), None)


def principal(user: UUID, world: World, now: dt.datetime, bounds: tuple[Party, ...] = ()) -> Principal:
    """The roles held now, for places with all that lie below them, and everyone below in the management tree."""
    held = [row for row in world["RoleAssignment"].values() if row["user_id"] == user and _is_live(row)]
    assignments = (_assignment(row, world) for row in held)
    now_held = sorted((found for found in assignments if found.holds(now)), key=repr)
    return Principal(user, tuple(now_held), tuple(sorted(_below(user, world))), ceilings=bounds)


def _is_live(row: Row) -> bool:
    return row["deleted_at"] is None


def _assignment(row: Row, world: World) -> Assignment:
    role = world["Role"][row["role_id"],]
    code = role["code"] if _is_live(role) else ""
    departments = _subtree(row["department_id"], world, "Department")
    regions = _subtree(row["region_id"], world, "Region")
    return Assignment(code, departments, regions, since=row["valid_from"], until=row["valid_to"])


def _subtree(top: UUID | None, world: World, of: str) -> tuple[UUID, ...]:
    live = [place for place in world[of].values() if _is_live(place)]
    roots = tuple(place["path"] for place in live if place["id"] == top)
    return tuple(sorted(place["id"] for place in live if place["path"].startswith(roots)))


def _below(user: UUID, world: World) -> Iterator[UUID]:
    waiting, seen = [user], {user}
    while waiting:
        above = waiting.pop()
        for other in world["User"].values():
            if other["manager_id"] == above and other["id"] not in seen and _is_live(other):
                seen.add(other["id"])
                waiting.append(other["id"])
                yield other["id"]
