"""What a grant shape can ever see of an entity: told from its rights alone, never from data."""

from __future__ import annotations

from graphql_schema.entities import Amount, Computed, Entity, Graph, Many, Member, One, Subject, Value
from policies.access import Access
from policies.catalogue import Relation


def readable(graph: Graph, access: Access, entity: Entity, member: Member) -> bool:
    """Whether a member shows anything on any row, ever."""
    if isinstance(member, (Value, Amount)):
        return member.field.name in access.on(entity.resource).readable
    if isinstance(member, (One, Many)):
        return _leads(graph, access, entity, member.relation)
    if isinstance(member, Subject):
        return any(_leads(graph, access, entity, relation) for relation in member.relations.values())
    return not isinstance(member, Computed) or member.shown(graph, access)


def _leads(graph: Graph, access: Access, entity: Entity, relation: Relation) -> bool:
    """Whether the other side is ever seen, and all fields that the relation rests on are."""
    target = graph[relation.target].resource
    holder = target if relation.many else entity.resource
    return access.on(target).visible and access.on(holder).readable.issuperset(relation.fields)
