"""A company as it is founded: trees, users, roles and who holds them, the policy, and rows of every kind."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

import asyncpg

from app.models.catalogue import CATALOGUE
from policies.catalogue import Resource
from tests.leaks.changes import Change
from tests.leaks.making import Maker
from tests.leaks.personas import DOMAIN, PERSONAS, Persona
from tests.leaks.storing import READY, store
from tests.leaks.worlds import Row, World, empty_world, ordered_resources

MANY = {"Customer": 36, "Contact": 24, "Order": 24, "OrderLine": 24, "Ticket": 20, "Interaction": 20}
SOME = 12
ATTEMPTS = 200
STAYING = {"deleted_at": None}
HEAD = "Head of all"
LONG_AGO, FAR_OFF = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2020, 9000))

REGIONS = {"WORLD": None, "EU": "WORLD", "DE": "EU", "FR": "EU", "ASIA": "WORLD", "CN": "ASIA", "JP": "ASIA"}
HOMES = ("DE", "FR", "CN", "EU")
DEPARTMENTS = {"COMPANY": None, "SALES": "COMPANY", "INSIDE": "SALES", "SERVICE": "COMPANY", "MARKETING": "COMPANY"}


UNAUDITED = """
    ALTER TABLE audit_events DISABLE TRIGGER USER;
    CREATE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.hash IS NULL THEN
            RETURN NULL;
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER leave_out BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION leave_out()"""
"""Audit events are drawn and changed like other rows; those that asking itself would leave, of which no two are alike, are
left out.
"""


class Unfounded(Exception):
    """A row that the database never takes, whatever its values."""


@dataclass
class Founder:
    """Stores rows and gathers them in a world."""

    connection: asyncpg.Connection
    rng: Random
    maker: Maker = field(init=False)

    def __post_init__(self) -> None:
        self.maker = Maker(self.rng, empty_world())

    @property
    def world(self) -> World:
        """What is stored."""
        return self.maker.world

    async def add(self, resource: str, **given: Any) -> Row:
        """A stored row; what is not given is drawn anew until the database takes it. Raises Unfounded."""
        return (await self.several(resource, 1, lambda: given))[0]

    async def several(self, resource: str, number: int, given: Callable[[], Mapping[str, Any]] = dict) -> list[Row]:
        """So many stored rows, each drawn anew until the database takes it. Raises Unfounded."""
        on = CATALOGUE[resource]
        found: list[Row] = []
        for _ in range(ATTEMPTS):
            drawn = [Change(on, None, self.maker.row(on, **given())) for _ in range(number - len(found))]
            for made in await store(self.connection, drawn):
                if made is not None:
                    made.show_in(self.world)
                    found.append(made.row)
            if len(found) == number:
                return found
        raise Unfounded(resource)

    async def tree(self, resource: str, parents: Mapping[str, str | None]) -> dict[str, Row]:
        """A tree, by the codes of its places."""
        found: dict[str, Row] = {}
        for code, parent in parents.items():
            above = found[parent] if parent else {"id": None, "path": "/"}
            path = f"{above['path']}{code.lower()}/"
            found[code] = await self.add(resource, code=code, parent_id=above["id"], path=path, **STAYING)
        return found


async def found_company(
    connection: asyncpg.Connection, policy: Mapping[str, str], seed: int, *, size: float = 1.0
) -> World:
    """A company in an empty database, under a policy (texts by file name). `size` multiplies its rows.

    Raises Unfounded where a table takes no row at all, or a column never holds anything.
    """
    await connection.execute(READY)
    await connection.execute(UNAUDITED)
    founder = Founder(connection, Random(seed))
    regions = await founder.tree("Region", REGIONS)
    departments = await founder.tree("Department", DEPARTMENTS)
    users = {persona.name: await _user(founder, persona) for persona in PERSONAS}
    await _roles(founder, users, regions, departments)
    founder.maker.homes = {
        "region_id": [regions[code] for code in HOMES],
        "department_id": list(departments.values()),
        "owner_id": [users[persona.name] for persona in PERSONAS if persona.owns],
    }
    document = json.dumps({"files": dict(policy)})
    await founder.add("PolicyVersion", number=2, status="ACTIVE", document=document, based_on=None, **STAYING)
    for resource in sorted(ordered_resources(), key=lambda each: bool(each.subjects)):
        number = round(size * MANY.get(resource.name, SOME))
        await founder.several(resource.name, number, partial(_harmless, founder, resource))
        await _fill(founder, resource)
    return founder.world


async def _user(founder: Founder, persona: Persona) -> Row:
    """A persona's user, between one who is above and one who is below."""
    head = next((row for row in founder.world["User"].values() if row["display_name"] == HEAD), None)
    head = head or await founder.add("User", display_name=HEAD, manager_id=None, **STAYING)
    found = await founder.add(
        "User", email=persona.email, display_name=persona.name, manager_id=head["id"], status="ACTIVE", **STAYING
    )
    await founder.add("User", manager_id=found["id"], **STAYING)
    return found


async def _roles(
    founder: Founder, users: Mapping[str, Row], regions: Mapping[str, Row], departments: Mapping[str, Row]
) -> None:
    """The roles and who holds them; everybody was an administrator once, and will be."""
    codes = sorted({holding.role for persona in PERSONAS for holding in persona.holdings})
    roles = {code: await founder.add("Role", code=code, **STAYING) for code in codes}
    for persona in PERSONAS:
        held = {"user_id": users[persona.name]["id"], **STAYING}
        for holding in persona.holdings:
            where = {
                "region_id": regions[holding.region]["id"] if holding.region else None,
                "department_id": departments[holding.department]["id"] if holding.department else None,
            }
            role = roles[holding.role]["id"]
            await founder.add("RoleAssignment", **held, **where, role_id=role, valid_from=None, valid_to=None)
        for begins, ends, place in ((None, LONG_AGO, "DE"), (FAR_OFF, None, "FR")):
            place_ = {"region_id": regions[place]["id"], "department_id": None}
            admin = roles["admin"]["id"]
            await founder.add("RoleAssignment", **held, **place_, role_id=admin, valid_from=begins, valid_to=ends)


def _harmless(founder: Founder, resource: Resource) -> dict[str, Any]:
    """Has nobody who asks get more rights by chance."""
    if resource.name != "RoleAssignment":
        return {}
    others = [row for row in founder.world["User"].values() if not (row["email"] or "").endswith(DOMAIN)]
    return {"user_id": founder.rng.choice(others)["id"]}


async def _fill(founder: Founder, resource: Resource) -> None:
    """Has every column hold something in some row."""
    rows = founder.world[resource.name].values()
    for column in resource.table.columns:
        for _ in range(ATTEMPTS):
            if any(row[column.name] is not None for row in rows):
                break
            await founder.add(resource.name, **_harmless(founder, resource))
        else:
            raise Unfounded(f"{resource.table.name}.{column.name}")
