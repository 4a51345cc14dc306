"""What rights withdraw from the schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql_schema.aggregates.counted import counted
from graphql_schema.aggregates.members import Members
from graphql_schema.building import EntityTypes, upper_snake
from graphql_schema.entities import Entity, Graph
from graphql_schema.mutations.declaring import Mutation
from graphql_schema.searching.sought import sought
from graphql_schema.sight import readable
from policies.access import Access


@dataclass(frozen=True, slots=True)
class Closed:
    """Names of types, of elements by their type (fields, input fields, enum values), and of arguments."""

    types: frozenset[str] = frozenset()
    elements: frozenset[tuple[str, str]] = frozenset()
    arguments: frozenset[tuple[str, str]] = frozenset()
    """Optional ones, each by the type of the fields that take it."""

    def __or__(self, other: Closed) -> Closed:
        return Closed(self.types | other.types, self.elements | other.elements, self.arguments | other.arguments)


def closed(graph: Graph, types: Mapping[str, EntityTypes], mutations: Mapping[str, Mutation], access: Access) -> Closed:
    """What of the schema the access never shows, and never can do."""
    found = _roots(graph, access) | _undone(mutations, access) | _untold(graph, access)
    for computed in graph.computed:
        found |= computed.closed(graph, access) if computed.closed else Closed()
    for entity in graph:
        own = types[entity.name]
        visible = access.on(entity.resource).visible
        found |= _without(graph, access, entity, own) if visible else _unread(access, entity, own)
    return found


def _roots(graph: Graph, access: Access) -> Closed:
    gone = (name for name, computed in graph.roots.items() if not computed.shown(graph, access))
    return Closed(elements=frozenset(("Query", name) for name in gone))


def _untold(graph: Graph, access: Access) -> Closed:
    """The policy in force, where its status is never readable."""
    told = "status" in access.on(graph["PolicyVersion"].resource).readable
    return Closed() if told else Closed(elements=frozenset({("ViewerAccess", "policy")}))


def _undone(mutations: Mapping[str, Mutation], access: Access) -> Closed:
    """Mutations that are never possible, and what can never be set by those that are."""
    gone = frozenset(("Mutation", name) for name, each in mutations.items() if not each.possible(access))
    unset = (element for each in mutations.values() for element in each.closed(access))
    return Closed(elements=gone | frozenset(unset))


def _without(graph: Graph, access: Access, entity: Entity, own: EntityTypes) -> Closed:
    """The members of a visible entity that are never readable, in each of its types."""
    gone = [name for name, member in entity.members.items() if not readable(graph, access, entity, member)]
    elements = frozenset(element for name in gone for element in _elements(own, name))
    is_searched = bool(sought(access, entity.resource))
    return Closed(
        elements=elements, arguments=frozenset() if is_searched else frozenset({(own.connection.__name__, "search")})
    )


def _unread(access: Access, entity: Entity, own: EntityTypes) -> Closed:
    """An entity whose rows are not seen; where they are counted, filters by what they are found by are left."""
    told, where = counted(access, Members(entity)), own.where.__name__
    if told is None or not told.filters:
        return Closed(own.names)
    gone = {"OR", "NOT", "eq", "in", "isNull", *entity.members} - told.filters
    return Closed(own.names - {where}, frozenset((where, name) for name in gone))


def _elements(own: EntityTypes, member: str) -> Iterable[tuple[str, str]]:
    yield own.object.__name__, member
    yield own.where.__name__, member
    if own.order_field is not None:
        yield own.order_field.__name__, upper_snake(member)
