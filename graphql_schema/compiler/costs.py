"""What an operation costs: told from its fields and the sizes of its pages, before anything is planned.

    row          1        and each item of a list that takes a size
    list         size × (1 + what is asked of each item + the relations that its filter follows)
    totalCount   10
    computed     10, where it has no cost of its own, and what is asked inside it

A page has the size that `first` or `last` says, else its default; so has what is listed inside a field
that takes `first`. A list that takes none is bounded by nature: rows inside it count ten times, its items not. Of several types that
something can be, the dearest counts. A size may be a variable: then so is the cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from graphql_schema.compiler.arguments import Leaf, Tree
from graphql_schema.compiler.connections import AT_ROOT
from graphql_schema.compiler.converting import PAGE_LIMIT
from graphql_schema.compiler.operands import Place, Variable
from graphql_schema.compiler.pages import INSIDE
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import MOST_LEVELS
from graphql_schema.entities import Computed, Entity, Graph, Many, One, Root

COUNT = 10
"""For all rows that are counted."""
BOUNDED = 10
"""Items of a list that takes no size."""


@dataclass(frozen=True, slots=True)
class Given:
    """A page size that a variable says."""

    variable: str
    most: int


Size: TypeAlias = int | Given


def _number(size: Size, variables: Mapping[str, Any]) -> int:
    """A size out of bounds is refused where the page is planned."""
    return size if isinstance(size, int) else _within(variables[size.variable], size.most)


def _within(size: int, most: int) -> int:
    return min(max(size, 0), most)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a field costs: `once`, and so many `times` as much as an item of it does."""

    place: Place = ()
    once: int = 0
    times: Size = 1
    inside: tuple[Cost, ...] = ()

    def of(self, variables: Mapping[str, Any]) -> int:
        """The points for these values of the operation's variables."""
        inside = sum(part.of(variables) for part in self.inside)
        return self.once + _number(self.times, variables) * inside

    def folded(self) -> Cost:
        """The same without what no variable changes; without parts where it is a number."""
        parts = [part.folded() for part in self.inside]
        fixed = sum(part.once for part in parts if not part.inside)
        moving = tuple(part for part in parts if part.inside)
        if isinstance(self.times, int) and not moving:
            return Cost(once=self.once + self.times * fixed)
        return Cost(once=self.once, times=self.times, inside=(Cost(once=fixed), *moving))

    def lines(self, variables: Mapping[str, Any], times: int = 1) -> Iterator[tuple[Place, int]]:
        """What each field adds to the whole, those inside it counted."""
        if self.place:
            yield self.place, times * self.of(variables)
        for part in self.inside:
            yield from part.lines(variables, times * _number(self.times, variables))


def cost(graph: Graph, selections: Iterable[Selected]) -> Cost:
    """What the fields of Query cost. Raises BadInput for a directive whose condition is null."""
    return Cost(inside=tuple(_costs(graph, selections, AT_ROOT, None)))


def _costs(graph: Graph, selections: Iterable[Selected], default: int, listed: Size | None) -> Iterator[Cost]:
    for selected in selections:
        if not selected.name.startswith("__"):
            found = _Field(graph, selected, default, listed).cost()
            if found.once or found.inside:
                yield found


@dataclass(frozen=True)
class _Field:
    graph: Graph
    selected: Selected
    default: int
    """Size of a page that does not say it."""
    listed: Size | None
    """Items of a list, where the field that it stands in takes a size."""

    def cost(self) -> Cost:
        once = self._computed.cost if self._computed else 0
        if is_leaf_type(get_named_type(self.selected.definition.type)):
            return Cost(self.selected.place, once + COUNT * (self.selected.name == "totalCount"))
        parts = self._parts(None if self._is_list else self._page)
        if looks := self._looks():
            each = 1 if self._is_list or self._page is None else self._page
            parts = (*parts, Cost(times=each, inside=(Cost(once=looks),)))
        times = 1 if not self._is_list else BOUNDED if self._items is None else self._items
        return Cost(self.selected.place, once, times, parts)

    @property
    def _items(self) -> Size | None:
        """How many items a list has, where anything says so."""
        return self.listed if self._page is None else self._page

    @property
    def _computed(self) -> Root | None:
        parent, name = self.selected.parent.name, self.selected.name
        if parent in self.graph.entities:
            found = self.graph[parent].members.get(name)
            return found if isinstance(found, Computed) else None
        return self.graph.roots.get(name) if parent == "Query" else None

    @cached_property
    def _page(self) -> Size | None:
        """How many items the field has where it takes a size."""
        arguments = self.selected.definition.args
        if "ids" in arguments:
            leaf = self.selected.arguments["ids"]
            assert isinstance(leaf, Leaf)
            return _within(len(leaf.value), PAGE_LIMIT)
        if "first" not in arguments:
            return None
        default, most = self.default, PAGE_LIMIT
        if self._computed:
            default, most = self._computed.size, self._computed.most
        given = [self.selected.arguments.get(name) for name in ("first", "last")]
        leaf = next((found for found in given if isinstance(found, Leaf)), None)
        if leaf is None:
            return default
        if isinstance(leaf.operand, Variable):
            return Given(leaf.operand.name, most)
        return _within(leaf.value, most)

    @property
    def _is_list(self) -> bool:
        type_ = self.selected.definition.type
        return is_list_type(type_.of_type if is_non_null_type(type_) else type_)

    def _parts(self, listed: Size | None) -> tuple[Cost, ...]:
        """What is asked of one item, and the item itself."""
        named = get_named_type(self.selected.definition.type)
        if is_abstract_type(named):
            types = self.selected.operation.schema.get_possible_types(named)
            return max((self._of(type_, listed) for type_ in types), key=_estimate, default=())
        assert isinstance(named, GraphQLObjectType)
        return self._of(named, listed)

    def _of(self, type_: GraphQLObjectType, listed: Size | None) -> tuple[Cost, ...]:
        parts = tuple(_costs(self.graph, self.selected.children(type_), INSIDE, listed))
        is_item = self._is_list and self._items is not None and not type_.name.endswith("Edge")  # whose nodes are items
        return (Cost(once=1), *parts) if is_item or type_.name in self.graph.entities else parts

    def _looks(self) -> int:
        """How many relations the filter follows."""
        where = self.selected.definition.args.get("where")
        tree = self.selected.arguments.get("where")
        return (
            sum(_looks(self.graph, part, on, 0) for on, part in _filters(self.graph, where.type, tree)) if where else 0
        )


def _estimate(parts: Sequence[Cost]) -> int:
    """For telling which of several types is the dearest, whatever the variables."""
    sizes = (part.times if isinstance(part.times, int) else PAGE_LIMIT for part in parts)
    return sum(part.once + size * _estimate(part.inside) for part, size in zip(parts, sizes, strict=True))


def _filters(graph: Graph, type_: GraphQLInputType, tree: Tree) -> Iterator[tuple[Entity, Tree]]:
    """The entities that a filter is of: one, or each of those that it names."""
    named = get_named_type(type_)
    on = graph.entities.get(named.name.removesuffix("Where"))
    if on is not None:
        yield on, tree
    elif isinstance(named, GraphQLInputObjectType) and isinstance(tree, Mapping):
        for name, part in tree.items():
            yield from _filters(graph, named.fields[name].type, part)


def _looks(graph: Graph, tree: Tree, on: Entity, level: int) -> int:
    if isinstance(tree, Mapping) and level <= MOST_LEVELS:  # deeper ones are refused
        return sum(_entry(graph, name, part, on, level + 1) for name, part in tree.items())
    return 0


def _entry(graph: Graph, name: str, tree: Tree, on: Entity, level: int) -> int:
    if name in ("AND", "OR") and isinstance(tree, Sequence):
        return sum(_looks(graph, part, on, level) for part in tree)
    if name == "NOT":
        return _looks(graph, tree, on, level)
    member = on.members.get(name)
    if isinstance(member, One):
        return 1 + _looks(graph, tree, graph[member.relation.target], level)
    if isinstance(member, Many) and isinstance(tree, Mapping):
        target = graph[member.relation.target]
        return sum(1 + _looks(graph, part, target, level) for part in tree.values())
    return 0
