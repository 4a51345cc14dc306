"""A rule's condition as a tree of nodes, each of which is asked of PostgreSQL as a column of its own.

A node below a single relation speaks of the related row; the relations that lead there are its `path`.
Of a list the related rows are counted; what stands inside is not asked row by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from policies.catalogue import Catalogue, Relation, Resource
from policies.conditions import And, Compare, Condition, Not, Or, Quantified, Single


@dataclass(frozen=True, eq=False)
class Node:
    """A part of a condition. `written` is what the document says, `bound` the same with a principal's operands."""

    number: int
    on: Resource
    path: tuple[Relation, ...]
    written: Condition
    bound: Condition
    children: tuple[Node, ...] = ()

    def all(self) -> Iterator[Node]:
        """The node and all below it."""
        yield self
        for child in self.children:
            yield from child.all()

    @property
    def asked(self) -> Condition:
        """The bound condition as it is asked of the row at the beginning of the path."""
        found = self.bound
        for relation in reversed(self.path):
            found = Single(relation.name, found)
        return found


def tree(written: Condition, bound: Condition, on: Resource, catalogue: Catalogue, numbers: count[int]) -> Node:
    """The nodes of a condition, with numbers of their own."""
    return _Tree(catalogue, numbers).node(written, bound, on, ())


@dataclass(frozen=True)
class _Tree:
    """Makes nodes."""

    catalogue: Catalogue
    numbers: count[int]

    def node(self, written: Condition, bound: Condition, on: Resource, path: tuple[Relation, ...]) -> Node:
        number = next(self.numbers)
        return Node(number, on, path, written, bound, tuple(self._children(written, bound, on, path)))

    def _children(
        self, written: Condition, bound: Condition, on: Resource, path: tuple[Relation, ...]
    ) -> Iterator[Node]:
        if isinstance(written, (And, Or)) and isinstance(bound, (And, Or)):
            for part, asked in zip(written.conditions, bound.conditions, strict=True):
                yield self.node(part, asked, on, path)
        elif isinstance(written, Single) and isinstance(bound, Single):
            relation = on.relations[written.relation]
            yield self.node(written.condition, bound.condition, self.catalogue[relation.target], (*path, relation))


def is_leaf(node: Node) -> bool:
    """Whether the node is a comparison or a list: what can become true or false by itself."""
    return isinstance(node.written, (Compare, Quantified, Not))
