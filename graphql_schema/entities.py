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
        Computed  SQL of its own over views; fields of Query are of this kind, too
Told
    a field of Query that Python answers
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from graphql_schema.making import Part
from policies.access import Access
from policies.catalogue import Catalogue, Field, Kind, Relation, Resource

if TYPE_CHECKING:
    from graphql_schema.asking import Asking
    from graphql_schema.building import EntityTypes
    from graphql_schema.compiler.arguments import Tree
    from graphql_schema.compiler.operands import Place
    from graphql_schema.compiler.rows import Reader
    from graphql_schema.compiler.selection import Selected
    from graphql_schema.tailoring.closed import Closed
    from policies.conditions import Condition
    from policies.predicates import Row


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


@dataclass(frozen=True)
class Filtering:
    """How rows are found by what is computed: the field of `where`, and the condition that is written there.

    `condition` raises BadInput for operands that cannot be compared.
    """

    part: Part
    condition: Callable[[Tree, Place], Condition]


@dataclass(frozen=True)
class Computed:
    """What is neither a column nor a relation: a field of an entity, or of Query, with SQL of its own over views.

    `part` gives its type and arguments, from the types of all entities. `compile` gives its JSON from what is selected
    of it and the row that it stands on (None: of Query); it raises BadInput or NotReadable for arguments that cannot be
    answered. `shown` says whether it can ever hold anything for an access, `closed` what of the types that it alone
    brings an access never shows.
    """

    name: str
    part: Callable[[Mapping[str, EntityTypes]], Part]
    compile: Callable[[Reader, Selected, Row | None], sa.ColumnElement[Any]]
    shown: Callable[[Graph, Access], bool]
    closed: Callable[[Graph, Access], Closed] | None = None
    fields: frozenset[str] = frozenset()
    """Names of the fields of its own row that it reads."""
    states: frozenset[str] = frozenset()
    """Names of those of them of which it has to know whether they are plain on the row, or just seem empty."""
    cost: int = 10
    """Points that it costs, besides the rows and lists that are asked inside it."""
    size: int = 20
    """Items of it where it takes `first` and none is given."""
    most: int = 100
    """Items of it where `first` is as large as it may be."""
    filtering: Filtering | None = None


@dataclass(frozen=True)
class Told:
    """A field of Query that no statement can answer: of the policy itself, not of what it lets be seen.

    `tell` gives its value, by the names of its type's fields, from the arguments by their names. It raises BadInput for
    arguments that cannot be answered. It is for it to tell nothing that is not in the asker's views. A part of the
    value that is a function of `info` is called where it is asked, with the part's arguments.
    """

    name: str
    part: Callable[[Mapping[str, EntityTypes]], Part]
    tell: Callable[[Asking, Mapping[str, Any]], Awaitable[Any]]
    shown: Callable[[Graph, Access], bool]
    """Whether it can ever hold anything for an access."""
    closed: Callable[[Graph, Access], Closed] | None = None
    """What of the types that it alone brings an access never shows."""
    proves: bool = False
    """Whether the rights of who asks are proved with what it tells, so that they need not be after it."""
    finished: bool = False
    """Whether what it tells is finished JSON, which may be null."""
    cost: int = 10
    """Points that it costs, besides the lists that are asked inside it."""
    size: int = 20
    """Items of it where it takes `first` and none is given."""
    most: int = 100
    """Items of it where `first` is as large as it may be."""


Root: TypeAlias = Computed | Told
Member: TypeAlias = Key | Value | Amount | One | Many | Subject | Rights | Computed


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
    computed: tuple[Computed, ...] = ()
    as_of: Callable[[Reader, Entity, Selected], sa.ColumnElement[Any]] | None = None
    """Gives the JSON of a row as it was at a moment, where that is told."""

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
        found |= {member.name: member for member in self.computed}
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
    """All entities, by name of their type, and what else Query has, by name of the field."""

    catalogue: Catalogue
    entities: Mapping[str, Entity]
    roots: Mapping[str, Root] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Entity:
        return self.entities[name]

    def __iter__(self) -> Iterator[Entity]:
        return iter(self.entities.values())

    @cached_property
    def told(self) -> Mapping[str, Told]:
        """The fields of Query that Python answers."""
        return {name: root for name, root in self.roots.items() if isinstance(root, Told)}

    @cached_property
    def computed(self) -> tuple[Root, ...]:
        """All that is neither a column nor a relation, of Query and of entities."""
        return (*self.roots.values(), *(member for entity in self for member in entity.computed))

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
