"""Departments, regions, users and what these may do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.models.enums import UserStatus
from app.services.demo.founding import FOUNDED, Founding
from app.services.demo.source import Weighted
from app.services.demo.world import Area, read


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Someone to look at the demo company as. `region` is empty where the role is not bound to one."""

    email: str
    display_name: str
    role: str
    department: str
    region: str


def demo_users() -> list[DemoUser]:
    """Everybody who works at the demo company."""
    return [
        DemoUser(_mail(u), u["name"], u["role"], u["department"], ", ".join(u.get("regions", [])))
        for u in read("people")["users"]
    ]


def role_names() -> dict[str, str]:
    """The name of each role, by its code."""
    return dict(read("people")["roles"])


def _mail(user: Mapping[str, Any]) -> str:
    return f"{user['mail']}@example.com"


@dataclass(frozen=True, slots=True)
class Organisation:
    """Keys by department code, region code, the local part of a user's address, and the areas to sell in."""

    departments: dict[str, UUID]
    regions: dict[str, UUID]
    users: dict[str, UUID]
    areas: Weighted[Area]
    leaders: dict[UUID, UUID]
    """Who leads each department; written once users are."""


def organise(founding: Founding, roles: Mapping[str, UUID]) -> Organisation:
    """Found departments, regions and users, and assign the roles."""
    people, places = read("people"), read("places")
    departments, leaders = _departments(founding, people["departments"])
    regions = _regions(founding, places)
    users = _users(founding, people["users"], departments, regions)
    _assign(founding, people["users"], {**departments, **regions, **users}, roles)
    areas = Weighted(dict(_areas(places, {**departments, **regions, **users})))
    return Organisation(departments, regions, users, areas, {at: users[who] for at, who in leaders.items()})


def _departments(founding: Founding, tree: Mapping[str, Any]) -> tuple[dict[str, UUID], dict[UUID, str]]:
    keys: dict[str, UUID] = {}
    leaders: dict[UUID, str] = {}

    def grow(branch: Mapping[str, Any], parent: UUID | None, path: str) -> None:
        for code, one in branch.items():
            here = f"{path}{code}/"
            keys[code] = founding.add("departments", code=code, name=one["name"], parent_id=parent, path=here)
            if "leader" in one:
                leaders[keys[code]] = one["leader"]
            grow(one.get("children", {}), keys[code], here)

    grow(tree, None, "/")
    return keys, leaders


def _regions(founding: Founding, places: list[Mapping[str, Any]]) -> dict[str, UUID]:
    keys: dict[str, UUID] = {}

    def add(place: Mapping[str, Any], above: str | None, path: str, **columns: Any) -> None:
        keys[place["code"]] = founding.add(
            "regions",
            code=place["code"],
            name=place["name"],
            parent_id=keys.get(above) if above else None,
            path=path,
            **{"currency": None, "time_zone": None, "sales_policy": None, **columns},
        )

    for world in places:
        add(world, None, f"/{world['code']}/")
        for country in world["countries"]:
            terms = {"max_discount_pct": country["discount"], "price_list_code": f"LIST-{country['currency']}"}
            known = {"currency": country["currency"], "time_zone": country["time_zone"]}
            path = f"/{world['code']}/{country['code']}/"
            add(country, world["code"], path, **known, sales_policy=json.dumps(terms))
            for area in country["areas"]:
                add(area, country["code"], f"{path}{area['code']}/", **known)
    return keys


def _users(
    founding: Founding, users: list[Mapping[str, Any]], departments: Mapping[str, UUID], regions: Mapping[str, UUID]
) -> dict[str, UUID]:
    keys: dict[str, UUID] = {}
    for user in users:
        bound = user.get("regions", [])
        keys[user["mail"]] = founding.add(
            "users",
            email=_mail(user),
            display_name=user["name"],
            manager_id=keys[user["manager"]] if "manager" in user else None,
            locale=user["locale"],
            time_zone=user["time_zone"],
            status=UserStatus.ACTIVE,
            department_id=departments[user["department"]],
            region_id=regions[bound[0]] if bound else None,
        )
    return keys


def _assign(
    founding: Founding, users: list[Mapping[str, Any]], keys: Mapping[str, UUID], roles: Mapping[str, UUID]
) -> None:
    for user in users:
        for region in user.get("regions", [None]):
            founding.add(
                "role_assignments",
                user_id=keys[user["mail"]],
                role_id=roles[user["role"]],
                department_id=keys[user["department"]],
                region_id=keys[region] if region else None,
                valid_from=FOUNDED,
                granted_by=keys["admin"],
            )


def _areas(places: list[Mapping[str, Any]], keys: Mapping[str, UUID]) -> Iterator[tuple[Area, float]]:
    for world in places:
        for country in world["countries"]:
            for area in country["areas"]:
                shared = {name: country[name] for name in ("culture", "locale", "time_zone", "currency")}
                own = {name: area[name] for name in ("code", "city", "postal", "phone", "latitude", "longitude")}
                yield (
                    Area(
                        region=keys[area["code"]],
                        country=country["code"],
                        tax=round(country["tax"] * 100),
                        desk=keys[world["desk"]],
                        seller=keys[country["seller"]],
                        chief=keys[country["chief"]],
                        agent=keys[country["agent"]],
                        **shared,
                        **own,
                    ),
                    area["weight"],
                )
