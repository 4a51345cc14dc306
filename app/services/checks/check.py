"""What a check is: a rule over the columns of one row, and the fields it compares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.models.catalogue import CATALOGUE
from app.services.errors import UserError
from app.services.values.defaults import default
from policies.catalogue import Resource

Row: TypeAlias = Mapping[str, Any]
"""The row that would be stored, by column; a column that is absent holds its default."""

Test: TypeAlias = Callable[..., Iterator[UserError]]
"""Finds the mistakes in the values of a check's columns; each value may be None."""


@dataclass(frozen=True)
class Check:
    """A rule that no row may break. Two rules of one table share nothing, so that each is asked only where it must be."""

    fields: tuple[str, ...]
    """The fields compared, as the API names them, but for the row's own key, which everyone knows who knows the row."""
    run: Callable[[Row], Iterator[UserError]]
    """All mistakes of a row, each with the field it is in."""


def check(entity: str, columns: tuple[str, ...], test: Test) -> Check:
    """A check of some columns, whose values are handed to a test in this order."""
    resource = CATALOGUE[entity]

    def run(row: Row) -> Iterator[UserError]:
        return test(*(_held(resource, row, column) for column in columns))

    return Check(tuple(named(resource, column) for column in columns if column not in resource.key), run)


def named(resource: Resource, column: str) -> str:
    """The field that a column holds."""
    name = resource.of_column(column)
    if name is None:
        raise ValueError(f"{resource.name} has no field for {column!r}")
    return name


def _held(resource: Resource, row: Row, column: str) -> Any:
    return row[column] if column in row else default(resource.table.c[column])
