"""Declarations: what of a table the graph shows. What is not named is not shown."""

from __future__ import annotations

from app.models.base import Base
from app.models.catalogue import CATALOGUE
from graphql_schema.entities import Computed, Entity
from policies.catalogue import camel

DECLARED: dict[str, Entity] = {}


def declare(
    model: type[Base],
    *,
    tag: int,
    values: str,
    one: str = "",
    many: str = "",
    computed: tuple[Computed, ...] = (),
) -> Entity:
    """Shows a table in the graph: its values, single relations and lists, by name, and what is computed of a row.

    `tag` (1 to 255) stands in every id of this type; it is never changed and never used again.

    Raises ValueError for a tag or table declared twice, KeyError for a name that the model lacks.
    """
    resource = CATALOGUE[model.__name__]
    single = camel(resource.name[0].lower() + resource.name[1:])
    entity = Entity(
        resource=resource,
        tag=tag,
        single=single,
        plural=camel(resource.table.name),
        description=(model.__doc__ or "").strip(),
        shown=(*values.split(), *one.split(), *many.split()),
        computed=computed,
    )
    if resource.name in DECLARED or any(other.tag == tag for other in DECLARED.values()):
        raise ValueError(f"{resource.name}: the table or its tag {tag} is declared twice")
    _ = entity.members
    DECLARED[resource.name] = entity
    return entity
