"""Rows of a view, with what figures ask of the rows that they are related to.

A path names a field: of the row (`amount`), or of the one that a single relation leads to (`stage.outcome`). A path
that ends in a relation (`owner`) stands for the key of the related row, where that row is in view.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from graphql_schema.compiler.parts import Needs, Reads
from graphql_schema.entities import Entity, Graph
from policies.access import Access
from policies.catalogue import Field, Relation, Resource
from policies.predicates import companion, joins

Column: TypeAlias = sa.ColumnElement[Any]
Steps: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Path:
    """A path as it was resolved: the relations that it follows, and the field that it ends in, if it ends in one."""

    relations: tuple[Relation, ...]
    resource: Resource
    field: Field | None

    @property
    def steps(self) -> Steps:
        return tuple(relation.name for relation in self.relations)


def resolved(graph: Graph, entity: Entity, path: str) -> Path:
    """What a path stands for. Raises KeyError for a name that the model lacks."""
    resource = entity.resource
    relations: list[Relation] = []
    for name in path.split("."):
        if name not in resource.relations:
            return Path(tuple(relations), resource, resource.fields[name])
        relations.append(resource.relations[name])
        resource = graph[relations[-1].target].resource
    return Path(tuple(relations), resource, None)


def never_read(graph: Graph, access: Access, entity: Entity, paths: Iterable[str]) -> tuple[str, str] | None:
    """The first entity and field on some paths of which the access never shows anything; None where there is none."""
    for path in paths:
        found = resolved(graph, entity, path)
        on = entity.resource
        for relation in found.relations:
            if not access.on(on).readable.issuperset(relation.fields):
                return on.name, relation.name
            on = graph[relation.target].resource
            if not access.on(on).visible:
                return on.name, "id"
        if found.field is not None and found.field.name not in access.on(on).readable:
            return on.name, found.field.name
    return None


@dataclass(frozen=True)
class Joined:
    """A FROM clause of views, and its columns by path."""

    graph: Graph
    entity: Entity
    source: sa.FromClause
    views: Mapping[Steps, sa.Subquery]

    def __getitem__(self, path: str) -> Column:
        found = resolved(self.graph, self.entity, path)
        view = self.views[found.steps]
        return view.c["id"] if found.field is None else view.c[found.field.column.name]

    @property
    def row(self) -> sa.Subquery:
        """The rows themselves."""
        return self.views[()]

    def currency(self, path: str) -> Column:
        """The currency of an amount."""
        return self._companion(path, 0)

    def base(self, path: str) -> Column:
        """An amount in the base currency, at its row's own rate."""
        return self._companion(path, 1)

    def _companion(self, path: str, place: int) -> Column:
        found = resolved(self.graph, self.entity, path)
        assert found.field is not None
        name = companion(found.field.column.name, found.field.spec.companions[place])
        return self.views[found.steps].c[name]


def join(reader: Reads, entity: Entity, paths: Iterable[str], more: Iterable[str] = ()) -> Joined:
    """The view of an entity, joined to those that the paths lead through. `more` are further fields of its own."""
    needs: dict[Steps, Needs] = {(): Needs(set(more))}
    relations: dict[Steps, Relation] = {}
    for path in paths:
        found = resolved(reader.graph, entity, path)
        for i, relation in enumerate(found.relations):
            needs[found.steps[:i]].fields.update(relation.fields)
            relations[found.steps[: i + 1]] = relation
            needs.setdefault(found.steps[: i + 1], Needs())
        if found.field is not None:
            needs[found.steps].fields.add(found.field.name)
    views: dict[Steps, sa.Subquery] = {(): reader.view(entity.resource, needs[()])}
    source: sa.FromClause = views[()]
    for steps, relation in relations.items():
        views[steps] = reader.view(reader.graph[relation.target].resource, needs[steps])
        source = source.outerjoin(views[steps], joins(relation, views[steps[:-1]].c, views[steps].c))
    return Joined(reader.graph, entity, source, views)
