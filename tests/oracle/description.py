"""Plain descriptions of what there is: resources, their fields and the relations between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]
"""A row of a table, by column; a column that is left out is NULL."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field, the column that holds it, and what it is."""

    name: str
    column: str
    kind: str
    """ID, TEXT, ENUM, TREE, INTEGER, DECIMAL, MONEY, BOOLEAN, TIME, DATE or JSON."""
    data_class: str | None
    scalar: str | None = None
    companions: tuple[str, ...] = ()
    """Columns shown as part of it. Of money: its currency and, where there is one, its base amount."""
    vast: bool = False
    """There are too many possible values to try them all."""
    title: str = ""
    """`Customer.taxId`."""


@dataclass(frozen=True, slots=True)
class Relation:
    """An edge to another resource."""

    name: str
    target: str
    pairs: tuple[tuple[str, str], ...]
    """Columns that are equal: here, there."""
    many: bool
    field: str
    """The field that holds the reference: here where the relation is single, else there."""
    fixed: tuple[tuple[str, str, str], ...] = ()
    """What else the row that holds the reference must say: field, column, value."""


@dataclass(frozen=True, eq=False)
class Resource:
    """An entity of the graph."""

    name: str
    key: tuple[str, ...]
    """Columns."""
    fields: Mapping[str, Field]
    relations: Mapping[str, Relation]

    def key_of(self, row: Row) -> tuple[Any, ...]:
        """The key of a row."""
        return tuple(row[column] for column in self.key)


Model: TypeAlias = Mapping[str, Resource]
