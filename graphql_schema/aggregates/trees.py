"""Places in a tree, rolled up: `/a/b/c/` is `/a/b/` at level 2. A place that is not as deep stays where it is."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from graphql_schema.compiler.operands import BadInput, Place

DEEPEST = 50
"""The deepest level that can be asked for."""

Column = sa.ColumnElement[Any]


def level(value: Any, place: Place) -> int:
    """1, the top, to 50. Raises BadInput."""
    if not 1 <= value <= DEEPEST:
        raise BadInput(f"a level is 1, the top of the tree, to {DEEPEST}", place)
    return int(value)


def rolled_up(path: Column, depth: Column) -> Column:
    """The place at a level above another, or that place itself. Total on any text."""
    slash = sa.literal_column("'/'", sa.Text())
    steps = sa.func.string_to_array(path, slash, type_=ARRAY(sa.Text()))
    deep = sa.func.cardinality(steps) - sa.literal_column("2")
    kept = steps[sa.literal_column("1") : sa.func.least(depth, deep) + sa.literal_column("1")]
    return sa.func.array_to_string(kept, slash, type_=sa.Text()).concat(slash)
