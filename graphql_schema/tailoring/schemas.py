"""The schemas that callers see: the complete one, or one tailored to their grant shape."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from graphql import GraphQLSchema

from graphql_schema.building import EntityTypes
from graphql_schema.entities import Graph
from graphql_schema.mutations.declaring import Mutation
from graphql_schema.tailoring.closed import closed
from graphql_schema.tailoring.left import Anatomy
from graphql_schema.tailoring.tailored import tailored
from policies.access import Access


@dataclass(frozen=True)
class Complete:
    """The schema of everything, with what it was made from."""

    schema: GraphQLSchema
    graph: Graph
    types: Mapping[str, EntityTypes]
    mutations: Mapping[str, Mutation]

    @cached_property
    def _anatomy(self) -> Anatomy:
        return Anatomy(self.schema)

    def tailored_to(self, access: Access) -> GraphQLSchema:
        """The schema of what the access can ever show."""
        return tailored(self.schema, self._anatomy.without(closed(self.graph, self.types, self.mutations, access)))


@dataclass
class Schemas:
    """The schemas of the grant shapes that asked last. Each is made once, since nothing else runs meanwhile."""

    complete: Complete
    forgotten: Callable[[GraphQLSchema], None] = lambda _: None
    """Told of a schema that is kept no longer."""
    remembered: int = 64
    made: int = 0
    """How many have been made."""
    _known: OrderedDict[Hashable, GraphQLSchema] = field(default_factory=OrderedDict, repr=False)

    def of(self, access: Access) -> GraphQLSchema:
        """The schema that callers with this access see."""
        if not access.tailored:
            return self.complete.schema
        key = (access.shape, access.policy.digest)
        found = self._known.get(key)
        if found is None:
            return self._make(key, access)
        self._known.move_to_end(key)
        return found

    def _make(self, key: Hashable, access: Access) -> GraphQLSchema:
        found = self._known[key] = self.complete.tailored_to(access)
        self.made += 1
        if len(self._known) > self.remembered:
            _, oldest = self._known.popitem(last=False)
            self.forgotten(oldest)
        return found
