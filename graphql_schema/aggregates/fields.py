"""The fields that aggregates add to the graph: `thingsAggregate` of Query, and one beside each list of an entity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from graphql_schema.aggregates.answering import AT_ROOT, INSIDE, answer
from graphql_schema.aggregates.counted import Counted, counted
from graphql_schema.aggregates.members import Members
from graphql_schema.aggregates.types import aggregate_types, arguments, names_of
from graphql_schema.building import EntityTypes, upper_snake, words
from graphql_schema.entities import Computed, Entity, Graph, Many
from graphql_schema.making import Part, maybe
from graphql_schema.sight import readable
from graphql_schema.tailoring.closed import Closed
from policies.access import Access
from policies.catalogue import Relation

Entities = Mapping[str, Entity]


def with_aggregates(entities: Entities) -> dict[str, Entity]:
    """The same entities, with an aggregate beside each list."""
    found: dict[str, Entity] = {}
    for name, entity in entities.items():
        lists = (_beside(member.relation, entities) for member in entity.members.values() if isinstance(member, Many))
        found[name] = replace(entity, computed=(*entity.computed, *lists))
    return found


def roots(entities: Entities) -> tuple[Computed, ...]:
    """The aggregates of all rows in view: fields of Query."""
    return tuple(_at_root(entity, entities) for entity in entities.values())


def _part(name: str, doc: str, of: str, entities: Entities, sizes: tuple[int, int]) -> Callable[[Types], Part]:
    def part(types: Types) -> Part:
        own = aggregate_types(entities, types)[of]
        return Part(name, maybe(own.aggregate), doc, arguments(own, types[of].where, *sizes))

    return part


Types = Mapping[str, EntityTypes]


def _at_root(entity: Entity, entities: Entities) -> Computed:
    name, doc = f"{entity.plural}Aggregate", f"Groups of all {words(entity.plural)} in view, with their measures."
    return Computed(
        name,
        _part(name, doc, entity.name, entities, AT_ROOT),
        lambda reader, selected, _: answer(reader, reader.graph[entity.name], selected),
        lambda graph, access: _is_told(access, graph[entity.name]),
        lambda graph, access: _closed(graph, access, graph[entity.name]),
        most=AT_ROOT[0],
        size=AT_ROOT[1],
    )


def _is_told(access: Access, entity: Entity) -> bool:
    """Whether rows are read, or counted at least."""
    return access.on(entity.resource).visible or counted(access, Members(entity)) is not None


def _beside(relation: Relation, entities: Entities) -> Computed:
    name, doc = f"{relation.name}Aggregate", f"Groups of the {words(relation.name)} in view, with their measures."
    return Computed(
        name,
        _part(name, doc, relation.target, entities, INSIDE),
        lambda reader, selected, row: answer(reader, reader.graph[relation.target], selected, relation, row),
        lambda graph, access: _leads(graph, access, relation),
        most=INSIDE[0],
        size=INSIDE[1],
    )


def _leads(graph: Graph, access: Access, relation: Relation) -> bool:
    """Whether a list ever holds anything."""
    target = graph[relation.target]
    return readable(graph, access, target, Many(relation))


def _closed(graph: Graph, access: Access, entity: Entity) -> Closed:
    """What an access never shows of an entity's aggregates."""
    names = names_of(entity.name)
    if not access.on(entity.resource).visible:
        told = counted(access, Members(entity))
        return Closed(frozenset(names.values())) if told is None else _not_counted(told, names)
    gone = {name for name, member in entity.members.items() if not readable(graph, access, entity, member)}
    return Closed(elements=frozenset(_elements(Members(entity), names, gone)))


def _not_counted(told: Counted, names: Mapping[str, str]) -> Closed:
    """What is not told of rows that are only counted: no more than values that make groups, sums and averages."""
    found = [(names["group"], name) for name in told.members.lists]
    found.append((names["group_by"], "timeZone"))
    for name in told.members.entity.members:
        if name not in told.keys:
            found.append((names["keys"], name))
        if name not in told.measures:
            found.append((names["numbers"], name))
        if name not in told.keys | told.measures:
            found.append((names["field"], upper_snake(name)))
    return Closed(frozenset(names[what] for what in ("measures", "ordered", "distinct")), frozenset(found))


def _elements(members: Members, names: Mapping[str, str], gone: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in gone:
        yield from ((names[what], name) for what in ("keys", "numbers", "ordered", "distinct"))
        yield names["field"], upper_snake(name)
        if name in members.lists:
            yield names["group"], name
