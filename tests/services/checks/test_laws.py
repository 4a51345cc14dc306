"""Of rows made by chance, the checks find wrong just those that the database refuses, or more; and they never fail."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.catalogue import CATALOGUE
from policies.catalogue import Field, Kind, Resource
from tests.services.checks.rows import DAY, KEY, NOON, OTHER, columns_of, sound
from tests.services.checks.test_mirrors import connection, constraints, mistakes, refusing

__all__ = ["connection"]

FEW: dict[Kind, tuple[Any, ...]] = {
    Kind.ID: (KEY, OTHER),
    Kind.TEXT: ("x",),
    Kind.TREE: ("/a/",),
    Kind.INTEGER: (0, 1, 2),
    Kind.DECIMAL: tuple(map(Decimal, range(3))),
    Kind.MONEY: tuple(map(Decimal, range(3))),
    Kind.BOOLEAN: (False, True),
    Kind.TIME: (NOON, NOON.replace(hour=13)),
    Kind.DATE: (DAY, DAY.replace(day=30)),
    Kind.JSON: ({}, []),
}
CODED = {"currency": ("EUR", "USD"), "base_currency": ("EUR", "USD")}


def values(field: Field) -> st.SearchStrategy[Any]:
    """A few values of a field, so that comparisons come out either way."""
    spec, column = field.spec, field.column
    few = tuple(member.value for member in spec.enum) if spec.enum else CODED.get(column.name, FEW[spec.kind])
    return st.sampled_from((*few, None) if column.nullable else few)


def rows(resource: Resource) -> st.SearchStrategy[dict[str, Any]]:
    """Rows of which some columns are given."""
    given = [field for name, field in resource.fields.items() if field.spec.settable and name != "id"]
    columns = {
        field.column.name: values(field) for field in given if not field.spec.scalar or field.column.name in CODED
    }
    return st.fixed_dictionaries({}, optional=columns).map(lambda row: sound(resource) | row)


def some(resource: Resource) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(rows(resource))
    def collect(row: dict[str, Any]) -> None:
        found.append(row)

    collect()
    return found


def compares(resource: Resource) -> bool:
    """Whether the database checks columns of a row against each other."""
    return any(len(columns_of(constraint, resource)) > 1 for constraint in constraints(resource))


@pytest.mark.parametrize("name", [resource.name for resource in CATALOGUE if compares(resource)])
async def test_a_row_without_a_mistake_is_taken_by_the_database(connection: asyncpg.Connection, name: str) -> None:
    resource = CATALOGUE[name]
    for row in some(resource):
        if not list(mistakes(resource, row)):
            assert await refusing(connection, resource, row) is None, row
