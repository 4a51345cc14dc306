"""Dotted paths: from a row over single relations to a member of another."""

from __future__ import annotations

from dataclasses import dataclass

from graphql_schema.aggregates.measures import Aggregate
from graphql_schema.aggregates.members import Members
from graphql_schema.compiler.operands import BadInput, Place
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Entity, Graph, Member, One
from graphql_schema.sight import readable
from policies.access import Access

MOST_STEPS = 4
"""Single relations that a path leads over."""


@dataclass(frozen=True, slots=True)
class Path:
    """A member of the entity that some single relations lead to."""

    over: tuple[str, ...]
    entity: Entity
    name: str

    @property
    def members(self) -> Members:
        return Members(self.entity)

    @property
    def text(self) -> str:
        return ".".join((*self.over, self.name))


@dataclass(frozen=True)
class Paths:
    """Follows the paths of one dataset for one caller.

    What is never readable is refused as such; a caller with a tailored schema is told of it what is told of names
    that do not exist. Of a dataset that is empty by right anything may be asked.
    """

    graph: Graph
    access: Access
    dataset: Entity

    def to_key(self, path: str, place: Place) -> Path:
        """A path to something that makes groups. Raises BadInput or NotReadable."""
        found = self._follow(path, place)
        if found.name not in found.members.dimensions:
            raise _unknown(path, place)
        return found

    def to_measure(self, path: str, aggregate: Aggregate, place: Place) -> Path:
        """A path to something that can be measured so. Raises BadInput or NotReadable."""
        found = self._follow(path, place)
        if found.name not in found.members.of(aggregate):
            raise _unknown(path, place)
        return found

    def _follow(self, path: str, place: Place) -> Path:
        *over, name = path.split(".")
        if len(over) > MOST_STEPS:
            raise BadInput(f"a path leads over at most {MOST_STEPS} relations", place)
        entity = self.dataset
        for step in over:
            member = self._member(entity, step, path, place)
            if not isinstance(member, One):
                raise _unknown(path, place)
            entity = self.graph[member.relation.target]
        self._member(entity, name, path, place)
        return Path(tuple(over), entity, name)

    def _member(self, entity: Entity, name: str, path: str, place: Place) -> Member:
        members = Members(entity)
        member = members.measured.get(name) or members.dimensions.get(name)
        if member is None:
            raise _unknown(path, place)
        visible = self.access.on(self.dataset.resource).visible
        if visible and not readable(self.graph, self.access, entity, member):
            raise _unknown(path, place) if self.access.tailored else NotReadable(entity.name, name, place)
        return member


def _unknown(path: str, place: Place) -> BadInput:
    return BadInput(f"nothing can be asked of {path} here", place)
