"""Random rows of a model: NULLs, deleted and erased rows, references that dangle, empty tables, extreme values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from policies.catalogue import Resource
from tests.oracle.drawn.choosing import Choose
from tests.oracle.drawn.models import Made
from tests.oracle.drawn.values import BY_COLUMN, MOMENTS, VALUES, key, values

Rows: TypeAlias = dict[str, list[dict[str, Any]]]
"""By resource."""

MOST = 5
GONE = [None, None, None, None, None, None, MOMENTS[1]]


def rows(choose: Choose, made: Made) -> Rows:
    """The rows of all tables."""
    return {resource.name: _table(choose, made, resource) for resource in made.catalogue}


def _table(choose: Choose, made: Made, resource: Resource) -> list[dict[str, Any]]:
    columns = _columns(made, resource)
    least = 0 if choose.rarely(8) else 2
    found = choose.many(lambda: {name: choose.one(held) for name, held in columns.items()}, least, MOST)
    return [_keyed(resource, position, row) for position, row in enumerate(found)]


def _columns(made: Made, resource: Resource) -> Mapping[str, Sequence[Any]]:
    """What each column may hold; NULL is common."""
    fields = {field.column: field for field in made.model[resource.name].fields.values()}
    found: dict[str, Sequence[Any]] = {}
    for name in (column.name for column in resource.table.columns if column.name not in resource.key):
        held = values(fields[name]) if name in fields else BY_COLUMN.get(name) or VALUES["MONEY"]
        found[name] = GONE if name.endswith("ed_at") else [*held, None] if len(held) < 4 else [*held, None, None]
    return found


def _keyed(resource: Resource, position: int, row: dict[str, Any]) -> dict[str, Any]:
    """With its key; of two customers' rows, the same id."""
    if resource.owned:
        return {"customer_id": key(1 + position % 2), "id": key(1 + position // 2), **row}
    return {"id": key(1 + position), **row}
