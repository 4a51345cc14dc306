"""`Customer.overview`: its JSON, and what of it an access ever sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from graphql_schema.compiler.parts import TYPENAME
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Graph
from graphql_schema.overview.counting import Count
from graphql_schema.overview.figures import ALL, FIGURES, Figure, Form
from graphql_schema.overview.picking import picked, picked_of_each
from graphql_schema.overview.types import OVERVIEW, part
from graphql_schema.tailoring.closed import Closed
from policies.access import Access
from policies.predicates import Row
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

PICKED = (Form.LATEST, Form.EARLIEST, Form.LATEST_OF_EACH)


def _json(reader: Reader, selected: Selected, here: Row | None) -> Column:
    assert here is not None
    parts = selected.children()
    counts = list(_counts(reader, parts, here))
    counted = {item.key: count.row.c[item.key] for count in counts for item, _ in count.asked}
    columns = [
        counted[item.key] if item.key in counted else _single(reader, item, here).label(item.key) for item in parts
    ]
    rows = [count.row for count in counts]
    return reader.json(sa.select(*columns).select_from(*rows).correlate_except(*rows or (None,)))


def _counts(reader: Reader, parts: list[Selected], here: Row) -> Iterator[Count]:
    """Those parts that are counted, together by the list that they are counted in."""
    found: dict[str, list[tuple[Selected, Figure]]] = {}
    for item in parts:
        figure = FIGURES.get(item.name)
        if figure is not None and figure.form not in PICKED and figure.seen(reader.graph, reader.access):
            found.setdefault(figure.list, []).append((item, figure))
    return (Count(reader, asked, here) for asked in found.values())


def _single(reader: Reader, item: Selected, here: Row) -> Column:
    """A part that is not counted: a row, rows, or nothing where what it rests on is never seen."""
    if item.name == TYPENAME:
        return constant(OVERVIEW)
    figure = FIGURES[item.name]
    if not figure.seen(reader.graph, reader.access):
        return sa.cast(sa.null(), sa.JSON())
    pick = picked_of_each if figure.form is Form.LATEST_OF_EACH else picked
    return pick(reader, figure, item.children(), here)


def _shown(graph: Graph, access: Access) -> bool:
    return any(figure.seen(graph, access) for figure in ALL)


def _closed(graph: Graph, access: Access) -> Closed:
    return Closed(elements=frozenset((OVERVIEW, figure.name) for figure in ALL if not figure.seen(graph, access)))


CUSTOMER_OVERVIEW = Computed("overview", part, _json, _shown, _closed)
"""A customer at a glance."""
