"""Entities: what of each resource the graph shows. One short declaration makes types, inputs, orders and root fields.

Entity
    members by GraphQL name:
        Key       id
        Value     a scalar or an enum
        Amount    money, with its currency and base amount
        One       the related row          (a relation)
        Many      a connection             (a relation)
        Subject   the related row of one of several types
        Rights    access { masked withheld }
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import sqlalchemy as sa

from policies.catalogue import Catalogue, Field, Kind, Relation, Resource


@dataclass(frozen=True, slots=True)
class Key:
    """The opaque id."""


@dataclass(frozen=True, slots=True)
class Value:
    """A field with one value."""

    field: Field


@dataclass(frozen=True, slots=True)
class Amount:
    """A field with an amount of money."""

    field: Field


@dataclass(frozen=True, slots=True)
class One:
    """The one related row, if there is one in view."""

    relation: Relation


@dataclass(frozen=True, slots=True)
class Many:
    """The related rows in view."""

    relation: Relation


@dataclass(frozen=True, slots=True)
class Subject:
    """The one related row, of one of several types."""

    relations: Mapping[str, Relation]
    """By the value that says of which type it is."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What the caller may do with the row and see of it."""


Member: TypeAlias = Key | Value | Amount | One | Many | Subject | Rights


@dataclass(frozen=True)
class Entity:
    """A resource as the graph shows it. `tag` stands in every id of it and never changes."""

    resource: Resource
    tag: int
    single: str
    plural: str
    description: str
    shown: tuple[str, ...]
    """Names of the fields and relations shown."""

    @property
    def name(self) -> str:
        return self.resource.name

    @cached_property
    def members(self) -> Mapping[str, Member]:
        """All members by GraphQL name.

        Raises KeyError for a name that the model lacks.
        """
        found: dict[str, Member] = {"id": Key()}
        for name in self.shown:
            found[name] = self._member(name)
        found["access"] = Rights()
        return found

    def _member(self, name: str) -> Member:
        if name in self.resource.subjects:
            return Subject(self.resource.subjects[name])
        relation = self.resource.relations.get(name)
        if relation is not None:
            return Many(relation) if relation.many else One(relation)
        if name not in self.resource.fields:
            raise KeyError(f"{self.name} has neither a field nor a relation named {name!r}")
        field = self.resource.fields[name]
        return Amount(field) if field.spec.kind is Kind.MONEY else Value(field)

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The fields that have rights of their own, as the graph names them: values, amounts, single relations."""
        found: dict[str, Field] = {}
        for name, member in self.members.items():
            if isinstance(member, (Value, Amount)):
                found[name] = member.field
            elif isinstance(member, One):
                found[name] = self.resource.fields[member.relation.field]
            elif isinstance(member, Subject):
                found[name] = self.resource.fields[next(iter(member.relations.values())).field]
        return found

    @cached_property
    def sortable(self) -> Mapping[str, Field]:
        """The fields that a list can be ordered by: not documents, nor texts of any length, which no cursor can hold."""
        return {
            name: member.field
            for name, member in self.members.items()
            if isinstance(member, (Value, Amount)) and _is_bounded(member.field)
        }


def _is_bounded(field: Field) -> bool:
    type_ = field.column.type
    return field.spec.kind is not Kind.JSON and not (isinstance(type_, sa.String) and type_.length is None)


@dataclass(frozen=True)
class Graph:
    """All entities, by name of their type."""

    catalogue: Catalogue
    entities: Mapping[str, Entity]

    def __getitem__(self, name: str) -> Entity:
        return self.entities[name]

    def __iter__(self) -> Iterator[Entity]:
        return iter(self.entities.values())

    @cached_property
    def by_tag(self) -> Mapping[int, Entity]:
        return {entity.tag: entity for entity in self.entities.values()}

    @cached_property
    def singles(self) -> Mapping[str, Entity]:
        """Entities by their root field for one row."""
        return {entity.single: entity for entity in self.entities.values()}

    @cached_property
    def plurals(self) -> Mapping[str, Entity]:
        """Entities by their root field for lists."""
        return {entity.plural: entity for entity in self.entities.values()}
