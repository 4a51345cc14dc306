"""Root fields → expressions: one row, a list, `node`, `nodes`, `viewer`, and what subscriptions tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.connections import connection
from graphql_schema.compiler.converting import PAGE_LIMIT, customer_of, key_of, node_id
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.parts import Stamped
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.standing import viewer_access
from graphql_schema.compiler.viewer import viewer
from graphql_schema.entities import Computed, Entity
from policies.predicates import Row, bound

Column = sa.ColumnElement[Any]


def root(reader: Reader, selected: Selected) -> Column:
    """The JSON of a field of Query, or of Subscription.

    Raises BadInput or NotReadable for arguments that cannot be answered.
    """
    graph = reader.graph
    if selected.name in graph.plurals:
        return connection(reader, graph.plurals[selected.name], selected)
    if selected.name in graph.singles:
        return _by_id(reader, graph.singles[selected.name], selected, selected.children())
    found = graph.roots.get(selected.name)
    if isinstance(found, Computed):
        return found.compile(reader, selected, None)
    return _OTHERS[selected.name](reader, selected)


def _id(selected: Selected, name: str) -> tuple[Leaf, Place]:
    leaf = selected.arguments[name]
    assert isinstance(leaf, Leaf)
    return leaf, (*selected.place, name)


def _by_id(reader: Reader, entity: Entity, selected: Selected, children: Sequence[Selected]) -> Column:
    if entity.as_of is not None and selected.arguments.get("asOf") is not None:
        return entity.as_of(reader, entity, selected)
    leaf, place = _id(selected, "id")
    key = bound(Converted(leaf.operand, key_of(entity), place), sa.Uuid())
    if entity.resource.owned:
        customer = bound(Converted(leaf.operand, customer_of(entity), place), sa.Uuid())
        return reader.one(
            entity,
            children,
            lambda row: sa.and_(row["customer_id"] == customer, row["id"] == key),
            lambda row: Stamped(row, "customer_id", customer),
        )
    return reader.one(entity, children, lambda row: row["id"] == key, lambda row: Stamped(row, "id", key))


def _node(reader: Reader, selected: Selected) -> Column:
    leaf, place = _id(selected, "id")
    found = _of_tag(reader, selected, node_id(leaf.value, place).tag)
    if found is None:
        return sa.cast(sa.null(), sa.JSON())
    entity, children = found
    return _by_id(reader, entity, selected, children)


def _of_tag(reader: Reader, selected: Selected, tag: int) -> tuple[Entity, list[Selected]] | None:
    """The entity of a tag, and what is asked of it; None where the caller's schema has none."""
    entity = reader.graph.by_tag.get(tag)
    type_ = selected.operation.object_type(entity.name) if entity else None
    return (entity, selected.children(type_)) if entity and type_ else None


def _tags(values: Any, place: Place) -> list[int]:
    return [node_id(value, place).tag for value in values]


def _keys(values: Any, place: Place) -> list[Any]:
    return [node_id(value, place).key for value in values]


def _customers(values: Any, place: Place) -> list[Any]:
    return [node_id(value, place).customer for value in values]


def _nodes(reader: Reader, selected: Selected) -> Column:
    """Each id's row, in the order of the ids: one lookup for each type that occurs among them."""
    leaf, place = _id(selected, "ids")
    if len(leaf.value) > PAGE_LIMIT:
        raise BadInput(f"at most {PAGE_LIMIT} ids", place)
    parts = ((_tags, sa.Integer()), (_customers, sa.Uuid()), (_keys, sa.Uuid()))
    arrays = [bound(Converted(leaf.operand, convert, place), ARRAY(type_)) for convert, type_ in parts]
    asked = (
        sa.func.unnest(*arrays)
        .table_valued("tag", "customer", "key", with_ordinality="position", name=reader.name("u"))
        .render_derived()
    )
    whens = [
        (asked.c.tag == sa.literal_column(str(tag)), _row_of(reader, *of_tag, asked))
        for tag in sorted(set(_tags(leaf.value, place)))
        if (of_tag := _of_tag(reader, selected, tag))
    ]
    found = sa.case(*whens) if whens else sa.cast(sa.null(), sa.JSON())
    value = sa.func.coalesce(found, sa.literal_column("'null'::json"), type_=sa.JSON())
    rows = sa.func.json_agg(aggregate_order_by(value, asked.c.position))
    collected = sa.select(rows).select_from(asked).correlate_except(asked).scalar_subquery()
    return sa.func.coalesce(collected, sa.literal_column("'[]'::json"), type_=sa.JSON())


def _row_of(reader: Reader, entity: Entity, children: Sequence[Selected], asked: Any) -> Column:
    def joined(row: Row) -> Column:
        key = row["id"] == sa.cast(asked.c.key, sa.Uuid())
        owner = sa.cast(asked.c.customer, sa.Uuid())
        return sa.and_(row["customer_id"] == owner if entity.resource.owned else owner.is_(None), key)

    return reader.one(entity, children, joined)


def _viewer_access(reader: Reader, selected: Selected) -> Column:
    return viewer_access(reader, selected, viewer)


_OTHERS = {"node": _node, "nodes": _nodes, "viewer": viewer, "viewerAccessChanged": _viewer_access}
