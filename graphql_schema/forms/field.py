"""`formSchema`: its JSON, and of which entities it tells a caller anything."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.services.messages import ENGLISH
from graphql_schema.building import upper_snake
from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.operands import LANGUAGE, Converted, Place
from graphql_schema.compiler.parts import TYPENAME
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Entity, Graph
from graphql_schema.forms import custom
from graphql_schema.forms.facts import Facts
from graphql_schema.forms.types import ENTITY, SCHEMA, part
from graphql_schema.tailoring.closed import Closed
from policies.access import Access
from policies.document import Action
from policies.predicates import Row, bound
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]


def _compile(reader: Reader, selected: Selected, _row: Row | None) -> Column:
    asked = selected.arguments["entity"]
    assert isinstance(asked, Leaf)
    entity = reader.graph[asked.value.value]
    if not _tells(reader.access, entity):
        return sa.cast(sa.null(), sa.JSON())
    parts = {TYPENAME: lambda _: constant(SCHEMA), "entity": lambda _: constant(entity.name)}
    parts["fields"] = lambda item: _fields(reader, entity, item)
    return reader.object([parts[item.name](item).label(item.key) for item in selected.children()])


def _tells(access: Access, entity: Entity) -> bool:
    """Whether there is anything that a caller may see of records of an entity, or set in them."""
    ways = (way for action in (Action.CREATE, Action.UPDATE) for way in access.ways(action, entity.resource))
    return access.on(entity.resource).visible or any(way.possible for way in ways)


def _fields(reader: Reader, entity: Entity, item: Selected) -> Column:
    """All fields as a list: those of columns as they stand, those that are custom by key."""
    asked = item.children()
    shipped = _shipped(reader, entity, asked, item.place)
    classes = custom.classes(reader.access, entity)
    if not classes.all:
        return shipped
    listed = sa.func.json_array_elements(shipped).table_valued(
        sa.column("value", sa.JSON()), with_ordinality="n", name=reader.name("f")
    )
    each = listed.render_derived()
    own = custom.fields(reader, entity, asked, classes).subquery(reader.name("c"))
    both = sa.union_all(
        sa.select(sa.literal_column("0").label("part"), each.c.n, each.c.value),
        sa.select(sa.literal_column("1"), own.c.n, own.c.value),
    ).subquery(reader.name("u"))
    found = sa.func.json_agg(aggregate_order_by(both.c.value, both.c.part, both.c.n))
    return sa.func.coalesce(
        sa.select(found).select_from(both).scalar_subquery(), sa.literal_column("'[]'::json"), type_=sa.JSON()
    )


def _shipped(reader: Reader, entity: Entity, asked: Sequence[Selected], place: Place) -> Column:
    """The fields of columns as JSON, in the language that the request says: one text for each."""
    known = Facts(reader.graph, reader.access, entity)
    shapes = [(item.key, item.name, [(inner.key, inner.name) for inner in _inside(item)]) for item in asked]

    @cache
    def written(language: str) -> str:
        every = (known.of(name, language) for name in known.members)
        return orjson.dumps(
            [{key: _shaped(each[name], inside) for key, name, inside in shapes} for each in every]
        ).decode()

    text = bound(Converted(LANGUAGE, lambda language, _place: written(language or ENGLISH), place), sa.Text())
    return sa.cast(text, sa.JSON())


def _inside(item: Selected) -> Sequence[Selected]:
    return item.children() if item.name == "options" else ()


def _shaped(value: Any, inside: Sequence[tuple[str, str]]) -> Any:
    """A value; of options, what is asked of each."""
    return [{key: each[name] for key, name in inside} for each in value] if inside and value is not None else value


def _shown(graph: Graph, access: Access) -> bool:
    return any(_tells(access, entity) for entity in graph)


def _closed(graph: Graph, access: Access) -> Closed:
    silent = (entity for entity in graph if not _tells(access, entity))
    return Closed(elements=frozenset((ENTITY, upper_snake(entity.name)) for entity in silent))


ROOTS = (Computed("formSchema", part, _compile, _shown, _closed),)
