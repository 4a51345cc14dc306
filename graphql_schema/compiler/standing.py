"""`viewerAccessChanged` → an expression: the time, who asks, and the policy in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from graphql_schema.compiler.parts import TYPENAME, needed
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from policies.predicates import literal

Column = sa.ColumnElement[Any]


def viewer_access(reader: Reader, selected: Selected, viewer: Callable[[Reader, Selected], Column]) -> Column:
    """The JSON of the caller's rights as they are now; `viewer` compiles who asks."""

    def value(item: Selected) -> Column:
        if item.name == TYPENAME:
            return literal("ViewerAccess")
        if item.name == "at":
            return sa.func.now()
        return viewer(reader, item) if item.name == "viewer" else _policy(reader, item.children())

    return reader.object([value(item).label(item.key) for item in selected.children()])


def _policy(reader: Reader, selected: Sequence[Selected]) -> Column:
    """The JSON of the version in force, or NULL where it is not in view."""
    versions = reader.graph["PolicyVersion"]
    needs = needed(versions, selected, reader.access)
    needs.fields.add("status")
    view = reader.view(versions.resource, needs)
    found = sa.select(*reader.columns(versions, selected, view.c)).select_from(view).correlate_except(view)
    return reader.json(found.where(view.c.status == literal("ACTIVE")))
