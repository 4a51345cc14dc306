"""Laws of every entity: all that can be granted is shown, walked, filtered and ordered by, under an id that lasts."""

from __future__ import annotations

import json
from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
)

from app.models.extending import fields_of
from graphql_schema.entities import Amount, Computed, Many, One, Subject, Value
from graphql_schema.types import GRAPH
from policies.catalogue import DataClass, Kind
from tests.graphql_schema.parts import CORE, object_

GOLDEN = Path(__file__).parent / "golden"
NOT_SHOWN = {f"Customer.{name}" for name in ("custom", *fields_of(GRAPH["Customer"].resource).values())} - {
    "Customer.customSecret"
}
"""Fields of a class that can be granted, which the graph does not show but key by key."""


def test_every_field_that_can_be_granted_is_shown() -> None:
    missing = set()
    for entity in GRAPH:
        resource = entity.resource
        shown = {held.name for held in entity.fields.values()} | {"id"}
        edges = {
            name
            for member in entity.members.values()
            if isinstance(member, (One, Many))
            for name in member.relation.fields
        }
        edges |= {
            name
            for member in entity.members.values()
            if isinstance(member, Subject)
            for relation in member.relations.values()
            for name in relation.fields
        }
        for name, field in resource.fields.items():
            if field.spec.data_class is not DataClass.SECRET and name not in shown | edges:
                missing.add(f"{entity.name}.{name}")
    assert missing == NOT_SHOWN


def test_every_edge_can_be_walked_both_ways() -> None:
    """Each relation of the catalogue is shown, and so is the one that leads back."""
    one_way = set()
    for entity in GRAPH:
        shown = {member.relation.name for member in entity.members.values() if isinstance(member, (One, Many))}
        for member in entity.members.values():
            if isinstance(member, Subject):
                shown |= {relation.name for relation in member.relations.values()}
        one_way |= {f"{entity.name}.{name}" for name in entity.resource.relations if name not in shown}
        for relation in entity.resource.relations.values():
            back = [
                other
                for other in GRAPH.catalogue[relation.target].relations.values()
                if other.target == entity.name
                and other.many is not relation.many
                and (other.field, {pair[::-1] for pair in other.pairs}) == (relation.field, set(relation.pairs))
            ]
            if len(back) != 1:
                one_way.add(f"{entity.name}.{relation.name}")
    assert one_way == set()


def test_every_value_can_be_filtered_and_every_bounded_one_ordered_by() -> None:
    for entity in GRAPH:
        where = CORE.type_map[f"{entity.name}Where"]
        assert isinstance(where, GraphQLInputObjectType)
        filtered = {
            name
            for name, member in entity.members.items()
            if not isinstance(member, Subject)
            and not (isinstance(member, Computed) and member.filtering is None)
            and name != "access"
            and not (isinstance(member, Value) and member.field.spec.kind is Kind.JSON)
        }
        assert set(where.fields) == filtered | {"AND", "OR", "NOT", "eq", "in", "isNull"}
        order = CORE.type_map[f"{entity.name}OrderField"]
        assert isinstance(order, GraphQLEnumType)
        assert len(order.values) == len(entity.sortable)
        plain = {name for name, member in entity.members.items() if isinstance(member, (Value, Amount))}
        assert set(entity.sortable) <= plain


def test_masked_and_withheld_name_fields_of_the_type() -> None:
    for entity in GRAPH:
        assert set(entity.fields) <= set(object_(entity.name).fields)


def test_tags_are_unique_and_never_change() -> None:
    tags = {entity.name: entity.tag for entity in GRAPH}
    assert len(set(tags.values())) == len(tags)
    assert set(tags.values()) <= set(range(1, 256))
    frozen = json.loads((GOLDEN / "tags.json").read_text())
    assert {name: tags.get(name) for name in frozen} == frozen, "ids that clients keep would change"
    assert tags == frozen, "add the new type's tag to golden/tags.json"


def test_every_entity_is_a_node() -> None:
    node = CORE.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {type_.name for type_ in CORE.get_possible_types(node)} == {entity.name for entity in GRAPH}
