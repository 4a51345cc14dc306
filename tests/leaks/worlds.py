"""A whole database as dictionaries: every row of every resource as it is stored, JSON as its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from app.models.base import Base
from app.models.catalogue import CATALOGUE
from policies.catalogue import Resource

Row: TypeAlias = Mapping[str, Any]
Key: TypeAlias = tuple[UUID, ...]


def ordered_resources() -> list[Resource]:
    """All resources, each after those that its rows refer to."""
    place = {table.name: i for i, table in enumerate(Base.metadata.sorted_tables)}
    return sorted(CATALOGUE, key=lambda resource: place[resource.table.name])


def key_of(resource: Resource, row: Row) -> Key:
    """A row's primary key."""
    return tuple(row[name] for name in resource.key)


@dataclass(frozen=True)
class World:
    """The rows of all resources, by name of the resource and by key."""

    rows: Mapping[str, dict[Key, Row]]

    def __getitem__(self, resource: str) -> dict[Key, Row]:
        return self.rows[resource]

    def all(self) -> Iterator[tuple[Resource, Row]]:
        """Every row with its resource."""
        for resource in CATALOGUE:
            for row in self.rows[resource.name].values():
                yield resource, row

    def copy(self) -> World:
        """The same rows, to be changed apart."""
        return World({name: dict(rows) for name, rows in self.rows.items()})


def empty_world() -> World:
    """No rows at all."""
    return World({resource.name: {} for resource in CATALOGUE})


async def read_world(connection: asyncpg.Connection) -> World:
    """What a database holds."""
    world = empty_world()
    for resource in CATALOGUE:
        found = await connection.fetch(f"SELECT * FROM {resource.table.name} ORDER BY {', '.join(resource.key)}")
        world[resource.name].update((key_of(resource, row), row) for row in map(dict, found))
    return world
