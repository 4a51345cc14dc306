"""Single rows picked from a customer's lists: the last order, the next task, the latest score of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on

from graphql_schema.compiler.parts import below, needed
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.overview.figures import Figure, Form
from policies.predicates import Compiler, Reading, Row, joins

Column = sa.ColumnElement[Any]


def _rows(reader: Reader, figure: Figure, selected: Sequence[Selected], here: Row) -> tuple[sa.Subquery, Column]:
    """A view of the rows that there are to pick from, and which of them may be picked."""
    entity, relation = figure.entity(reader.graph), figure.relation(reader.graph)
    needs = needed(entity, selected, reader.access)
    needs.fields |= {*relation.fields, *figure.fields(reader.graph)}
    view = reader.view(entity.resource, needs)
    compiler = Compiler(reader.graph.catalogue, reader.rows, Reading.ASKED)
    holds = compiler.predicate(figure.among, entity.resource, view.c)
    timed = view.c[_column(reader, figure, figure.moment)].is_not(None)
    return view, sa.and_(joins(relation, here, view.c), holds, timed)


def _column(reader: Reader, figure: Figure, field: str) -> str:
    return figure.entity(reader.graph).resource.fields[field].column.name


def picked(reader: Reader, figure: Figure, selected: Sequence[Selected], here: Row) -> Column:
    """The JSON of the row with the latest moment, or the earliest; NULL where there is none."""
    view, holds = _rows(reader, figure, selected, here)
    moment = view.c[_column(reader, figure, figure.moment)]
    early = figure.form is Form.EARLIEST
    order = (moment.asc(), view.c.id.asc()) if early else (moment.desc(), view.c.id.desc())
    columns = reader.columns(figure.entity(reader.graph), selected, below(here, figure.relation(reader.graph), view.c))
    found = sa.select(*columns).select_from(view).where(holds).order_by(*order).limit(sa.literal_column("1"))
    return reader.json(found.correlate_except(view))


def picked_of_each(reader: Reader, figure: Figure, selected: Sequence[Selected], here: Row) -> Column:
    """The JSON of a list: for each value of a field the row with the latest moment, in the order of the values."""
    view, holds = _rows(reader, figure, selected, here)
    by, moment = (view.c[_column(reader, figure, name)] for name in (figure.by, figure.moment))
    latest = (
        sa.select(view)
        .where(holds, by.is_not(None))
        .order_by(by, moment.desc(), view.c.id.desc())
        .ext(distinct_on(by))
        .correlate_except(view)
        .subquery(reader.name("l"))
    )
    entity, relation = figure.entity(reader.graph), figure.relation(reader.graph)
    columns = reader.columns(entity, selected, below(here, relation, latest.c))
    rows = sa.func.json_agg(aggregate_order_by(reader.object(columns), latest.c[by.name]))
    found = sa.select(rows).select_from(latest)
    return sa.func.coalesce(
        found.correlate_except(latest).scalar_subquery(), sa.literal_column("'[]'::json"), type_=sa.JSON()
    )
