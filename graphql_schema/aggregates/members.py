"""Which members of an entity make groups, and which are measured how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql_schema.aggregates.measures import Aggregate
from graphql_schema.entities import Amount, Entity, Graph, Many, Member, One, Value
from policies.catalogue import Field, Kind, Relation

SPANS = frozenset({Kind.TIME, Kind.DATE})
"""Kinds that are grouped by spans of the calendar."""
_COUNTED = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
PATH, CHANGED = "path", "updatedAt"
"""The fields that hold a row's place in a tree of such rows, and when it was last changed."""
SCOPE = frozenset({"owner", "department", "region"})
"""Single relations of almost everything, by which its own groups can be made."""


@dataclass(frozen=True)
class Members:
    """The members of an entity that aggregates are made of, by name."""

    entity: Entity

    @cached_property
    def keys(self) -> Mapping[str, Value | One]:
        """What rows are grouped by: values that are bounded, and the one related row."""
        found: dict[str, Value | One] = {}
        for name, member in self.entity.members.items():
            if isinstance(member, One) or (isinstance(member, Value) and self._makes_groups(name, member.field)):
                found[name] = member
        return found

    def _makes_groups(self, name: str, field: Field) -> bool:
        if name not in self.entity.sortable or name == CHANGED or _is_kept(field):
            return False
        return field.spec.kind is not Kind.TEXT or not (field.column.unique or field.spec.vast)

    @cached_property
    def dimensions(self) -> Mapping[str, Value | One]:
        """What a report can be grouped by: names and numbers of rows, too, which are nearly all different."""
        names = [name for name, held in self.entity.sortable.items() if held.spec.kind is not Kind.MONEY]
        values = {name: member for name, member in self.entity.members.items() if isinstance(member, Value)}
        return {**{name: values[name] for name in names if name in values}, **self.keys}

    @cached_property
    def numbers(self) -> Mapping[str, Field]:
        """What is added up."""
        return {name: field for name, field in self._values.items() if field.spec.kind in _COUNTED}

    @cached_property
    def ordered(self) -> Mapping[str, Field]:
        """What has a least and a greatest value."""
        return {name: field for name, field in self._values.items() if field.spec.kind in _COUNTED | SPANS}

    @cached_property
    def _values(self) -> Mapping[str, Field]:
        return {
            name: member.field
            for name, member in self.entity.members.items()
            if isinstance(member, (Value, Amount)) and not _is_kept(member.field)
        }

    @cached_property
    def measured(self) -> Mapping[str, Member]:
        """What a measure can be of: numbers, what is ordered, and the keys, whose different values are counted."""
        values = {**self.numbers, **self.ordered}
        names = {**values, **self.keys}
        return {name: member for name, member in self.entity.members.items() if name in names}

    def of(self, aggregate: Aggregate) -> frozenset[str]:
        """The members that can be measured so."""
        if aggregate in (Aggregate.SUM, Aggregate.AVG):
            return frozenset(self.numbers)
        if aggregate in (Aggregate.MIN, Aggregate.MAX):
            return frozenset(self.ordered)
        return frozenset(self.keys) if aggregate is Aggregate.COUNT_DISTINCT else frozenset()

    @cached_property
    def lists(self) -> Mapping[str, Relation]:
        """The lists of related rows that are measured; those of a scope's rows are measured by their own groups."""
        many = {name: member.relation for name, member in self.entity.members.items() if isinstance(member, Many)}
        return {name: relation for name, relation in many.items() if relation.field not in SCOPE}


def _is_kept(field: Field) -> bool:
    """Whether a field is one of the system's own, which says nothing of groups: versions and rates, but not times."""
    return field.spec.managed and field.spec.kind is not Kind.TIME


def is_tree(graph: Graph, entity: str) -> bool:
    """Whether the rows of an entity stand in a tree."""
    path = graph[entity].members.get(PATH)
    return isinstance(path, Value) and path.field.spec.kind is Kind.TREE
