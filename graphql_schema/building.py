"""Entities → Strawberry types: object, connection, edge, `where`, `orderBy`."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

import strawberry

from graphql_schema.common import Access, Money, Node, NullsOrder, OrderDirection
from graphql_schema.entities import Amount, Computed, Entity, Graph, Key, Many, Member, One, Subject, Value
from graphql_schema.filters import FILTERS, enum_type, filter_of
from graphql_schema.listing import fill_connection
from graphql_schema.making import REQUIRED, Part, empty, fill_input, fill_type, listed, maybe, name_enum, union
from graphql_schema.scalars import (
    JSON,
    CountryCode,
    CurrencyCode,
    Date,
    DateTime,
    EmailAddress,
    Exact,
    PhoneNumber,
)
from policies.catalogue import Field, Kind

_KINDS: dict[Kind, Any] = {
    Kind.TEXT: str,
    Kind.TREE: str,
    Kind.INTEGER: int,
    Kind.DECIMAL: Exact,
    Kind.BOOLEAN: bool,
    Kind.TIME: DateTime,
    Kind.DATE: Date,
    Kind.JSON: JSON,
}
_SCALARS: dict[str, Any] = {
    "EmailAddress": EmailAddress,
    "PhoneNumber": PhoneNumber,
    "CurrencyCode": CurrencyCode,
    "CountryCode": CountryCode,
}


SEARCH = "Only where words seen plain begin with each of these: at most ten, of 200 characters together."


@dataclass(frozen=True)
class EntityTypes:
    """The classes of one entity."""

    object: type
    edge: type
    connection: type
    where: type
    order: type
    order_field: type[Enum] | None
    searched: bool
    """Whether a list takes `search`."""

    @property
    def names(self) -> frozenset[str]:
        """The names that they have in the schema."""
        made = (getattr(self, part.name) for part in fields(self))
        return frozenset(of.__name__ for of in made if isinstance(of, type))


def output_type(field: Field) -> Any:
    """The annotation of a value's field; nullable, since any value may be hidden."""
    if field.spec.enum is not None:
        return maybe(enum_type(field.spec.enum))
    return maybe(_SCALARS.get(field.spec.scalar or "", _KINDS[field.spec.kind]))


def upper_snake(name: str) -> str:
    """`displayName` → `DISPLAY_NAME`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])", "_", name).upper()


def words(name: str) -> str:
    """`orderLines` → `order lines`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def _order_field(entity: Entity) -> type[Enum] | None:
    members = {upper_snake(name): name for name in entity.sortable}
    if not members:
        return None
    by_name = {name: field.doc for name, field in entity.sortable.items()}
    title = f"{entity.name}OrderField"
    return name_enum(
        title, members, f"What a list of {words(entity.plural)} can be ordered by.", lambda m: by_name[m.value]
    )


def build(graph: Graph) -> dict[str, EntityTypes]:
    """The types of all entities, by entity."""
    made = {
        entity.name: EntityTypes(
            empty(entity.name, Node),
            empty(f"{entity.name}Edge"),
            empty(f"{entity.name}Connection"),
            empty(f"{entity.name}Where"),
            empty(f"{entity.name}Order"),
            _order_field(entity),
            bool(entity.resource.searched),
        )
        for entity in graph
    }
    for entity in graph:
        _fill(entity, made)
    return made


def _fill(entity: Entity, made: dict[str, EntityTypes]) -> None:
    own = made[entity.name]
    fill_type(own.object, entity.description, [_field(name, m, entity, made) for name, m in entity.members.items()])
    fill_connection(own.edge, own.connection, own.object, words(entity.plural))
    fill_input(own.where, f"Conditions on {words(entity.plural)}; all that are given must hold.", _where(entity, made))
    fill_input(own.order, f"One step of an order of {words(entity.plural)}.", _order(own))


def _field(name: str, member: Member, entity: Entity, made: dict[str, EntityTypes]) -> Part:
    if isinstance(member, Key):
        return Part(name, strawberry.ID, "Opaque, unique across all types.")
    if isinstance(member, Value):
        return Part(name, output_type(member.field), member.field.doc)
    if isinstance(member, Amount):
        return Part(name, maybe(Money), member.field.doc)
    if isinstance(member, One):
        doc = entity.resource.fields[member.relation.field].doc
        return Part(name, maybe(made[member.relation.target].object), doc)
    if isinstance(member, Many):
        target = made[member.relation.target]
        return Part(name, target.connection, f"The {words(name)} in view.", list_arguments(target, 10))
    if isinstance(member, Subject):
        return Part(name, maybe(_union(entity, name, member, made)), "What it is about.")
    if isinstance(member, Computed):
        return member.part(made)
    return Part(name, Access, "What the caller sees of this.")


def _union(entity: Entity, name: str, member: Subject, made: dict[str, EntityTypes]) -> Any:
    types = tuple(made[relation.target].object for relation in member.relations.values())
    title = f"{entity.name}{name[:1].upper()}{name[1:]}"
    return union(types, title, description=f"What {words(entity.plural)} can be about.")


def list_arguments(of: EntityTypes, default: int) -> tuple[Part, ...]:
    """The arguments of a connection."""
    search = Part("search", maybe(str), SEARCH)
    return (
        Part("first", maybe(int), f"How many, from the start: 1 to 100, {default} where nothing is said."),
        Part("after", maybe(str), "Only what comes after this cursor."),
        Part("last", maybe(int), "How many, from the end: 1 to 100."),
        Part("before", maybe(str), "Only what comes before this cursor."),
        Part("where", maybe(of.where), "Only what meets these conditions."),
        *((search,) if of.searched else ()),
        Part("orderBy", maybe(listed(of.order)), "The order, most important first; the key comes last."),
    )


def _where(entity: Entity, made: dict[str, EntityTypes]) -> list[Part]:
    where: Any = made[entity.name].where
    parts = [
        Part("AND", maybe(listed(where)), "All of these hold."),
        Part("OR", maybe(listed(where)), "One of these holds. An empty list finds nothing."),
        Part("NOT", maybe(where), "This does not hold."),
        Part("eq", maybe(strawberry.ID), "It is the one with this id."),
        Part("in", maybe(listed(strawberry.ID)), "It is one of those with these ids."),
        Part("isNull", maybe(bool), "Whether there is none in view; asked of a single relation itself, nowhere else."),
    ]
    for name, member in entity.members.items():
        part = _condition(name, member, entity, made)
        if part is not None:
            parts.append(part)
    return parts


def _condition(name: str, member: Member, entity: Entity, made: dict[str, EntityTypes]) -> Part | None:
    if isinstance(member, Key):
        return Part(name, maybe(FILTERS[Kind.ID]), "The id.")
    if isinstance(member, (Value, Amount)) and member.field.spec.kind is not Kind.JSON:
        return Part(name, maybe(filter_of(member.field)), member.field.doc)
    if isinstance(member, One):
        doc = entity.resource.fields[member.relation.field].doc
        return Part(name, maybe(made[member.relation.target].where), doc)
    if isinstance(member, Many):
        return Part(name, maybe(_list_where(member.relation.target, made)), f"The {words(name)} in view.")
    if isinstance(member, Computed) and member.filtering is not None:
        return member.filtering.part
    return None


_list_wheres: dict[type, type] = {}


def _list_where(target: str, made: dict[str, EntityTypes]) -> type:
    where: Any = made[target].where
    if where not in _list_wheres:
        _list_wheres[where] = empty(f"{target}ListWhere")
        parts = [
            Part("some", maybe(where), "At least one meets this."),
            Part("none", maybe(where), "Not one meets this."),
            Part("every", maybe(where), "All meet this, or there are none."),
        ]
        fill_input(_list_wheres[where], "Conditions on a list of related rows in view.", parts)
    return _list_wheres[where]


def _order(own: EntityTypes) -> list[Part]:
    return [
        Part("field", own.order_field, "What to order by.", (), REQUIRED),
        Part("direction", OrderDirection, "Which way.", (), OrderDirection.ASC),
        Part(
            "nulls", maybe(NullsOrder), "Where what has no value stands; by default last ascending, first descending."
        ),
    ]
