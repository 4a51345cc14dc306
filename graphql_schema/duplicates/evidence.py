"""On what the score of a pair rests, as far as the caller sees it: of fields that are plain on both customers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from app.services.duplicates.likeness import MEASURES
from graphql_schema.compiler.parts import TYPENAME, Needs, few
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from policies.predicates import Row, companion, literal
from policies.states import STATE, State

Column = sa.ColumnElement[Any]

ADDRESS = ("line1", "postalCode")
"""What is compared of addresses; where these are plain on every address, what comes of it is told."""


def evidence(reader: Reader, selected: Selected, document: Column, one: Column, other: Column) -> Column:
    """The JSON of what a document of evidence tells of two customers; of whatever is no such document, an empty list."""
    is_list = sa.func.jsonb_typeof(_get(document, "fields")) == literal("array")
    fields = sa.case((is_list, _get(document, "fields")), else_=sa.literal_column("'[]'::jsonb", JSONB()))
    each = sa.func.jsonb_array_elements(fields).table_valued(
        sa.column("value", JSONB()), with_ordinality="n", name=reader.name("e")
    )
    rows = each.render_derived()
    name, likeness = rows.c.value.op("->>", return_type=sa.Text())(literal("field")), _likeness(rows.c.value)
    values = {"field": name, "likeness": likeness, TYPENAME: literal("DuplicateEvidence")}
    told = few([(item, values[item.name]) for item in selected.children()])
    left, right = (_states(reader, customer) for customer in (one, other))
    plain = sa.or_(sa.false(), *_plain(reader, name, left.c, right.c))
    found = (
        sa.select(sa.func.json_agg(aggregate_order_by(told, rows.c.n)))
        .select_from(rows.join(left, sa.true()).join(right, sa.true()))
        .where(plain, likeness.is_not(None))
        .correlate_except(rows, left, right)
    )
    return sa.func.coalesce(found.scalar_subquery(), sa.literal_column("'[]'::json"), type_=sa.JSON())


def _get(document: Column, key: str) -> Column:
    return document.op("->", return_type=JSONB())(literal(key))


def _likeness(item: Column) -> Column:
    """A whole number from 0 to 100; NULL where there is none."""
    said = item.op("->>", return_type=sa.Text())(literal("likeness"))
    return sa.case((said.op("~")(sa.literal_column("'^(100|[0-9]{1,2})$'")), sa.cast(said, sa.Integer())))


def _states(reader: Reader, customer: Column) -> sa.FromClause:
    """The row of a customer in view, with the states of what is compared of it."""
    entity = reader.graph["Customer"]
    on = reader.access.on(entity.resource)
    depending = {name for name in MEASURES if name in entity.resource.fields and on.state(name) is None}
    view = reader.view(entity.resource, Needs(states=depending))
    found = sa.select(view).where(view.c.id == customer).correlate_except(view)
    return found.lateral(reader.name("s"))


def _plain(reader: Reader, name: Column, one: Row, other: Row) -> Iterator[Column]:
    customers = reader.graph["Customer"].resource
    on = reader.access.on(customers)
    for field in MEASURES:
        if field not in customers.fields:
            addresses = reader.access.on(reader.graph["Address"].resource)
            if all(addresses.state(part) is State.PLAIN for part in ADDRESS):
                yield name == literal(field)
        elif on.state(field) is State.PLAIN:
            yield name == literal(field)
        elif on.state(field) is None:
            state = companion(customers.fields[field].column.name, STATE)
            yield sa.and_(name == literal(field), *(row[state] == literal(State.PLAIN.value) for row in (one, other)))
