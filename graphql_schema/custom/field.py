"""`customFields` of an entity."""

from __future__ import annotations

from app.models.catalogue import CATALOGUE
from app.models.extending import COLUMNS, CUSTOM, fields_of
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.custom.filtering import filtering
from graphql_schema.custom.reading import DEFINITION, Column, custom_fields
from graphql_schema.custom.types import FIELD
from graphql_schema.entities import Computed, Graph
from policies.access import Access
from policies.predicates import Row


def computed(entity: str) -> Computed:
    """The custom fields of an entity whose table has such."""
    resource = CATALOGUE[entity]
    fields = tuple(fields_of(resource).values())

    def json(reader: Reader, selected: Selected, row: Row | None) -> Column:
        assert row is not None
        return custom_fields(reader, selected, row, entity, COLUMNS.values())

    def shown(_graph: Graph, access: Access) -> bool:
        return access.on(DEFINITION).visible and bool(access.on(resource).readable & set(fields))

    return Computed(
        CUSTOM,
        lambda _types: FIELD,
        json,
        shown,
        fields=frozenset(fields),
        cost=2,
        filtering=filtering(entity, fields),
    )
