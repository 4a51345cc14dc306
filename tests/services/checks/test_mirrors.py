"""Whatever the database would refuse is found before, and the field is named."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from app.models.catalogue import CATALOGUE
from app.services.checks import CHECKS
from app.services.errors import Invalid, UserError
from app.services.values import stored
from policies.catalogue import Resource
from tests.services.checks.rows import columns_of, sound, wrong

NOT_MIRRORED = {"ck_contact_points_e164": "of a column that is made from `value` by `contact_point`, which refuses it"}
"""Beside these, what holds only columns that no caller ever sets: kept, copied or computed."""


@pytest.fixture(scope="module")
async def connection(database: Any) -> AsyncIterator[asyncpg.Connection]:
    """On which references lead nowhere and triggers rest."""
    connection = await asyncpg.connect(database.dsn)
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


async def broken(connection: asyncpg.Connection, resource: Resource, row: dict[str, Any]) -> set[str]:
    """All CHECKs that a row breaks; they stay, the row does not."""
    found = set[str]()
    turn = connection.transaction()
    await turn.start()
    while name := await refusing(connection, resource, row):
        found.add(name)
        await connection.execute(f"ALTER TABLE {resource.table.name} DROP CONSTRAINT {name}")
    await turn.rollback()
    return found


async def refusing(connection: asyncpg.Connection, resource: Resource, row: dict[str, Any]) -> str | None:
    """A CHECK that a row breaks; the row does not stay."""
    names, places = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
    turn = connection.transaction()
    await turn.start()
    try:
        await connection.execute(f"INSERT INTO {resource.table.name} ({names}) VALUES ({places})", *row.values())
    except asyncpg.CheckViolationError as violation:
        return str(violation.constraint_name)
    finally:
        await turn.rollback()
    return None


def mistakes(resource: Resource, row: dict[str, Any]) -> Iterator[UserError]:
    """What our own layers find wrong with a row."""
    for name, field in resource.fields.items():
        if field.column.name in row:
            try:
                stored(field, row[field.column.name])
            except Invalid as invalid:
                yield invalid.at((name,))
    comparable = {name: value for name, value in row.items() if value == value}
    for check in CHECKS[resource.name]:
        yield from check.run(comparable)


def constraints(resource: Resource) -> list[sa.CheckConstraint]:
    found = [each for each in resource.table.constraints if isinstance(each, sa.CheckConstraint)]
    return sorted(found, key=lambda each: str(each.name))


def settable(resource: Resource, column: sa.Column[Any]) -> bool:
    name = resource.of_column(column.name)
    return name not in (None, "id") and resource.fields[name].spec.settable


@pytest.mark.parametrize("name", list(CATALOGUE.resources))
async def test_what_the_database_refuses_is_a_mistake_with_a_place(connection: asyncpg.Connection, name: str) -> None:
    resource = CATALOGUE[name]
    row = sound(resource)
    assert await broken(connection, resource, row) == set()
    assert list(mistakes(resource, row)) == []
    for constraint in constraints(resource):
        columns = columns_of(constraint, resource)
        if constraint.name in NOT_MIRRORED or not any(settable(resource, column) for column in columns):
            continue
        bad = row | wrong(constraint, columns)
        assert constraint.name in await broken(connection, resource, bad)
        told = {error.field[0] for error in mistakes(resource, bad)}
        assert told & {resource.of_column(column.name) for column in columns}, constraint.name


def test_what_is_not_mirrored_is_there() -> None:
    names = {str(each.name) for resource in CATALOGUE for each in constraints(resource)}
    assert set(NOT_MIRRORED) <= names
